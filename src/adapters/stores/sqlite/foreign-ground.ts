/**
 * Decides how a store is read where this process may not write. SQLite reads with the help of two files beside the store,
 * which it makes when they are missing; on a medium that nobody can write it does without.
 */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { storeUnavailable } from '../../../log/index.ts';
import { lookedAt, shellQuote } from './translate-error.ts';

/** The code of the operating system's refusal, `null` when it allows. */
export function refusalOf(path: string, right: number): string | null {
  try {
    accessSync(path, right);
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
}

/** In bytes; 0 for a file that is not there. `path` is the store that it belongs to. */
export function sizeOf(file: string, path: string): number {
  return lookedAt(file, path, () => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
}

/** The parameters of SQLite's URI for reading. Throws where the newest events could not be seen. */
export function howToRead(path: string): string {
  const refusal = refusalOf(dirname(path), constants.W_OK);
  // A writer that lives has made the files, and they may be read.
  if (refusal === null || existsSync(`${path}-shm`)) return 'mode=ro';
  const hasNewerEvents = sizeOf(`${path}-wal`, path) > 0;
  // Immutable means that nothing changes under the reader, and that the -wal file is not looked at.
  if (refusal === 'EROFS' && !hasNewerEvents) return 'mode=ro&immutable=1';
  const files = hasNewerEvents ? [path, `${path}-wal`] : [path];
  throw storeUnavailable({
    location: path,
    reason: 'io',
    whatFailed: `Reading '${path}' takes two more files beside it, and this process may not write '${dirname(path)}'.`,
    howToFix: `Copy the store and read the copy: \`cp ${files.map(shellQuote).join(' ')} /tmp/\`.`,
  });
}
