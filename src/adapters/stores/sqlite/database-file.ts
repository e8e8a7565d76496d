/**
 * Decides what has to be true about a path before SQLite sees it, and how the file is opened without making one by mistake.
 */
import { constants, statfsSync, statSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { foreignDatabase, newStoreAdvice, storeNotFound, storeUnavailable } from '../../../log/index.ts';
import type { SqliteDatabase } from './driver.ts';
import { howToRead, refusalOf } from './foreign-ground.ts';
import { networkFileSystem } from './network-file-system.ts';
import { lookedAt, remedies, shellQuote, translateError } from './translate-error.ts';

/** Whether a store may be made, written, or only read. */
export type OpenMode = 'create' | 'write' | 'read';

/** Opens the file of a store. `:memory:` is taken in the mode `create`: a store that ends with its handle. */
export function openDatabaseFile(
  path: string,
  mode: OpenMode,
  allowNetworkFileSystem: boolean,
  readWith: (path: string) => string = howToRead,
): SqliteDatabase {
  if (path === ':memory:' && mode === 'create') return new DatabaseSync(path);
  const isThere = checkPlace(path, mode);
  checkRights(path, mode, isThere);
  if (!allowNetworkFileSystem) checkFileSystem(path);
  const url = pathToFileURL(path);
  // rw opens only what is there: the check above could be too old by now.
  url.search = mode === 'create' ? 'mode=rwc' : mode === 'write' ? 'mode=rw' : readWith(path);
  try {
    return new DatabaseSync(url, { readOnly: mode === 'read' });
  } catch (cause) {
    throw translateError(cause, path);
  }
}

/** True when the file is there. */
function checkPlace(path: string, mode: OpenMode): boolean {
  const directory = dirname(path);
  if (lookAt(directory, path) === undefined) {
    throw storeNotFound({
      location: path,
      whatFailed: `The directory '${directory}' does not exist.`,
      howToFix: `Check the path, or make the directory with \`mkdir -p ${shellQuote(directory)}\`.`,
    });
  }
  const stats = lookAt(path, path);
  if (stats?.isDirectory() === true) {
    throw foreignDatabase({
      location: path,
      whatFailed: 'The path names a directory, not a file.',
      howToFix: `Name a file in it, such as ${shellQuote(join(path, 'runlog.db'))}.`,
    });
  }
  if (stats !== undefined && !stats.isFile()) {
    // SQLite would wait at a pipe until somebody writes to it.
    throw foreignDatabase({
      location: path,
      whatFailed: 'The path names a pipe, a socket or a device, not a file.',
      howToFix: `Look at what is there: \`ls -l ${shellQuote(path)}\`. A store is a file on a disk.`,
    });
  }
  if (stats === undefined && mode !== 'create') {
    throw storeNotFound({
      location: path,
      whatFailed: `The file '${path}' does not exist, and this call makes none.`,
      howToFix: `Check the path: \`ls ${shellQuote(directory)}\` lists what is there. ${newStoreAdvice}`,
    });
  }
  return stats !== undefined;
}

/** `undefined` when nothing is there; a directory that may not be entered is another matter. */
function lookAt(place: string, path: string): Stats | undefined {
  return lookedAt(place, path, () => statSync(place, { throwIfNoEntry: false }));
}

/** SQLite would open a file that it cannot write for reading, and say so at the first commit only. */
function checkRights(path: string, mode: OpenMode, isThere: boolean): void {
  const needed = mode === 'read' ? [] : [dirname(path), ...(isThere ? [path] : [])];
  const refused = needed.find((place) => refusalOf(place, constants.W_OK) !== null);
  if (refused !== undefined) {
    throw storeUnavailable({
      location: path,
      reason: 'read-only',
      whatFailed: `This process may not write '${refused}'. SQLite writes the file and two more beside it.`,
      howToFix: remedies['read-only'](path),
    });
  }
  if (isThere && refusalOf(path, constants.R_OK) !== null) {
    const whatFailed = `This process may not read '${path}'.`;
    throw storeUnavailable({ location: path, reason: 'io', whatFailed, howToFix: remedies.io(path) });
  }
}

function checkFileSystem(path: string): void {
  // Only Linux has these numbers; on other systems the field means something else.
  if (process.platform !== 'linux') return;
  const directory = dirname(path);
  const { type } = lookedAt(directory, path, () => statfsSync(directory));
  const kind = networkFileSystem(type);
  if (kind === null) return;
  throw storeUnavailable({
    location: path,
    reason: 'io',
    whatFailed: `The file is on a network file system (${kind}).`,
    howToFix: `Put the store on a local disk. When only one machine ever opens it, a program can open it with allowNetworkFileSystem of openSqliteStore; the command cannot.`,
    context: { file_system: kind },
  });
}
