/**
 * Decides where in a database the tables of the Python ActiveGraph are looked for: in the schema that is named, and where its
 * tables usually stand when nobody has named one and no store of this product is there.
 */
import { textOf } from '../cells.ts';
import type { Session } from '../connection.ts';
import { defaultSchema } from '../tables.ts';

/** It makes its tables where its search path begins. */
const usualSchema = 'public';

/** The columns that tell its tables from those of others. */
const marks = `('events', 'id'), ('events', 'run_id'), ('events', 'payload'), ('meta', 'key'), ('meta', 'value')`;

/** The schema that has them; `null` when there is none. Reads only. */
export async function findActiveGraph(session: Session, schema: string): Promise<string | null> {
  const isElsewhere = schema === defaultSchema && !(await hasTables(session, schema));
  const place = isElsewhere ? usualSchema : schema;
  const sql = `SELECT c.table_schema FROM information_schema.columns AS c
    JOIN (VALUES ${marks}) AS m(t, c) ON m.t = c.table_name AND m.c = c.column_name
    WHERE c.table_schema = $1 GROUP BY c.table_schema HAVING count(*) = 5`;
  const [row] = await session.rows(sql, place);
  return row === undefined ? null : textOf(row[0]);
}

async function hasTables(session: Session, schema: string): Promise<boolean> {
  const sql = 'SELECT FROM information_schema.tables WHERE table_schema = $1 LIMIT 1';
  return (await session.rows(sql, schema)).length > 0;
}
