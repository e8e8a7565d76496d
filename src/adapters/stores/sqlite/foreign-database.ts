/** Decides how the SQLite file of another program is read: as it is, without changing a byte of it, through the port of migrations. */
import { checkArguments } from '../../../base/index.ts';
import { statSync } from 'node:fs';
import process from 'node:process';
import type { MigrationDatabase } from '../../../schema/index.ts';
import { foreignDatabase, ForeignDatabaseError, SchemaVersionMismatch } from '../../../log/index.ts';
import { whenFree } from './busy-wait.ts';
import { SqliteConnection } from './connection.ts';
import { openDatabaseFile } from './database-file.ts';
import { howToRead, sizeOf } from './foreign-ground.ts';
import { readStore } from './layout/identify-store.ts';
import { migrationDatabase } from './layout/migration-database.ts';
import { applicationId } from './layout/store-layout.ts';
import { lookedAt } from './translate-error.ts';

/** A database of another program, open for reading. */
export interface ForeignDatabase {
  readonly database: MigrationDatabase;
  readonly close: () => Promise<void>;
}

/** True when the header of a file bears our mark, or none yet. The rest is not looked at, and nothing is left beside it. */
export function mayBeOurs(path: string): boolean {
  checkArguments('mayBeOurs', { path: [path, 'text'] });
  // By SQLite: when this process has the file open, to open and close it by ourselves would take the locks off it.
  const connection = new SqliteConnection(
    openDatabaseFile(path, 'read', true, () => 'mode=ro&immutable=1'),
    path,
  );
  try {
    return (
      connection.row('PRAGMA application_id')?.[0] === applicationId ||
      connection.row('PRAGMA page_count')?.[0] === 0
    );
  } finally {
    connection.close();
  }
}

/**
 * Refuses the file of another program before it is opened as a store, because that would leave files beside it. Anything else that is
 * wrong with it is found by opening it.
 */
export async function refuseForeignFile(
  path: string,
  { allowNetworkFileSystem = false, busyTimeoutMs }: FileLook,
): Promise<void> {
  try {
    const found = lookedAt(path, path, () => statSync(path, { throwIfNoEntry: false }));
    if (found?.isFile() !== true || mayBeOurs(path)) return;
    const connection = leavingNothing(path, allowNetworkFileSystem);
    // The mark of a young store stands in its -wal alone.
    await whenFree(() => readStore(connection), busyTimeoutMs).finally(() => connection.close());
  } catch (error) {
    // What else is wrong is said, with its remedy, by whoever opens the file next.
    if (error instanceof ForeignDatabaseError || error instanceof SchemaVersionMismatch) throw error;
  }
}

interface FileLook {
  readonly allowNetworkFileSystem?: boolean;
  readonly busyTimeoutMs: number;
}

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

function leavingNothing(path: string, allowNetworkFileSystem = false): SqliteConnection {
  let isWithoutLocks = false;
  const readWith = (place: string): string => {
    isWithoutLocks = isOrphaned(place);
    return isWithoutLocks ? 'mode=ro&vfs=unix-none' : leavingNoTrace(place);
  };
  const connection = new SqliteConnection(
    openDatabaseFile(path, 'read', allowNetworkFileSystem, readWith),
    path,
  );
  try {
    if (isWithoutLocks) connection.exec('PRAGMA locking_mode = EXCLUSIVE');
    connection.row('SELECT count(*) FROM sqlite_schema');
  } catch (error) {
    connection.close();
    throw error;
  }
  return connection;
}

/** Rejects with the errors of opening, and with `ForeignDatabaseError` for a file that is no database. */
export async function openForeignSqlite(path: string, busyTimeoutMs = 10_000): Promise<ForeignDatabase> {
  checkArguments('openForeignSqlite', { path: [path, 'text'] });
  const connection = leavingNothing(path);
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
