/** Decides how what is known under a key lies in a file of its own, which is there whole or not at all. */
import { Buffer } from 'node:buffer';
import { link, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlain } from './blob-files.ts';
import { fileCode, isAbsent } from './file-failure.ts';
import { removeQuietly, writeIncoming } from './incoming.ts';
import { keyPath } from './key-path.ts';
import { foundFolder, madeFolder, syncFolder } from './real-folder.ts';

export async function writeText(
  root: string,
  key: string,
  text: string,
  mode: 'new' | 'any',
): Promise<boolean> {
  const { folders, file } = keyPath(key);
  const fresh = await writeIncoming(root, once(Buffer.from(text, 'utf8')));
  try {
    const folder = await madeFolder(root, 'keys', ...folders);
    if (mode === 'any') await rename(fresh, join(folder, file));
    // Unlike a move, a link is refused where there is a file.
    else await link(fresh, join(folder, file));
    await syncFolder(folder);
    return true;
  } catch (error) {
    if (mode === 'new' && fileCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await removeQuietly(fresh);
  }
}

export async function readText(root: string, key: string): Promise<string | null> {
  const { folders, file: name } = keyPath(key);
  const folder = await foundFolder(root, 'keys', ...folders);
  if (folder === null) return null;
  try {
    const file = await open(join(folder, name), readPlain);
    try {
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

export async function removeText(root: string, key: string): Promise<boolean> {
  const { folders, file } = keyPath(key);
  const folder = await foundFolder(root, 'keys', ...folders);
  if (folder === null) return false;
  try {
    await rm(join(folder, file));
    await syncFolder(folder);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
