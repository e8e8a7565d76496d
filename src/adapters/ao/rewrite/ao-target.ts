/**
 * Decides how the database of the rewrite is looked at, locked, and made. Looking makes no file and takes no lock. A new database
 * is made beside its place and named when it is whole, so that nobody ever finds half of one.
 */
import { closeSync, lstatSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { makeFolder } from '../../../host/index.ts';
import { gooseLedger, type Migration, MigrationFailedError, upgradeSchema } from '../../../schema/index.ts';
import { AoDatabase } from './ao-database.ts';
import { draftOf, removeOldDrafts } from './drafts.ts';
import { putInPlace } from './put-in-place.ts';
import type { KnownRows, KnownSchema, ProjectValues, SessionValues } from './rows.ts';

export interface AoTargetOptions {
  readonly database: string;
  readonly isAlive: (pid: number) => boolean;
}

type Unusable =
  | { readonly state: 'absent' }
  | { readonly state: 'locked' }
  | { readonly state: 'not-a-database' | 'out-of-reach'; readonly reason: string };

interface Transaction {
  readonly isNew: boolean;
  readonly schema: KnownSchema;
  rows(): KnownRows;
  insertProject(row: ProjectValues): boolean;
  insertOrchestrator(row: SessionValues): boolean;
  commit(): void;
  rollback(): void;
}

export function aoTarget({ database: path, isAlive }: AoTargetOptions): {
  look(): Promise<Unusable | { state: 'there'; schema: KnownSchema; rows(): KnownRows }>;
  open(
    migrations: readonly Migration[] | null,
  ): Promise<Unusable | { state: 'open'; transaction: Transaction }>;
} {
  return {
    look: () => look(path),
    async open(migrations) {
      const place = lookAtPlace(path);
      if (place === 'there') return lock(path, isAlive);
      if (place !== 'absent') return place;
      return migrations === null ? { state: 'absent' } : begin(path, migrations, isAlive);
    },
  };
}

/** What the file system says; a file of no bytes is no database yet. */
function lookAtPlace(path: string): 'there' | 'absent' | Unusable {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && !stats.isFile()) return { state: 'not-a-database', reason: 'it is no file' };
    if (stats !== undefined && stats.size > 0) return 'there';
    if (stats === undefined && lstatSync(path, { throwIfNoEntry: false }) !== undefined)
      return { state: 'not-a-database', reason: 'it is a link to what is not there' };
    // SQLite would play what stands in it into the next database of that name.
    if (sizeOf(`${path}-wal`) > 0)
      return { state: 'not-a-database', reason: `${path}-wal is there without it` };
    return 'absent';
  } catch (error) {
    return translated(error);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function look(
  path: string,
): Promise<Unusable | { state: 'there'; schema: KnownSchema; rows(): KnownRows }> {
  const place = lookAtPlace(path);
  if (place !== 'there') return place === 'absent' ? { state: 'absent' } : place;
  let database: AoDatabase | null = null;
  try {
    const url = pathToFileURL(path);
    // Without a log nobody writes: then the file is read as it lies there, and SQLite makes none beside it.
    const isQuiet = sizeOf(`${path}-wal`) === 0 && sizeOf(`${path}-journal`) === 0;
    url.search = isQuiet ? 'immutable=1' : 'mode=ro';
    database = new AoDatabase(new DatabaseSync(url, { readOnly: true }));
    const schema = await database.schema();
    const rows = schema.applied.length === 0 ? { projects: [], sessions: [] } : database.rows();
    return { state: 'there', schema, rows: () => rows };
  } catch (error) {
    return translated(error);
  } finally {
    database?.close();
  }
}

async function lock(
  path: string,
  isAlive: (pid: number) => boolean,
): Promise<Unusable | { state: 'open'; transaction: Transaction }> {
  let database: AoDatabase | null = null;
  try {
    const url = pathToFileURL(path);
    url.search = 'mode=rw';
    database = new AoDatabase(new DatabaseSync(url));
    database.run('PRAGMA busy_timeout = 0');
    database.run('PRAGMA foreign_keys = ON');
    database.run('BEGIN IMMEDIATE');
    removeOldDrafts(path, isAlive);
    const schema = await database.schema();
    return {
      state: 'open',
      transaction: transactionIn(database, {
        isNew: false,
        schema,
        finish: () => undefined,
        discard: () => undefined,
      }),
    };
  } catch (error) {
    database?.close();
    return translated(error);
  }
}

async function begin(
  path: string,
  migrations: readonly Migration[],
  isAlive: (pid: number) => boolean,
): Promise<Unusable | { state: 'open'; transaction: Transaction }> {
  const draft = draftOf(path);
  const discard = (): void => {
    try {
      for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${draft}${ending}`, { force: true });
    } catch {
      // The next run takes away what a dead process has left.
    }
  };
  let database: AoDatabase | null = null;
  try {
    makeFolder(dirname(path), 0o750);
    removeOldDrafts(path, isAlive);
    closeSync(openSync(draft, 'wx', 0o600));
    database = new AoDatabase(new DatabaseSync(draft));
    database.run('PRAGMA journal_mode = WAL');
    // Nobody finds the draft after a crash; it is synced as a whole before it gets its name.
    database.run('PRAGMA synchronous = OFF');
    database.run('PRAGMA foreign_keys = ON');
    await upgradeSchema(database.migrationPort(), migrations, gooseLedger, { location: draft });
    database.emptyLog();
    database.run('BEGIN IMMEDIATE');
    const schema = await database.schema();
    const finish = (): void => putInPlace(draft, path, true);
    return { state: 'open', transaction: transactionIn(database, { isNew: true, schema, finish, discard }) };
  } catch (error) {
    database?.close();
    discard();
    return translated(error);
  }
}

interface Ending {
  readonly isNew: boolean;
  readonly schema: KnownSchema;
  /** After the commit, when nothing has the file open any more. */
  readonly finish: () => void;
  readonly discard: () => void;
}

function transactionIn(database: AoDatabase, { isNew, schema, finish, discard }: Ending): Transaction {
  return {
    isNew,
    schema,
    rows: () => database.rows(),
    insertProject: (row) => database.insertProject(row),
    insertOrchestrator: (row) => database.insertOrchestrator(row),
    commit() {
      database.run('COMMIT');
      // Closing would do the same, and keep to itself that there was no room for it: half of the file would get the name.
      if (isNew) database.emptyLog();
      database.close();
      finish();
    },
    rollback() {
      // Closing takes back what is not committed.
      database.close();
      discard();
    },
  };
}

/** What SQLite and the file system say, in the words of the port. */
function translated(thrown: unknown): Unusable {
  const error = thrown instanceof MigrationFailedError ? thrown.cause : thrown;
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  if (code === busy || code === lockedTable) return { state: 'locked' };
  if (code === notADatabase || code === corrupt) return { state: 'not-a-database', reason };
  return { state: 'out-of-reach', reason };
}

// Result codes of SQLite.
const busy = 5;
const lockedTable = 6;
const corrupt = 11;
const notADatabase = 26;
