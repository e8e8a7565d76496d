/** Decides how a database stands beside the files: what was applied, what is still to come, and what does not fit. */
import type { MigrationDatabase } from './database.ts';
import type { HistoryProblem } from './errors.ts';
import type { AppliedMigration, Ledger } from './ledger.ts';
import type { Migration } from './migration.ts';

/** `changed`: applied, and the file is another one now. `unknown`: applied by somebody who knows more files. */
export type MigrationState = 'applied' | 'pending' | 'changed' | 'unknown';

/** Whether a step was applied, and when (ISO text). */
export interface MigrationStatus {
  readonly version: number;
  /** `null` for a version without a file. */
  readonly file: string | null;
  readonly state: MigrationState;
  readonly appliedAt: string | null;
}

/** Every version that a file or the database knows, in order. Writes nothing. */
export async function migrationStatus(
  database: MigrationDatabase,
  migrations: readonly Migration[],
  ledger: Ledger,
): Promise<readonly MigrationStatus[]> {
  return compare(migrations, await ledger.applied(database));
}

export function compare(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly MigrationStatus[] {
  const appliedByVersion = new Map(applied.map((entry) => [entry.version, entry]));
  const known = migrations.map((migration): MigrationStatus => {
    const { version, file } = migration;
    const found = appliedByVersion.get(version);
    return { version, file, state: stateOf(migration, found), appliedAt: found?.appliedAt ?? null };
  });
  const versions = new Set(migrations.map(({ version }) => version));
  const unknown = applied
    .filter(({ version }) => !versions.has(version))
    .map(({ version, appliedAt }): MigrationStatus => ({ version, file: null, state: 'unknown', appliedAt }));
  return [...known, ...unknown].sort((left, right) => left.version - right.version);
}

function stateOf({ checksum }: Migration, found: AppliedMigration | undefined): MigrationState {
  if (found === undefined) return 'pending';
  return found.checksum === null || found.checksum === checksum ? 'applied' : 'changed';
}

/** Why nothing may be applied to a database in this state; `null` when something may. */
export function problemOf(
  status: readonly MigrationStatus[],
): { readonly problem: HistoryProblem; readonly version: number; readonly file: string | null } | null {
  const lastApplied = Math.max(
    0,
    ...status.filter(({ state }) => state !== 'pending').map(({ version }) => version),
  );
  for (const { state, version, file } of status) {
    if (state === 'changed' || state === 'unknown')
      return { problem: state === 'changed' ? 'changed' : 'newer', version, file };
    if (state === 'pending' && version < lastApplied) return { problem: 'out-of-order', version, file };
  }
  return null;
}
