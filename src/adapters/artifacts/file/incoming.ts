/** Decides how a file comes into being: under a name that nobody knows, synced, and then moved to its place by whoever asked. */
import { randomUUID } from 'node:crypto';
import { type FileHandle, lstat, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../../host/index.ts';
import { isAbsent } from './file-failure.ts';
import { foundFolder, madeFolder } from './real-folder.ts';

/** The path of a new file, durable with all its bytes. When `content` throws, nothing is left. */
export async function writeIncoming(root: string, content: AsyncIterable<Uint8Array>): Promise<string> {
  makeFolder(root);
  const path = join(await madeFolder(root, 'incoming'), randomUUID());
  const file = await open(path, 'wx');
  try {
    for await (const chunk of content) await writeWhole(file, chunk);
    await file.sync();
    await file.close();
    return path;
  } catch (error) {
    await file.close().catch(() => undefined);
    await removeQuietly(path);
    throw error;
  }
}

async function writeWhole(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.length) written += (await file.write(chunk, written)).bytesWritten;
}

/** What cannot be removed now is removed by a later sweep. */
export async function removeQuietly(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

export async function removeStale(root: string, olderThanMs: number): Promise<void> {
  const folder = await foundFolder(root, 'incoming');
  if (folder === null) return;
  for (const name of await readdir(folder)) await removeOld(join(folder, name), olderThanMs);
}

/** True when there was one, old enough, and it is gone. */
export async function removeOld(path: string, olderThanMs: number): Promise<boolean> {
  try {
    const { mtimeMs } = await lstat(path);
    if (Date.now() - mtimeMs < olderThanMs) return false;
    await rm(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
