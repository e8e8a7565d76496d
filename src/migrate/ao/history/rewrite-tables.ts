/**
 * Decides which rows of the rewrite's database belong to a session: those of every table that names sessions, and those that point at
 * such rows, however far away. Each table is read once.
 */
import type { JsonObject } from '../../../base/index.ts';
import { type MigrationDatabase, quoteText } from '../../../schema/index.ts';
import { columnsOf } from '../../table-columns.ts';

/** By session and table. */
export type BesideRows = ReadonlyMap<string, ReadonlyMap<string, readonly JsonObject[]>>;

interface Link {
  readonly table: string;
  /** The column that names a row of the parent, and the one of the parent that it is found by. */
  readonly column: string;
  readonly parent: string;
  readonly key: string;
}

interface OwnedRow {
  readonly row: JsonObject;
  readonly session: string;
}

const root = 'sessions';

/** The rows of all sessions, which are given by their own. */
export async function rowsBeside(
  database: MigrationDatabase,
  sessions: readonly JsonObject[],
): Promise<BesideRows> {
  const found = new Map<string, Map<string, JsonObject[]>>();
  const owned = new Map<string, readonly OwnedRow[]>();
  owned.set(
    root,
    sessions.flatMap((row) => (typeof row['id'] === 'string' ? [{ row, session: row['id'] }] : [])),
  );
  for (const { table, column, parent, key } of await linksFrom(database)) {
    const owners = new Map((owned.get(parent) ?? []).map(({ row, session }) => [row[key], session]));
    const own: OwnedRow[] = [];
    for (const row of await rowsOf(database, table)) {
      const session = row[column] === null ? undefined : owners.get(row[column]);
      if (session === undefined) continue;
      own.push({ row, session });
      const tables = found.get(session) ?? new Map<string, JsonObject[]>();
      const rows = tables.get(table) ?? [];
      rows.push(row);
      found.set(session, tables.set(table, rows));
    }
    owned.set(table, own);
  }
  return found;
}

/** Every cell as text; in the order in which they were written. */
export async function rowsOf(database: MigrationDatabase, table: string): Promise<readonly JsonObject[]> {
  const names = [...(await columnsOf(database, 'sqlite', table)).keys()];
  if (names.length === 0) return [];
  const [kind] = await database.all(`SELECT wr FROM pragma_table_list WHERE name = ${quoteText(table)}`);
  const order = Number(kind?.[0] ?? 0) === 1 ? '1' : 'rowid';
  const listed = names.map((name) => `CAST(${quoteName(name)} AS TEXT)`).join(', ');
  const rows = await database.all(`SELECT ${listed} FROM ${quoteName(table)} ORDER BY ${order}`);
  return rows.map((row) =>
    Object.fromEntries(
      names.map((name, index) => {
        const cell = row[index];
        return [name, typeof cell === 'string' ? cell : null];
      }),
    ),
  );
}

/** Parents before what hangs on them; each table by one link, the nearest to the session. */
async function linksFrom(database: MigrationDatabase): Promise<readonly Link[]> {
  const all = await linksIn(database);
  const chosen: Link[] = [];
  const known = new Set([root]);
  for (let parents = [root]; parents.length > 0;) {
    const next = all.filter(({ table, parent }) => parents.includes(parent) && !known.has(table));
    parents = [];
    for (const link of next) {
      if (known.has(link.table)) continue;
      known.add(link.table);
      parents.push(link.table);
      chosen.push(link);
    }
  }
  return chosen;
}

/** A column that is called so names a session, also where the database is not told. */
async function linksIn(database: MigrationDatabase): Promise<readonly Link[]> {
  const rows = await database.all(
    `SELECT t.name, c.name, '${root}', 'id' FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
      WHERE t.type = 'table' AND c.name = 'session_id'
     UNION ALL
     SELECT t.name, f."from", f."table",
            coalesce(f."to", (SELECT name FROM pragma_table_info(f."table") WHERE pk = 1))
       FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS f
      WHERE t.type = 'table'
        AND (SELECT count(*) FROM pragma_foreign_key_list(t.name) AS g WHERE g.id = f.id) = 1
     ORDER BY 1, 2`,
  );
  return rows.map(([table, column, parent, key]) => ({
    table: String(table),
    column: String(column),
    parent: String(parent),
    key: String(key),
  }));
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
