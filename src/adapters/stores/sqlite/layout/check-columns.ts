/**
 * Decides that a store has every column that the statements of this version name. A file from which somebody has taken one is refused
 * when it is opened, and by its name: found by the first statement that needs it, that would be in the middle of a run.
 */
import { damagedStore } from '../../../../log/index.ts';
import type { SqliteConnection } from '../connection.ts';

/** Every table of the present layout; a test compares them with a new store. */
export const layoutColumns: Readonly<Record<string, readonly string[]>> = {
  meta: ['name', 'value'],
  owners: ['owner', 'host', 'boot', 'pid', 'process_start', 'started_at', 'lease_ends', 'is_alone'],
  logs: [
    ...['log', 'id', 'kind', 'label', 'created_at', 'seq', 'hash', 'epoch', 'owner', 'has_stray_ids'],
    ...['parent', 'fork_seq', 'fork_hash', 'lineage'],
  ],
  events: [
    ...[
      'position',
      'log',
      'seq',
      'id',
      'type',
      'subject',
      'actor',
      'caused_by',
      'frame_id',
      'timestamp',
      'hash',
    ],
    ...['run_id', 'provider', 'correlation_id', 'schema_version', 'metadata', 'payload', 'is_head'],
  ],
  records: ['kind', 'id', 'version', 'value'],
  record_fields: ['kind', 'field', 'value', 'id'],
  schema_migrations: ['version', 'file', 'checksum', 'applied_at'],
};

/** The columns that the file has, by table. */
export function columnsOf(connection: SqliteConnection): ReadonlyMap<string, ReadonlySet<string>> {
  const rows = connection.rows(
    "SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'",
  );
  const tables = new Map<string, Set<string>>();
  for (const [table, column] of rows) {
    const columns = tables.get(String(table)) ?? new Set();
    tables.set(String(table), columns.add(String(column)));
  }
  return tables;
}

/** Throws `DamagedHistoryError` with the table or `table.column` that is missing. Writes nothing. */
export function checkColumns(connection: SqliteConnection): void {
  const tables = columnsOf(connection);
  for (const [table, columns] of Object.entries(layoutColumns)) {
    const found = tables.get(table);
    if (found === undefined) throw lacking(connection, 'table', table);
    const missing = columns.find((column) => !found.has(column));
    if (missing !== undefined) throw lacking(connection, 'column', `${table}.${missing}`);
  }
}

function lacking({ location }: SqliteConnection, kind: 'table' | 'column', name: string): Error {
  return damagedStore({
    location,
    whatFailed: `The store lacks the ${kind} '${name}', which its layout has.`,
    howToFix: 'Something was taken out of the file: keep it as it is, and restore a backup beside it.',
    context: { [`missing_${kind}`]: name },
  });
}
