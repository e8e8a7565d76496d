/**
 * Decides how migrations run on PostgreSQL: a transaction takes one lock for all migrations of the schema, and has the schema as
 * its search path until it ends.
 */
import type { MigrationDatabase } from '../../../../schema/index.ts';
import type { PostgresConnection, Session } from '../connection.ts';
import { quoteName, type Tables } from '../tables.ts';

/** Also a session: inside of a transaction its queries see what the transaction has done. */
export function migrationDatabase(
  connection: PostgresConnection,
  tables: Tables,
): MigrationDatabase & Session {
  let session: Session = connection;
  return {
    rows: (sql, ...values) => session.rows(sql, ...values),
    exec: async (sql) => {
      await session.rows(sql);
    },
    all: (sql) => session.rows(sql),
    transaction: (work) =>
      connection.transaction(async (inside) => {
        const lock = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))';
        await inside.rows(lock, `runlog schema ${tables.schema}`);
        await inside.rows(`SET LOCAL search_path TO ${quoteName(tables.schema)}`);
        session = inside;
        try {
          return await work();
        } finally {
          session = connection;
        }
      }),
  };
}
