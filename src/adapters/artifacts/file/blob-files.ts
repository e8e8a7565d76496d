/** Decides how bytes lie in files named by their SHA-256, 256 folders of them. */
import { Buffer } from 'node:buffer';
import { constants, lstat, open, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundBlob, StagedBlob } from '../../../effects/index.ts';
import { fileFailure, guarded, isAbsent, strangePlace } from './file-failure.ts';
import { removeOld, removeQuietly, writeIncoming } from './incoming.ts';
import { foundFolder, madeFolder, syncFolder } from './real-folder.ts';

/** A link in the place of a file is not followed. */
export const readPlain = constants.O_RDONLY | constants.O_NOFOLLOW;
const chunkBytes = 65_536;

export async function stageBlob(root: string, content: AsyncIterable<Uint8Array>): Promise<StagedBlob> {
  const path = await writeIncoming(root, content);
  return {
    keep: async (sha256) =>
      guarded(`file:${root}`, 'write', async () => {
        const folder = await madeFolder(root, 'blobs', sha256.slice(0, 2));
        // Also over one that is there: what was damaged becomes whole, and to a sweep it is young again.
        await rename(path, join(folder, sha256));
        await syncFolder(folder);
      }),
    discard: async () => removeQuietly(path),
  };
}

export async function openBlob(root: string, sha256: string): Promise<AsyncIterable<Uint8Array> | null> {
  const folder = await foundFolder(root, 'blobs', sha256.slice(0, 2));
  if (folder === null) return null;
  const path = join(folder, sha256);
  try {
    if (!(await lstat(path)).isFile()) throw strangePlace(`file:${root}`, path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
  return chunksOf(path, root);
}

/** Opened by the first reading, closed when the reader has it all and when the reader stops. */
async function* chunksOf(path: string, root: string): AsyncIterable<Uint8Array> {
  const read = async <Answer>(work: () => Promise<Answer>): Promise<Answer> =>
    guarded(`file:${root}`, 'read', work);
  const file = await read(async () => open(path, readPlain));
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (;;) {
      const { bytesRead } = await read(async () => file.read(chunk, 0, chunkBytes, null));
      if (bytesRead === 0) return;
      yield Uint8Array.from(chunk.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

export async function* blobsOf(root: string): AsyncIterable<FoundBlob> {
  try {
    const folder = await foundFolder(root, 'blobs');
    if (folder === null) return;
    for (const shard of await readdir(folder)) {
      if (/^[0-9a-f]{2}$/.test(shard)) yield* blobsIn(root, shard);
    }
  } catch (error) {
    throw fileFailure(`file:${root}`, 'list', error);
  }
}

async function* blobsIn(root: string, shard: string): AsyncIterable<FoundBlob> {
  const folder = await foundFolder(root, 'blobs', shard);
  if (folder === null) return;
  for (const name of await readdir(folder)) {
    if (!/^[0-9a-f]{64}$/.test(name)) continue;
    const found = await lstat(join(folder, name)).catch((error: unknown) => {
      // A sweep of somebody else was quicker.
      if (isAbsent(error)) return null;
      throw error;
    });
    if (found !== null) yield { sha256: name, size: found.size, ageMs: Date.now() - found.mtimeMs };
  }
}

export async function removeBlob(root: string, sha256: string, olderThanMs: number): Promise<boolean> {
  const folder = await foundFolder(root, 'blobs', sha256.slice(0, 2));
  return folder !== null && removeOld(join(folder, sha256), olderThanMs);
}
