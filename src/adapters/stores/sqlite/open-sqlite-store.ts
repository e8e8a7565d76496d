/**
 * Decides how a SQLite store is opened: what may be asked for, which settings the file gets, and that nothing is written by
 * opening a store that is there.
 */
import { randomUUID, hash } from 'node:crypto';
import process from 'node:process';
import { checkArguments, type Sha256 } from '../../../base/index.ts';
import type { StoreCapabilities, SearchableStore } from '../../../log/index.ts';
import { whenFree } from './busy-wait.ts';
import { SqliteConnection } from './connection.ts';
import { type OpenMode, openDatabaseFile } from './database-file.ts';
import type { SqliteDatabase } from './driver.ts';
import { FileIdentity } from './file-identity.ts';
import { refuseForeignFile } from './foreign-database.ts';
import { Ownership } from './ownership.ts';
import { type ProcessIdentity, thisProcess } from '../../../host/index.ts';
import { checkColumns } from './layout/check-columns.ts';
import { provideHeads } from './layout/heads.ts';
import { identifyStore } from './layout/identify-store.ts';
import { SqliteStore } from './sqlite-store.ts';
import { isBusy } from './translate-error.ts';

interface SqliteStoreSettings {
  /** `create` makes the store when it is not there, `write` never makes a file, `read` changes nothing. */
  readonly mode: OpenMode;
  /** What a resolved commit survives: the loss of power (default), or the death of the process. */
  readonly durability?: 'power' | 'process';
  /** How long a claim lasts without a sign of life; 30 seconds by default. */
  readonly leaseMs?: number;
  /** The clock that leases are judged by; the system's by default. */
  readonly nowMs?: () => number;
  /** Who opens the store; this process by default. */
  readonly identity?: ProcessIdentity;
  /** True when a process is certainly gone; the platform is asked by default. */
  readonly isProcessGone?: (other: ProcessIdentity, self: ProcessIdentity) => boolean;
  /** Hears what is dangerous and not an error; a warning of the process by default. */
  readonly warn?: (message: string) => void;
  /** How long a call waits while another process writes; 10 seconds by default. */
  readonly busyTimeoutMs?: number;
  /** How often a writer looks whether its file is still the one that the path names; 1 second by default. */
  readonly fileCheckEveryMs?: number;
  /** With mode `read`, also read a store of an older layout, as it is; refused by default. */
  readonly takesOlder?: boolean;
  /** Named in the error about a store of another version. */
  readonly productVersion?: string;
}

/** A file, or a handle of your own. */
export type SqliteStoreOptions = SqliteStoreSettings &
  (
    | {
        readonly path: string;
        /** Network file systems have locks that do not lock: they are refused unless this is true. */
        readonly allowNetworkFileSystem?: boolean;
      }
    | {
        /** A handle of `node:sqlite` or better-sqlite3. Its settings are changed, and closing it stays the caller's. */
        readonly database: SqliteDatabase;
      }
  );

/** Opens a store on one SQLite file, or on a handle of one. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SearchableStore> {
  checkArguments('openSqliteStore', { options: [options, 'with path', 'with database'] });
  const closesConnection = 'path' in options;
  const { busyTimeoutMs = 10_000 } = options;
  if (closesConnection) await refuseForeignFile(options.path, { ...options, busyTimeoutMs });
  const connection = connect(options);
  try {
    const file = closesConnection ? new FileIdentity(options.path, options.fileCheckEveryMs ?? 1000) : null;
    return await assemble(connection, options, file);
  } catch (error) {
    if (closesConnection) connection.close();
    throw error;
  }
}

const sha256: Sha256 = (text) => hash('sha256', text, 'hex');

function connect(options: SqliteStoreOptions): SqliteConnection {
  if ('database' in options) return new SqliteConnection(options.database, fileOf(options.database));
  const database = openDatabaseFile(options.path, options.mode, options.allowNetworkFileSystem === true);
  return new SqliteConnection(database, options.path);
}

/** The path behind a handle, for the commands in error texts. */
function fileOf(database: SqliteDatabase): string {
  const [, , file] = new SqliteConnection(database, ':memory:').row('PRAGMA database_list') ?? [];
  return typeof file === 'string' && file !== '' ? file : ':memory:';
}

async function assemble(
  connection: SqliteConnection,
  options: SqliteStoreOptions,
  file: FileIdentity | null,
): Promise<SearchableStore> {
  const { mode, busyTimeoutMs = 10_000, productVersion = 'unknown' } = options;
  const isReadOnly = mode === 'read';
  const closesConnection = file !== null;
  // A handle that waits inside the library would stop the whole process while it waits.
  if (!closesConnection) connection.row('PRAGMA busy_timeout = 0');
  const mayCreate = mode === 'create';
  const { storeId, version, isOlder } = await identifyStore(connection, {
    productVersion,
    mayCreate,
    busyTimeoutMs,
    sha256,
    takesOlder: isReadOnly && options.takesOlder === true,
  });
  // An older one is read with the columns that it has.
  if (isOlder) provideHeads(connection, { version, hasIndexes: true });
  else await whenFree(() => checkColumns(connection), busyTimeoutMs);
  const isAlone = !isReadOnly && mustBeAlone(connection, options);
  const durability = options.durability ?? 'power';
  const capabilities = isReadOnly
    ? { durability, shared: true, atomicCommit: true }
    : await whenFree(() => configure(connection, durability), busyTimeoutMs);
  const ownership = new Ownership(connection, {
    handle: randomUUID(),
    identity: options.identity ?? thisProcess(),
    leaseMs: options.leaseMs ?? 30_000,
    nowMs: options.nowMs ?? Date.now,
    isAlone,
    ...(options.isProcessGone === undefined ? {} : { isProcessGone: options.isProcessGone }),
  });
  const store = new SqliteStore({
    connection,
    storeId,
    capabilities,
    ownership,
    sha256,
    isReadOnly,
    busyTimeoutMs,
    warn: options.warn ?? warnProcess,
    file,
  });
  // The library that must be alone says so at once; others when they first write.
  if (isAlone) await store.renew();
  return store;
}

/** Sets what holds for this handle, and finds out that the file can be written by asking for the lock. */
function configure(connection: SqliteConnection, durability: 'power' | 'process'): StoreCapabilities {
  const journal = connection.row('PRAGMA journal_mode = WAL')?.[0];
  connection.exec(`PRAGMA synchronous = ${durability === 'power' ? 'FULL' : 'NORMAL'}`);
  // A checkpoint costs two waits for the disk and copies each page once: in fewer, larger ones less is copied.
  connection.exec('PRAGMA wal_autocheckpoint = 4000');
  connection.exec('PRAGMA journal_size_limit = 67108864');
  connection.exec('PRAGMA trusted_schema = OFF');
  // For all writes: an earlier form of a document that is replaced would otherwise outlive what is deleted later.
  connection.exec('PRAGMA secure_delete = ON');
  // On macOS fsync does not reach the disk; these ask for the call that does.
  if (process.platform === 'darwin' && durability === 'power') {
    connection.exec('PRAGMA fullfsync = ON');
    connection.exec('PRAGMA checkpoint_fullfsync = ON');
  }
  try {
    connection.run('BEGIN IMMEDIATE');
    connection.rollback();
  } catch (error) {
    // Somebody writes just now, so it can be written.
    if (!isBusy(error)) throw error;
  }
  return journal === 'wal'
    ? { durability, shared: true, atomicCommit: true }
    : { durability: 'memory', shared: false, atomicCommit: true };
}

const firstSafeVersion = [3, 51, 3] as const;
const warned = new WeakSet<(message: string) => void>();
const warnProcess = (message: string): void => process.emitWarning(message, 'RunlogWarning');

/** Before 3.51.3 two processes that write could damage the file: https://sqlite.org/wal.html. */
function mustBeAlone(connection: SqliteConnection, options: SqliteStoreOptions): boolean {
  const version = String(connection.row('SELECT sqlite_version()')?.[0]);
  const numbers = version.split('.').map(Number);
  const differing = firstSafeVersion.findIndex((number, index) => numbers[index] !== number);
  if (differing === -1 || (numbers[differing] ?? 0) > (firstSafeVersion[differing] ?? 0)) return false;
  const warn = options.warn ?? warnProcess;
  if (!warned.has(warn)) {
    warned.add(warn);
    warn(
      `This Node has SQLite ${version}. Before 3.51.3 two processes that write one store can damage it, so a second one is ` +
        'refused. `node -p process.versions.sqlite` shows the version of another Node.',
    );
  }
  return true;
}
