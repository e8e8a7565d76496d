/**
 * schema: how the layout of a database is brought from one version to the next: files in goose's annotation format, a ledger
 * of what was applied, and one runner for every database that this product touches. Receives texts and a connection from
 * adapters and migrate; knows no driver.
 */
export type { MigrationDatabase } from './database.ts';
export {
  MalformedMigrationError,
  MigrationFailedError,
  MigrationHistoryError,
  type HistoryProblem,
} from './errors.ts';
export { gooseLedger } from './goose-ledger.ts';
export type { AppliedMigration, Ledger } from './ledger.ts';
export { type Migration, parseMigration, parseMigrations } from './migration.ts';
export { type MigrationState, type MigrationStatus, migrationStatus } from './status.ts';
export { quoteText } from './quote-text.ts';
export { upgradeSchema, type Upgrade, type UpgradeOptions } from './upgrade.ts';
