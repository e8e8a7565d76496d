/**
 * stores/sqlite: the store of the port on one SQLite file. It decides layout, transactions and waiting, and who owns a run on
 * one machine; what is true about history comes from `log`. Receives commits, hands events and heads back.
 */
export { copySqliteFile } from './doctor/copy-file.ts';
export { openSqliteRows, type SqliteRowsOptions } from './doctor/open-rows.ts';
export type { OpenMode } from './database-file.ts';
export type { SqliteDatabase, SqliteStatement, SqliteValue } from './driver.ts';
export { type ForeignDatabase, mayBeOurs, openForeignSqlite } from './foreign-database.ts';
export { openSqliteStore, type SqliteStoreOptions } from './open-sqlite-store.ts';
export type { ProcessIdentity } from '../../../host/index.ts';
export { syncSqliteFile } from './sync-file.ts';
export { sqliteSchemaStatus, upgradeSqliteStore, type UpgradeStoreOptions } from './layout/upgrade-store.ts';
