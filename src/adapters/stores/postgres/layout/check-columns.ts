/**
 * Decides that a store has every column that the statements of this version name. A schema from which somebody has taken one is refused
 * when it is opened, and by its name: found by the first statement that needs it, that would be in the middle of a run.
 */
import { damagedStore, textOf } from '../../../../log/index.ts';
import type { Session } from '../connection.ts';
import type { Tables } from '../tables.ts';

/** Every table of the present layout; a test compares them with a new store. */
export const layoutColumns: Readonly<Record<string, readonly string[]>> = {
  meta: ['name', 'value'],
  schema_migrations: ['version', 'file', 'checksum', 'applied_at'],
  owners: ['owner', 'host', 'boot', 'pid', 'process_start', 'started_at', 'lease_ends'],
  logs: [
    ...['log', 'id', 'kind', 'label', 'created_at', 'seq', 'hash', 'epoch', 'owner', 'has_stray_ids'],
    ...['parent', 'fork_seq', 'fork_hash', 'lineage'],
  ],
  events: [
    ...['log', 'seq', 'xid', 'hash', 'id', 'type', 'subject', 'actor', 'caused_by', 'frame_id', 'timestamp'],
    ...['run_id', 'provider', 'correlation_id', 'schema_version', 'metadata', 'payload'],
  ],
  records: ['kind', 'id', 'version', 'value'],
  record_fields: ['kind', 'field', 'value', 'id'],
};

/** The columns that the schema has, by table. */
export async function columnsOf(
  session: Session,
  { schema }: Tables,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await session.rows(
    `SELECT c.relname, a.attname FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')`,
    schema,
  );
  const tables = new Map<string, Set<string>>();
  for (const [table, column] of rows) {
    const columns = tables.get(textOf(table)) ?? new Set();
    tables.set(textOf(table), columns.add(textOf(column)));
  }
  return tables;
}

/** Rejects with `DamagedHistoryError` that names the table or `table.column` that is missing. Writes nothing. */
export async function checkColumns(session: Session, tables: Tables): Promise<void> {
  const present = await columnsOf(session, tables);
  for (const [table, columns] of Object.entries(layoutColumns)) {
    const found = present.get(table);
    if (found === undefined) throw lacking(tables, 'table', table);
    const missing = columns.find((column) => !found.has(column));
    if (missing !== undefined) throw lacking(tables, 'column', `${table}.${missing}`);
  }
}

function lacking({ location }: Tables, kind: 'table' | 'column', name: string): Error {
  return damagedStore({
    location,
    whatFailed: `The store lacks the ${kind} '${name}', which its layout has.`,
    howToFix:
      'Something was taken out of the schema: leave it as it is, and restore a backup beside it: `pg_restore --schema NAME`.',
    context: { [`missing_${kind}`]: name },
  });
}
