// Emmett on a SQLite file with one connection that is kept open, as for one appender at a time.
import { type Connection, getSQLiteEventStore, sqliteConnection } from '@event-driven-io/emmett-sqlite';
import type { EmmettStore } from '@event-driven-io/emmett-postgresql';

export function openEmmettFile(fileName: string): {
  readonly connection: Connection;
  readonly store: EmmettStore;
} {
  const connection = sqliteConnection({ fileName });
  const store = getSQLiteEventStore({ fileName, connectionOptions: { singleton: true, connection } });
  return { connection, store };
}
