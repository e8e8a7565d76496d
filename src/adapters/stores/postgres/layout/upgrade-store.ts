/**
 * Decides how the layout of a store is looked at and brought forward in place: only on request, on connections of its own, and
 * never while somebody drives a run in it.
 */
import { hash, randomUUID } from 'node:crypto';
import { checkArguments, type Sha256 } from '../../../../base/index.ts';
import { storeUnavailable, withoutCredentials } from '../../../../log/index.ts';
import {
  type Migration,
  type MigrationStatus,
  migrationStatus,
  type Upgrade,
  upgradeSchema,
} from '../../../../schema/index.ts';
import { PostgresConnection } from '../connection.ts';
import { openPool } from '../open-pool.ts';
import { defaultSchema, type Tables, tablesOf } from '../tables.ts';
import { nothingThere, readStore } from './identify-store.ts';
import { migrationDatabase } from './migration-database.ts';
import { storeLedger, storeMigrations } from './store-layout.ts';

/** A database, and the schema in it. */
export interface PostgresPlace {
  readonly url: string;
  /** `runlog` by default. */
  readonly schema?: string;
}

/** A schema whose layout is brought forward; with `dryRun` only told. */
export interface UpgradePostgresOptions extends PostgresPlace {
  /** Written down as the version that made the layout. */
  readonly productVersion: string;
  /** Say what would be done, and change nothing. */
  readonly dryRun?: boolean;
  /** Told before each file is applied. */
  readonly onStep?: (migration: Migration) => void;
}

const sha256: Sha256 = (text) => hash('sha256', text, 'hex');

/** The files of the layout and how the store stands to each. Changes nothing. Rejects with the errors of opening. */
export async function postgresSchemaStatus(place: PostgresPlace): Promise<readonly MigrationStatus[]> {
  checkArguments('postgresSchemaStatus', { place: [place, 'with url'] });
  return withStore(place, async (connection, tables) => {
    const ledger = storeLedger(tables, { newStoreId: '', productVersion: '' });
    return migrationStatus(migrationDatabase(connection, tables), storeMigrations(sha256), ledger);
  });
}

/**
 * Brings a store of an older layout to the newest, file by file. Rejects with `MigrationHistoryError` for a newer one, with
 * `MigrationFailedError` when a statement fails, and with `StoreUnavailableError` while another process owns runs in it.
 */
export async function upgradePostgresStore(options: UpgradePostgresOptions): Promise<Upgrade> {
  checkArguments('upgradePostgresStore', { options: [options, 'with url'] });
  const { productVersion, dryRun = false, onStep } = options;
  return withStore(options, async (connection, tables) => {
    if (!dryRun) await refuseWriters(connection, tables);
    const ledger = storeLedger(tables, { newStoreId: randomUUID(), productVersion });
    return upgradeSchema(migrationDatabase(connection, tables), storeMigrations(sha256), ledger, {
      location: tables.location,
      dryRun,
      ...(onStep === undefined ? {} : { onStep }),
    });
  });
}

async function withStore<Result>(
  { url, schema = defaultSchema }: PostgresPlace,
  work: (connection: PostgresConnection, tables: Tables) => Promise<Result>,
): Promise<Result> {
  const pool = await openPool(url, 1);
  try {
    const tables = tablesOf(schema, withoutCredentials(url));
    const connection = new PostgresConnection(pool, tables.location);
    if ((await readStore(connection, tables)) === null) throw nothingThere(tables);
    return await work(connection, tables);
  } finally {
    await pool.end();
  }
}

/** A program that was started with the old layout would go on writing it. */
async function refuseWriters(connection: PostgresConnection, tables: Tables): Promise<void> {
  const sql = `SELECT host, pid FROM ${tables.owners} WHERE lease_ends > ${tables.call('now_ms')}() LIMIT 1`;
  const [row] = await connection.rows(sql);
  if (row === undefined) return;
  const [host, pid] = row;
  throw storeUnavailable({
    location: tables.location,
    reason: 'busy',
    whatFailed: `Process ${String(pid)} on ${String(host)} owns runs of the store.`,
    howToFix: `End it (\`kill ${String(pid)}\` on ${String(host)}), and run the same command again.`,
    context: { pid: Number(pid), host: String(host) },
  });
}
