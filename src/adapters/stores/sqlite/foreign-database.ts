/** Decides how the SQLite file of another program is read: as it is, without changing a byte of it, through the port of migrations. */
import { checkArguments } from '../../../base/index.ts';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import process from 'node:process';
import type { MigrationDatabase } from '../../../schema/index.ts';
import { foreignDatabase } from '../../../log/index.ts';
import { whenFree } from './busy-wait.ts';
import { SqliteConnection } from './connection.ts';
import { openDatabaseFile } from './database-file.ts';
import { howToRead, sizeOf } from './foreign-ground.ts';
import { migrationDatabase } from './layout/migration-database.ts';
import { applicationId } from './layout/store-layout.ts';
import { lookedAt } from './translate-error.ts';

/** A database of another program, open for reading. */
export interface ForeignDatabase {
  readonly database: MigrationDatabase;
  readonly close: () => Promise<void>;
}

/** True when the header of a file bears our mark, or none yet: decided without opening it, because that leaves files beside it. */
export function mayBeOurs(path: string): boolean {
  checkArguments('mayBeOurs', { path: [path, 'text'] });
  const header = Buffer.alloc(100);
  const read = lookedAt(path, path, () => {
    const file = openSync(path, 'r');
    try {
      return readSync(file, header, 0, header.length, 0);
    } finally {
      closeSync(file);
    }
  });
  return read < header.length || header.readUInt32BE(applicationIdOffset) === applicationId;
}

/** https://sqlite.org/fileformat.html#application_id */
const applicationIdOffset = 68;

/**
 * A reader of a file in WAL mode makes two files beside it and may not take them away again. Nothing newer stands in a -wal
 * that is empty or missing, so then it is not looked at; the program that owns the file has to be stopped meanwhile.
 */
function leavingNoTrace(path: string): string {
  const hasNewer = sizeOf(`${path}-wal`, path) > 0;
  return hasNewer ? howToRead(path) : 'mode=ro&immutable=1';
}

/**
 * True when the newest rows stand in a -wal that no process has open: every one of them would have a -shm. Read without locks,
 * SQLite keeps in memory what it would write into a -shm of its own.
 */
function isOrphaned(path: string): boolean {
  if (process.platform === 'win32') return false;
  const hasNewer = sizeOf(`${path}-wal`, path) > 0;
  return hasNewer && isMissing(`${path}-shm`, path);
}

function isMissing(file: string, path: string): boolean {
  return lookedAt(file, path, () => statSync(file, { throwIfNoEntry: false })) === undefined;
}

/** Rejects with the errors of opening, and with `ForeignDatabaseError` for a file that is no database. */
export async function openForeignSqlite(path: string, busyTimeoutMs = 10_000): Promise<ForeignDatabase> {
  checkArguments('openForeignSqlite', { path: [path, 'text'] });
  let isWithoutLocks = false;
  const readWith = (place: string): string => {
    isWithoutLocks = isOrphaned(place);
    return isWithoutLocks ? 'mode=ro&vfs=unix-none' : leavingNoTrace(place);
  };
  const connection = new SqliteConnection(openDatabaseFile(path, 'read', false, readWith), path);
  try {
    if (isWithoutLocks) connection.exec('PRAGMA locking_mode = EXCLUSIVE');
    connection.row('SELECT count(*) FROM sqlite_schema');
  } catch (error) {
    connection.close();
    throw error;
  }
  const reading = migrationDatabase(connection, busyTimeoutMs);
  const refuse = async (): Promise<never> => {
    throw foreignDatabase({
      location: path,
      whatFailed: 'The file of another program was to be changed.',
      howToFix: 'Read it only: what belongs to another program is never written.',
    });
  };
  // Each page is a query of its own; to keep them all would take memory without an end.
  const all: MigrationDatabase['all'] = async (sql) =>
    whenFree(() => connection.rowsOnce(sql), busyTimeoutMs);
  return { database: { ...reading, all, transaction: refuse }, close: async () => connection.close() };
}
