/**
 * Decides how the layout of a store is looked at and brought forward in place: only on request, on a connection of its own, and
 * never while somebody drives a run in it.
 */
import { hash, randomUUID } from 'node:crypto';
import { checkArguments, type Sha256 } from '../../../../base/index.ts';
import { storeUnavailable } from '../../../../log/index.ts';
import {
  type Migration,
  type MigrationStatus,
  migrationStatus,
  type Upgrade,
  upgradeSchema,
} from '../../../../schema/index.ts';
import { whenFree } from '../busy-wait.ts';
import { SqliteConnection } from '../connection.ts';
import { openDatabaseFile } from '../database-file.ts';
import { refuseForeignFile } from '../foreign-database.ts';
import { storeLedger, storeMigrations } from './store-layout.ts';
import { migrationDatabase } from './migration-database.ts';
import { isGone, thisProcess } from '../../../../host/index.ts';
import { emptyFile, readStore } from './identify-store.ts';

/** A file whose layout is brought forward; with `dryRun` only told. */
export interface UpgradeStoreOptions {
  readonly path: string;
  /** Written down as the version that made the layout. */
  readonly productVersion: string;
  /** Say what would be done, and change nothing. */
  readonly dryRun?: boolean;
  /** Told before each file is applied. */
  readonly onStep?: (migration: Migration) => void;
  /** How long a call waits while another process writes; 10 seconds by default. */
  readonly busyTimeoutMs?: number;
}

const sha256: Sha256 = (text) => hash('sha256', text, 'hex');

/** The files of the layout and how the store stands to each. Changes nothing. Rejects with the errors of opening. */
export async function sqliteSchemaStatus(path: string): Promise<readonly MigrationStatus[]> {
  checkArguments('sqliteSchemaStatus', { path: [path, 'text'] });
  return withConnection(path, 'read', 10_000, async (connection) => {
    const migrations = storeMigrations(sha256);
    const ledger = storeLedger({ newStoreId: '', productVersion: '', migrations });
    return migrationStatus(migrationDatabase(connection, 10_000), migrations, ledger);
  });
}

/**
 * Brings a store of an older layout to the newest, file by file. Rejects with `MigrationHistoryError` for a newer one, with
 * `MigrationFailedError` when a statement fails, and with `StoreUnavailableError` while another process writes runs in it.
 */
export async function upgradeSqliteStore(options: UpgradeStoreOptions): Promise<Upgrade> {
  checkArguments('upgradeSqliteStore', { options: [options, 'with path'] });
  const { path, productVersion, dryRun = false, onStep, busyTimeoutMs = 10_000 } = options;
  return withConnection(path, dryRun ? 'read' : 'write', busyTimeoutMs, async (connection) => {
    if (!dryRun) await refuseWriters(connection, busyTimeoutMs);
    const migrations = storeMigrations(sha256);
    const ledger = storeLedger({ newStoreId: randomUUID(), productVersion, migrations });
    return upgradeSchema(migrationDatabase(connection, busyTimeoutMs), migrations, ledger, {
      location: path,
      dryRun,
      ...(onStep === undefined ? {} : { onStep }),
    });
  });
}

async function withConnection<Result>(
  path: string,
  mode: 'read' | 'write',
  busyTimeoutMs: number,
  work: (connection: SqliteConnection) => Promise<Result>,
): Promise<Result> {
  await refuseForeignFile(path, { busyTimeoutMs });
  const connection = new SqliteConnection(openDatabaseFile(path, mode, false), path);
  try {
    if ((await whenFree(() => readStore(connection), busyTimeoutMs)) === null) throw emptyFile(connection);
    return await work(connection);
  } finally {
    connection.close();
  }
}

/** A program that was started with the old layout would go on writing it. */
async function refuseWriters(connection: SqliteConnection, busyTimeoutMs: number): Promise<void> {
  const self = thisProcess();
  const rows = await whenFree(
    () => connection.rows('SELECT host, boot, pid, process_start, lease_ends FROM owners'),
    busyTimeoutMs,
  );
  for (const [host, boot, pid, processStart, leaseEnds] of rows) {
    const other = {
      host: String(host),
      boot: String(boot),
      pid: Number(pid),
      processStart: String(processStart),
    };
    if (Number(leaseEnds) <= Date.now() || isGone(other, self)) continue;
    throw storeUnavailable({
      location: connection.location,
      reason: 'busy',
      whatFailed: `Process ${other.pid} on ${other.host} has the store open for writing.`,
      howToFix: `End it (\`kill ${other.pid}\`), and run the same command again.`,
      context: { pid: other.pid, host: other.host },
    });
  }
}
