/**
 * Decides how a database is brought to the newest version: file by file, each in one transaction with its line in the ledger,
 * after everything that was applied before has been checked against the files.
 */
import type { MigrationDatabase } from './database.ts';
import { migrationFailed, migrationHistory } from './errors.ts';
import type { Ledger } from './ledger.ts';
import type { Migration } from './migration.ts';
import { compare, problemOf } from './status.ts';

export interface UpgradeOptions {
  /** Names the database in errors. */
  readonly location: string;
  /** Say what would be done, and do nothing. */
  readonly dryRun?: boolean;
  /** Told before each file is applied. */
  readonly onStep?: (migration: Migration) => void;
}

/** From which layout to which a store came, and by which steps. */
export interface Upgrade {
  /** The version before and after; 0 for a database that had nothing. With a dry run `to` is what would be reached. */
  readonly from: number;
  readonly to: number;
  /** What was applied by this call, or would be. Another process may have applied some meanwhile: those are not among them. */
  readonly applied: readonly Migration[];
}

/**
 * Applies every file that is still to come. Rejects with `MigrationHistoryError` when the database is newer than the files, a
 * file was changed after it had been applied, or one is missing in between; and with `MigrationFailedError` when a statement
 * fails: files before it stay applied, nothing of its own file does, unless the file asked for no transaction.
 */
export async function upgradeSchema(
  database: MigrationDatabase,
  migrations: readonly Migration[],
  ledger: Ledger,
  options: UpgradeOptions,
): Promise<Upgrade> {
  const pending = await pendingOf(database, migrations, ledger, options.location);
  const from = migrations.at(-1 - pending.length)?.version ?? 0;
  const to = migrations.at(-1)?.version ?? from;
  if (options.dryRun === true) return { from, to, applied: pending };
  const applied: Migration[] = [];
  // All of them are read before the first is applied: a text that is wrong changes nothing.
  for (const migration of pending.map((each): Migration => ({ ...each }))) {
    options.onStep?.(migration);
    if (await apply(database, migration, migrations, ledger, options.location)) applied.push(migration);
  }
  return { from, to, applied };
}

async function pendingOf(
  database: MigrationDatabase,
  migrations: readonly Migration[],
  ledger: Ledger,
  location: string,
): Promise<readonly Migration[]> {
  const status = compare(migrations, await ledger.applied(database));
  const found = problemOf(status);
  if (found !== null) throw migrationHistory({ location, ...found, newest: migrations.at(-1)?.version ?? 0 });
  const versions = new Set(status.filter(({ state }) => state === 'pending').map(({ version }) => version));
  return migrations.filter(({ version }) => versions.has(version));
}

/** False when another process was faster. */
async function apply(
  database: MigrationDatabase,
  migration: Migration,
  migrations: readonly Migration[],
  ledger: Ledger,
  location: string,
): Promise<boolean> {
  const isStillPending = async (): Promise<boolean> => {
    const pending = await pendingOf(database, migrations, ledger, location);
    return pending.some(({ version }) => version === migration.version);
  };
  if (!migration.isTransactional) {
    if (!(await isStillPending())) return false;
    await runStatements(database, migration, location);
  }
  return database.transaction(async () => {
    if (!(await isStillPending())) return false;
    await ledger.prepare(database);
    if (migration.isTransactional) await runStatements(database, migration, location);
    await ledger.record(database, migration);
    return true;
  });
}

async function runStatements(
  database: MigrationDatabase,
  { file, up, isTransactional }: Migration,
  location: string,
): Promise<void> {
  for (const [index, statement] of up.entries()) {
    try {
      await database.exec(statement);
    } catch (cause) {
      throw migrationFailed({ location, file, number: index + 1, statement, isTransactional, cause });
    }
  }
}
