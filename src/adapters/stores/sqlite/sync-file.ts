/** Decides how commits that did not wait for the disk get there all together: the files of the database are forced to it. */
import { open, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { storeUnavailable } from '../../../log/index.ts';

/**
 * Resolves when everything that was committed to the file, by whomever, survives the loss of power. Rejects with
 * `StoreUnavailableError`.
 */
export async function syncSqliteFile(path: string): Promise<void> {
  try {
    const file = await realpath(path);
    // The log first: what leaves it meanwhile is synced by whoever moves it. The folder holds their names.
    await synced(`${file}-wal`);
    await synced(file);
    if (process.platform !== 'win32') await synced(dirname(file));
  } catch (cause) {
    throw storeUnavailable({
      location: path,
      reason: 'io',
      whatFailed: `The disk did not confirm what was written: ${cause instanceof Error ? cause.message : String(cause)}.`,
      howToFix: 'Look at the disk (`dmesg | tail`), and run the same command again: it finds what is there.',
      cause,
    });
  }
}

/** What is not there needs no sync: the log is gone when all of it is in the file. */
async function synced(path: string): Promise<void> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  try {
    await file?.sync();
  } finally {
    await file?.close();
  }
}
