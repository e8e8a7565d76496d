/** Decides how a database of another program is asked which columns a table has, on SQLite and on PostgreSQL. */
import { type MigrationDatabase, quoteText } from '../schema/index.ts';

export type Dialect = 'sqlite' | 'postgres';

/** The columns of a table with their types, as the database calls them in lower case. */
export type Columns = ReadonlyMap<string, string>;

/** None for a table that is not there. Reads only. */
export async function columnsOf(
  database: MigrationDatabase,
  dialect: Dialect,
  table: string,
): Promise<Columns> {
  const sql =
    dialect === 'sqlite'
      ? `SELECT name, type FROM pragma_table_info(${quoteText(table)})`
      : `SELECT column_name, data_type FROM information_schema.columns
          WHERE table_name = ${quoteText(table)} AND table_schema = current_schema()`;
  const rows = await database.all(sql);
  return new Map(rows.map(([name, type]) => [String(name), String(type).toLowerCase()]));
}
