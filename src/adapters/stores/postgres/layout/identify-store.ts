/**
 * Decides what makes a schema of a database a store of this product, and how an empty one becomes a store. The layout is plain
 * SQL in `schema/`; a store of another version is refused, never changed.
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
  storeUnavailable,
  textOf,
} from '../../../../log/index.ts';
import { MigrationFailedError, upgradeSchema } from '../../../../schema/index.ts';

import type { PostgresConnection, Session } from '../connection.ts';
import type { Tables } from '../tables.ts';
import { findForeignProduct, type ForeignProduct } from './foreign-product.ts';
import { migrationDatabase } from './migration-database.ts';
import { storeLedger, storeMigrations } from './store-layout.ts';

export interface StoreFacts {
  readonly storeId: string;
  /** Version of the layout. */
  readonly version: number;
  readonly writtenBy: string | null;
}

export interface SchemaOptions {
  readonly productVersion: string;
  /** True when a schema that is missing or empty is to become a store. */
  readonly mayCreate: boolean;
  readonly sha256: Sha256;
}

/** Says which store the schema is. Makes one when it is missing and that is asked for; otherwise writes nothing. */
export async function identifyStore(
  connection: PostgresConnection,
  tables: Tables,
  options: SchemaOptions,
): Promise<StoreFacts> {
  const known = await readStore(connection, tables);
  if (known === null && !options.mayCreate) {
    const foreign = await findForeignProduct(connection, tables.schema);
    throw foreign === null ? nothingThere(tables) : productThere(tables, foreign);
  }
  return checkVersion(tables.location, known ?? (await createStore(connection, tables, options)), options);
}

/** Returns whether commits wait for the disk. */
export async function checkServer(session: Session, { location }: Tables): Promise<boolean> {
  const sql =
    "SELECT current_setting('server_encoding'), current_setting('fsync'), current_setting('server_version_num')::int";
  const [row] = await session.rows(sql);
  const [encoding, fsync, version] = row ?? [];
  if (encoding !== 'UTF8') {
    throw foreignDatabase({
      location,
      whatFailed: `The database keeps its texts in ${String(encoding)}, which does not hold every text.`,
      howToFix: 'Make a database that does: `createdb --encoding=UTF8 --template=template0 NAME`.',
    });
  }
  if (Number(version) < 130_000) {
    throw storeUnavailable({
      location,
      reason: 'io',
      whatFailed: `The server is PostgreSQL ${Math.floor(Number(version) / 10_000)}; runlog needs 13 or newer.`,
      howToFix: 'Use a server of version 13 or newer.',
    });
  }
  return fsync !== 'off';
}

/** What a store says of itself, whatever its version; `null` for a schema that is missing or empty. */
export async function readStore(session: Session, tables: Tables): Promise<StoreFacts | null> {
  const sql = `SELECT c.relname FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY c.relname LIMIT 20`;
  const names = (await session.rows(sql, tables.schema)).map(([name]) => textOf(name));
  if (names.length === 0) return null;
  const isOurs = ['events', 'logs', 'meta', 'owners', 'records'].every((name) => names.includes(name));
  if (!isOurs) {
    const foreign = await findForeignProduct(session, tables.schema);
    throw foreign === null ? otherProgram(tables, names) : productThere(tables, foreign);
  }
  return readMeta(session, tables);
}

async function readMeta(session: Session, tables: Tables): Promise<StoreFacts> {
  const rows = await session.rows(`SELECT name, value FROM ${tables.meta}`);
  const meta = new Map(rows.map(([name, value]) => [textOf(name), textOf(value)]));
  const version = Number(meta.get('schema_version'));
  const storeId = meta.get('store_id');
  if (!Number.isSafeInteger(version) || storeId === undefined) {
    throw damagedStore({
      location: tables.location,
      whatFailed: 'The table of facts about the store has no schema version or no store id.',
      howToFix: 'Leave the database as it is, and restore a backup beside it.',
    });
  }
  return { storeId, version, writtenBy: meta.get('written_by') ?? null };
}

function checkVersion(
  location: string,
  facts: StoreFacts,
  { productVersion, sha256 }: SchemaOptions,
): StoreFacts {
  const expected = storeMigrations(sha256).at(-1)?.version ?? 0;
  if (facts.version === expected) return facts;
  throw schemaVersionMismatch({
    location,
    found: String(facts.version),
    expected: String(expected),
    productVersion,
    writtenBy: facts.writtenBy,
    driver: 'postgres',
  });
}

/** All files in one transaction: a store that is just being made is seen as missing or as whole. */
async function createStore(
  connection: PostgresConnection,
  tables: Tables,
  { productVersion, sha256 }: SchemaOptions,
): Promise<StoreFacts> {
  const migrations = storeMigrations(sha256);
  const ledger = storeLedger(tables, { newStoreId: randomUUID(), productVersion });
  const database = migrationDatabase(connection, tables);
  return database.transaction(async () => {
    // Another process may have been faster.
    const made = await readStore(database, tables);
    if (made !== null) return made;
    const inside = { ...database, transaction: <Result>(work: () => Promise<Result>) => work() };
    await upgradeSchema(inside, migrations, ledger, { location: tables.location }).catch(rethrowCause);
    const facts = await readStore(database, tables);
    if (facts === null) throw nothingThere(tables);
    return facts;
  });
}

/** Whoever opens a store is told what the server said, not which statement heard it. */
function rethrowCause(error: unknown): never {
  throw error instanceof MigrationFailedError ? error.cause : error;
}

export function nothingThere({ location, schema }: Tables): Error {
  return storeNotFound({
    location,
    whatFailed: `The database has no store in the schema '${schema}', and this call makes none.`,
    howToFix: `Check the name of the database and of the schema (\`?schema=NAME\`). ${newStoreAdvice}`,
    context: { schema },
  });
}

/** In the schema that was named, or where its tables usually stand. */
function productThere({ location }: Tables, { product }: ForeignProduct): Error {
  return foreignLayout({ location, product, driver: 'postgres' });
}

function otherProgram({ location, schema }: Tables, names: readonly string[]): Error {
  return foreignDatabase({
    location,
    whatFailed: `The schema '${schema}' belongs to another program (tables: ${names.join(', ')}).`,
    howToFix: 'Name another schema with `?schema=NAME`; one that does not exist yet is made.',
    context: { schema, tables: [...names] },
  });
}
