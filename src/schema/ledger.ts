/** Decides what is remembered of applied migrations, and by whom: each database has a table of its own for it. */
import type { MigrationDatabase } from './database.ts';
import type { Migration } from './migration.ts';

export interface AppliedMigration {
  readonly version: number;
  /** SHA-256 of the file as it was applied; `null` in a ledger that keeps none. */
  readonly checksum: string | null;
  /** As the ledger has it, `null` when it does not say. */
  readonly appliedAt: string | null;
}

export interface Ledger {
  /** What was applied, by version. Reads only; an empty list when there is no ledger yet. */
  applied(database: MigrationDatabase): Promise<readonly AppliedMigration[]>;
  /** Makes the ledger's table unless it is there. Called inside the transaction of the first file. */
  prepare(database: MigrationDatabase): Promise<void>;
  /** Remembers a file, inside its transaction. */
  record(database: MigrationDatabase, migration: Migration): Promise<void>;
}
