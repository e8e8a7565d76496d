/**
 * Decides what makes a database one of the Python ActiveGraph, and which of its layouts: the tables `events` and `meta` with its
 * columns, on SQLite or PostgreSQL. Recognised by content, never by a file's name.
 */
import type { MigrationDatabase } from '../../schema/index.ts';
import { type Columns, columnsOf, type Dialect } from '../table-columns.ts';

export interface ActiveGraphLayout {
  readonly dialect: Dialect;
  /** As `meta` has it; `0` when it says nothing. */
  readonly version: string;
  /** What an event cannot do without and this layout does not have; nothing for one that can be read. */
  readonly missing: readonly string[];
  /** Of `events`. */
  readonly columns: Columns;
  /** True when a part of the events has been put away in a second table. */
  readonly hasArchive: boolean;
}

/** The newest layout that is read; older ones are, too, when they have the columns. */
export const activeGraphVersion = '1';

const needed = ['id', 'type', 'payload', 'timestamp', 'run_id', 'seq'];

/** True for a layout that is newer than what is known, or that says of itself what nobody here understands. */
export function isNewerLayout({ version }: Pick<ActiveGraphLayout, 'version'>): boolean {
  return !(Number(version) <= Number(activeGraphVersion));
}

/** `null` for a database of anything else. Reads only. */
export async function activeGraphLayout(
  database: MigrationDatabase,
  dialect: Dialect,
): Promise<ActiveGraphLayout | null> {
  const columns = await columnsOf(database, dialect, 'events');
  const meta = await columnsOf(database, dialect, 'meta');
  const isActiveGraph =
    ['run_id', 'payload', 'id'].every((name) => columns.has(name)) && meta.has('key') && meta.has('value');
  if (!isActiveGraph) return null;
  const [row] = await database.all("SELECT CAST(value AS TEXT) FROM meta WHERE key = 'schema_version'");
  const archive = await columnsOf(database, dialect, 'events_archive');
  return {
    dialect,
    version: typeof row?.[0] === 'string' ? row[0] : '0',
    missing: needed.filter((name) => !columns.has(name)),
    columns,
    hasArchive: [...columns.keys()].every((name) => archive.has(name)),
  };
}
