/**
 * Decides where in a database the tables of a program whose history can be brought along are looked for: in the schema that is named,
 * and where its tables usually stand when nobody has named one and no store of this product is there.
 */

import { textOf } from '../../../../log/index.ts';
import type { Session } from '../connection.ts';
import { defaultSchema } from '../tables.ts';

/** They make their tables where their search path begins. */
const usualSchema = 'public';

/** The columns that tell the tables of each program from those of others. */
const products = [
  {
    product: 'ActiveGraph',
    marks: `('events', 'id'), ('events', 'run_id'), ('events', 'payload'), ('meta', 'key'), ('meta', 'value')`,
  },
  {
    product: 'agent_session_manager',
    marks: `('asm_sessions', 'id'), ('asm_sessions', 'agent_id'), ('asm_events', 'session_id'),
      ('asm_events', 'sequence_number'), ('asm_events', 'data')`,
  },
] as const;

export interface ForeignProduct {
  readonly product: string;
  /** The schema that has its tables. */
  readonly schema: string;
}

/** `null` when there is none. Reads only. */
export async function findForeignProduct(session: Session, schema: string): Promise<ForeignProduct | null> {
  const isElsewhere = schema === defaultSchema && !(await hasTables(session, schema));
  const place = isElsewhere ? usualSchema : schema;
  for (const { product, marks } of products) {
    const sql = `SELECT c.table_schema FROM information_schema.columns AS c
      JOIN (VALUES ${marks}) AS m(t, c) ON m.t = c.table_name AND m.c = c.column_name
      WHERE c.table_schema = $1 GROUP BY c.table_schema HAVING count(*) = 5`;
    const [row] = await session.rows(sql, place);
    if (row !== undefined) return { product, schema: textOf(row[0]) };
  }
  return null;
}

async function hasTables(session: Session, schema: string): Promise<boolean> {
  const sql = 'SELECT FROM information_schema.tables WHERE table_schema = $1 LIMIT 1';
  return (await session.rows(sql, schema)).length > 0;
}
