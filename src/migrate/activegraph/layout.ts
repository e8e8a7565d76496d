/**
 * Decides what makes a database one of the Python ActiveGraph, and which of its layouts: the tables `events`, `runs` and `meta`
 * with a `schema_version`, on SQLite or PostgreSQL. Recognised by content, never by a file's name.
 */
import type { MigrationDatabase } from '../../schema/index.ts';

export interface ActiveGraphLayout {
  readonly dialect: 'sqlite' | 'postgres';
  /** As `meta` has it. */
  readonly version: string;
}

/** The newest layout that is read; older ones are, too, when they have the columns. */
export const activeGraphVersion = '1';

const eventColumns = [
  'id',
  'type',
  'actor',
  'payload',
  'frame_id',
  'caused_by',
  'timestamp',
  'run_id',
  'seq',
];

/** `null` for a database of anything else. Reads only. */
export async function activeGraphLayout(
  database: MigrationDatabase,
  dialect: 'sqlite' | 'postgres',
): Promise<ActiveGraphLayout | null> {
  const events = await columnsOf(database, dialect, 'events');
  const meta = await columnsOf(database, dialect, 'meta');
  if (!eventColumns.every((name) => events.has(name)) || !meta.has('key') || !meta.has('value')) return null;
  const [row] = await database.all("SELECT value FROM meta WHERE key = 'schema_version'");
  return { dialect, version: typeof row?.[0] === 'string' ? row[0] : '0' };
}

export async function columnsOf(
  database: MigrationDatabase,
  dialect: 'sqlite' | 'postgres',
  table: 'events' | 'meta' | 'runs',
): Promise<ReadonlySet<string>> {
  const sql =
    dialect === 'sqlite'
      ? `SELECT name FROM pragma_table_info('${table}')`
      : `SELECT column_name FROM information_schema.columns
          WHERE table_name = '${table}' AND table_schema = current_schema()`;
  const rows = await database.all(sql);
  return new Set(rows.map(([name]) => String(name)));
}
