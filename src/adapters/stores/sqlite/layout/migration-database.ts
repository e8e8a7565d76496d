/**
 * Decides how migrations run on SQLite: a transaction takes the lock of the file when it begins, so two processes that upgrade
 * one file do so one after the other.
 */
import type { MigrationDatabase } from '../../../../schema/index.ts';
import { whenFree } from '../busy-wait.ts';
import type { SqliteConnection } from '../connection.ts';

/** The connection must not be used for anything else meanwhile. */
export function migrationDatabase(connection: SqliteConnection, busyTimeoutMs: number): MigrationDatabase {
  return {
    exec: async (sql) => connection.exec(sql),
    all: async (sql) => whenFree(() => connection.rows(sql), busyTimeoutMs),
    transaction: async (work) => {
      await whenFree(() => connection.run('BEGIN IMMEDIATE'), busyTimeoutMs);
      try {
        const result = await work();
        // A store that is not in WAL mode any more (restored from a dump) waits here for its readers.
        await whenFree(() => connection.run('COMMIT'), busyTimeoutMs);
        return result;
      } catch (error) {
        connection.rollback();
        throw error;
      }
    },
  };
}
