/**
 * Decides what an error of SQLite means to the rest of the house. The driver's own error stays in `cause`; the texts name
 * commands that work as typed.
 */
import { dirname } from 'node:path';
import { isStructuredError } from '../../../base/index.ts';
import {
  damagedStore,
  foreignDatabase,
  StoreUnavailableError,
  storeUnavailable,
  type UnavailableReason,
} from '../../../log/index.ts';

/** What can be the matter with a file. */
type FileReason = Exclude<UnavailableReason, 'unreachable' | 'denied'>;

type Meaning = FileReason | 'damaged' | 'foreign';

/** Primary result codes, https://sqlite.org/rescode.html. */
const meanings: Readonly<Record<number, Meaning>> = {
  5: 'busy',
  6: 'busy',
  8: 'read-only',
  11: 'damaged',
  13: 'full',
  19: 'damaged',
  26: 'foreign',
};

/** better-sqlite3 gives names instead of numbers. */
const numbersOfNames: Readonly<Record<string, number>> = {
  SQLITE_ERROR: 1,
  SQLITE_BUSY: 5,
  SQLITE_LOCKED: 6,
  SQLITE_READONLY: 8,
  SQLITE_IOERR: 10,
  SQLITE_CORRUPT: 11,
  SQLITE_FULL: 13,
  SQLITE_CANTOPEN: 14,
  SQLITE_CONSTRAINT: 19,
  SQLITE_NOTADB: 26,
};

/** SQLITE_IOERR_SHMSIZE: the index of the write-ahead log could not grow, which happens on a full disk. */
const sharedMemorySize = 4874;

const constraint = 19;

/** Our own errors pass; everything that comes from the driver becomes an error of the port. */
export function translateError(cause: unknown, location: string): Error {
  if (isStructuredError(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const meaning = meaningOf(cause);
  const quoted = shellQuote(location);
  if (meaning === 'foreign') {
    return foreignDatabase({
      location,
      whatFailed: 'The file is there, and it is not a SQLite database.',
      howToFix: `\`head -c 16 ${quoted}\` shows its first bytes; those of a store are "SQLite format 3". Name the right file, or restore it from a backup.`,
      context: { reason: 'not-a-database' },
      cause,
    });
  }
  if (meaning === 'damaged') {
    return damagedStore({
      location,
      whatFailed: `SQLite found the file damaged: ${message}.`,
      howToFix: `Keep the file, and restore a backup beside it. \`sqlite3 ${quoted} "PRAGMA integrity_check"\` says what is wrong.`,
      context: missingIn(message),
      cause,
    });
  }
  const whatFailed = `SQLite said: ${message}.`;
  return storeUnavailable({
    location,
    reason: meaning,
    whatFailed,
    howToFix: remedies[meaning](location),
    cause,
  });
}

/** What `look` finds. `place` is what it looks at, `path` the store that it belongs to. Throws `StoreUnavailableError`. */
export function lookedAt<Found>(place: string, path: string, look: () => Found): Found {
  try {
    return look();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw storeUnavailable({
      location: path,
      reason: 'io',
      whatFailed: `'${place}' cannot be looked at: ${message}.`,
      howToFix: remedies.io(path),
      cause,
    });
  }
}

/** What to do, by reason; every command works as it is typed. */
export const remedies: Readonly<Record<FileReason, (location: string) => string>> = {
  busy: (location) =>
    `\`lsof ${shellQuote(location)}\` names the processes that have the file open: end the one that writes, or wait for it; then repeat the call.`,
  full: (location) =>
    `Free some space (\`df -h ${shellQuote(dirname(location))}\` shows how much there is) and repeat the call.`,
  'read-only': (location) =>
    `\`ls -ld ${shellQuote(location)} ${shellQuote(dirname(location))}\` shows who may write the file and its directory; both are needed. To read only, open with mode 'read', as \`runlog inspect URL\` does.`,
  io: (location) =>
    `Check the disk and the rights on \`ls -ld ${shellQuote(location)} ${shellQuote(dirname(location))}\`, then open the store again.`,
};

/** True for the error of a lock that somebody else holds just now. */
export function isBusy(error: unknown): boolean {
  return error instanceof StoreUnavailableError && error.context['reason'] === 'busy';
}

/** True when a row stands where another was to be written. */
export function isTaken(error: unknown): boolean {
  return error instanceof Error && (resultCode(error.cause) & 0xff) === constraint;
}

export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function meaningOf(cause: unknown): Meaning {
  const code = resultCode(cause);
  if (code === sharedMemorySize) return 'full';
  if (isLayoutLost(code, cause) || isTooLarge(cause)) return 'damaged';
  return meanings[code & 0xff] ?? 'io';
}

/** Our statements fit the layout that the store says it has: what they do not find was taken out of the file. */
function isLayoutLost(code: number, cause: unknown): boolean {
  return (code & 0xff) === 1 && cause instanceof Error && /^no such (table|column)/.test(cause.message);
}

/** What the layout of the file lacks, by its name. */
function missingIn(message: string): Readonly<Record<string, string>> {
  const [, kind, name] = /^no such (table|column): (?:\w+\.)?(\w+)/.exec(message) ?? [];
  return kind === undefined || name === undefined ? {} : { [`missing_${kind}`]: name };
}

/** An integer that no number of JavaScript holds; nothing that we write is as large. */
function isTooLarge(cause: unknown): boolean {
  return cause instanceof RangeError && Reflect.get(cause, 'code') === 'ERR_OUT_OF_RANGE';
}

function resultCode(cause: unknown): number {
  if (typeof cause !== 'object' || cause === null) return 0;
  const number: unknown = Reflect.get(cause, 'errcode');
  if (typeof number === 'number') return number;
  const name: unknown = Reflect.get(cause, 'code');
  if (typeof name !== 'string') return 0;
  if (name === 'SQLITE_IOERR_SHMSIZE') return sharedMemorySize;
  return numbersOfNames[name.split('_').slice(0, 2).join('_')] ?? 0;
}
