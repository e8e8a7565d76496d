/**
 * stores/postgres: the store of the port in one schema of a PostgreSQL database. It decides layout, locks and transactions, and
 * who owns a run by the server's clock; what is true about history comes from `log`. Receives commits, hands events and heads back.
 */
export type { PostgresClient, PostgresPool, PostgresQuery } from './driver.ts';
export { openPostgresRows, type PostgresRowsOptions } from './doctor/open-rows.ts';
export { type ForeignPostgres, openForeignPostgres } from './foreign-database.ts';
export { openPostgresStore, type PostgresStoreOptions } from './open-postgres-store.ts';
export type { ProcessIdentity } from '../../../host/index.ts';
export {
  postgresSchemaStatus,
  type PostgresPlace,
  upgradePostgresStore,
  type UpgradePostgresOptions,
} from './layout/upgrade-store.ts';
