/**
 * Decides what makes a database file a store of this product, and how an empty one becomes a store. A store of another version
 * is refused, never changed by opening it.
 */
import { randomUUID } from 'node:crypto';
import type { Sha256 } from '../../../../base/index.ts';
import {
  damagedStore,
  foreignDatabase,
  foreignLayout,
  schemaVersionMismatch,
  newStoreAdvice,
  storeNotFound,
} from '../../../../log/index.ts';
import { MigrationFailedError, upgradeSchema } from '../../../../schema/index.ts';
import { whenFree } from '../busy-wait.ts';
import type { SqliteConnection } from '../connection.ts';
import { applicationId, storeLedger, storeMigrations } from './store-layout.ts';
import { migrationDatabase } from './migration-database.ts';
import { shellQuote } from '../translate-error.ts';

export interface StoreFacts {
  readonly storeId: string;
  /** Version of the layout. */
  readonly version: number;
  readonly writtenBy: string | null;
}

export interface SchemaOptions {
  readonly productVersion: string;
  /** True when an empty database is to become a store. */
  readonly mayCreate: boolean;
  readonly busyTimeoutMs: number;
  readonly sha256: Sha256;
  /** True when a store of an older layout will do, because nothing is written to it. */
  readonly takesOlder: boolean;
}

/** Says which store the database is. Makes one of an empty database when that is asked for, and otherwise writes nothing. */
export async function identifyStore(
  connection: SqliteConnection,
  options: SchemaOptions,
): Promise<StoreFacts & { readonly isOlder: boolean }> {
  const { busyTimeoutMs } = options;
  const known = await whenFree(() => readStore(connection), busyTimeoutMs);
  if (known === null && !options.mayCreate) throw emptyFile(connection);
  const facts = known ?? (await createStore(connection, options));
  return checkVersion(connection.location, facts, options);
}

/** What a store says of itself, whatever its version; `null` for an empty database. One transaction: all or nothing is seen. */
export function readStore(connection: SqliteConnection): StoreFacts | null {
  connection.run('BEGIN');
  try {
    return readTables(connection);
  } finally {
    connection.rollback();
  }
}

function readTables(connection: SqliteConnection): StoreFacts | null {
  // The tables of a program whose history can be brought along first: they may stand among any number of others.
  const tables = connection.rows(
    `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name NOT IN (${telling}), name LIMIT 20`,
  );
  const mark = connection.row('PRAGMA application_id')?.[0];
  const names = tables.map(([name]) => String(name));
  if (mark !== applicationId) {
    if (names.length === 0 && mark === 0) return null;
    throw otherProgram(connection.location, names);
  }
  return readMeta(connection);
}

function readMeta(connection: SqliteConnection): StoreFacts {
  const meta = new Map(
    connection.rows('SELECT name, value FROM meta').map(([name, value]) => [name, String(value)]),
  );
  const version = Number(meta.get('schema_version'));
  const storeId = meta.get('store_id');
  if (!Number.isSafeInteger(version) || storeId === undefined) {
    throw damagedStore({
      location: connection.location,
      whatFailed: 'The table of facts about the store has no schema version or no store id.',
      howToFix: 'Keep the file, and restore a backup beside it.',
    });
  }
  return { storeId, version, writtenBy: meta.get('written_by') ?? null };
}

function checkVersion(
  location: string,
  facts: StoreFacts,
  { productVersion, sha256, takesOlder }: SchemaOptions,
): StoreFacts & { readonly isOlder: boolean } {
  const expected = storeMigrations(sha256).at(-1)?.version ?? 0;
  // Each layout so far has all tables and columns of the one before.
  const isOlder = facts.version < expected;
  if (facts.version === expected || (takesOlder && facts.version >= 1 && isOlder))
    return { ...facts, isOlder };
  throw schemaVersionMismatch({
    location,
    found: String(facts.version),
    expected: String(expected),
    productVersion,
    writtenBy: facts.writtenBy,
    driver: 'sqlite',
  });
}

/** All files in one transaction: a store that is just being made is seen as empty or as whole. */
async function createStore(connection: SqliteConnection, options: SchemaOptions): Promise<StoreFacts> {
  const { productVersion, busyTimeoutMs, sha256 } = options;
  const migrations = storeMigrations(sha256);
  const ledger = storeLedger({ newStoreId: randomUUID(), productVersion, migrations });
  const database = migrationDatabase(connection, busyTimeoutMs);
  await whenFree(() => connection.row('PRAGMA journal_mode = WAL'), busyTimeoutMs);
  return database.transaction(async () => {
    // Another process may have been faster.
    const made = readTables(connection);
    if (made !== null) return made;
    const inside = { ...database, transaction: <Result>(work: () => Promise<Result>) => work() };
    await upgradeSchema(inside, migrations, ledger, { location: connection.location }).catch(rethrowCause);
    const facts = readTables(connection);
    if (facts === null) throw emptyFile(connection);
    return facts;
  });
}

/** Whoever opens a store is told what the disk said, not which statement heard it. */
function rethrowCause(error: unknown): never {
  throw error instanceof MigrationFailedError ? error.cause : error;
}

/** What is said of a database without tables. */
export function emptyFile(connection: SqliteConnection): Error {
  const { location } = connection;
  if (connection.row('PRAGMA journal_mode')?.[0] === 'wal') return withoutWal(location);
  return foreignDatabase({
    location,
    whatFailed: 'The file is an empty database: no store was made in it.',
    howToFix: `Check the path. ${newStoreAdvice}`,
  });
}

/** A store is written through a second file first, so a new one has all its tables there. */
function withoutWal(location: string): Error {
  const quoted = shellQuote(`${location}-wal`);
  return storeNotFound({
    location,
    whatFailed: `The database has no tables. It is written through '${location}-wal', and that file holds none either, or is not there.`,
    howToFix: `Put ${quoted} back beside the file when it was moved or deleted: what was written last stands in it, and the files belong together. Make a store here only if nothing was ever stored. ${newStoreAdvice}`,
    context: { reason: 'no-tables' },
  });
}

/** The tables that tell the programs whose history can be brought along. */
const foreignProducts: readonly (readonly [product: string, tables: readonly string[]])[] = [
  ['ActiveGraph', ['events', 'meta', 'runs']],
  ['agent_session_manager', ['asm_events', 'asm_sessions']],
];
const telling = foreignProducts.flatMap(([, tables]) => tables.map((name) => `'${name}'`)).join(', ');

function otherProgram(location: string, tables: readonly string[]): Error {
  const known = foreignProducts.find(([, marks]) => marks.every((name) => tables.includes(name)));
  if (known !== undefined) return foreignLayout({ location, product: known[0], driver: 'sqlite' });
  return foreignDatabase({
    location,
    whatFailed: `The file is a SQLite database of another program (tables: ${tables.join(', ') || 'none'}).`,
    howToFix: `Name another file. \`sqlite3 ${shellQuote(location)} .tables\` lists what is in this one.`,
    context: { tables: [...tables] },
  });
}
