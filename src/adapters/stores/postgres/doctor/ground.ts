/** Decides how the indexes of a PostgreSQL store are checked: by the server's own extension for it, where it is installed. */
import { type GroundFault, isDamage, textOf } from '../../../../log/index.ts';

import type { Session } from '../connection.ts';
import type { Tables } from '../tables.ts';

export async function checkGround(session: Session, { schema }: Tables): Promise<readonly GroundFault[]> {
  return [...(await checkObjects(session, schema)), ...(await checkIndexes(session, schema))];
}

const ours = ['events', 'logs', 'meta', 'owners', 'record_fields', 'records', 'schema_migrations'];

/** More of them say nothing new. */
const foreignAtMost = 20;

const selectForeign = `SELECT CASE WHEN c.relname = ANY ($2::text[]) THEN 'file' ELSE 'foreign' END, CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'view ' ELSE 'table ' END || c.relname
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
      AND (c.relname <> ALL ($2::text[]) OR c.relkind IN ('f', 'v', 'm'))
  UNION ALL SELECT 'meddler', 'trigger ' || t.tgname || ' on ' || c.relname
    FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = ANY ($2::text[]) AND NOT t.tgisinternal
  UNION ALL SELECT 'meddler', 'rule ' || r.rulename || ' on ' || c.relname
    FROM pg_catalog.pg_rewrite AS r JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = ANY ($2::text[]) AND r.rulename <> '_RETURN'
  ORDER BY 1 DESC, 2 LIMIT ${foreignAtMost}`;

async function checkObjects(session: Session, schema: string): Promise<readonly GroundFault[]> {
  const rows = await session.rows(selectForeign, schema, ours);
  return rows.map(([kind, name]) =>
    kind === 'file'
      ? { kind, what: `The ${textOf(name)} stands where a store has a table of its own.` }
      : {
          kind: kind === 'meddler' ? 'meddler' : 'foreign',
          what: `The ${textOf(name)} belongs to no store.`,
        },
  );
}

async function checkIndexes(session: Session, schema: string): Promise<readonly GroundFault[]> {
  const [extension] = await session.rows(
    `SELECT quote_ident(n.nspname) FROM pg_catalog.pg_extension AS e
      JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'amcheck'`,
  );
  if (extension === undefined) {
    const what =
      'The indexes are not checked: the extension amcheck is not installed (`CREATE EXTENSION amcheck` by a superuser).';
    return [{ kind: 'unchecked', what }];
  }
  const indexes = await session.rows(
    `SELECT i.indexrelid::text, c.relname FROM pg_catalog.pg_index AS i
      JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_am AS a ON a.oid = c.relam AND a.amname = 'btree'
      WHERE n.nspname = $1 ORDER BY c.relname`,
    schema,
  );
  const faults: GroundFault[] = [];
  for (const [oid, name] of indexes) {
    const problem = await problemOf(session, textOf(extension[0]), textOf(oid));
    if (problem !== null) faults.push({ kind: 'index', what: `Index ${textOf(name)}: ${problem}` });
  }
  return faults;
}

/** A failed statement must not end the transaction that everything else is read in. */
async function problemOf(session: Session, extensionSchema: string, oid: string): Promise<string | null> {
  await session.rows('SAVEPOINT look');
  try {
    await session.rows(`SELECT ${extensionSchema}.bt_index_check($1::oid::regclass, true)`, oid);
    await session.rows('RELEASE SAVEPOINT look');
    return null;
  } catch (error) {
    if (!isDamage(error)) throw error;
    await session.rows('ROLLBACK TO SAVEPOINT look');
    return error.whatFailed;
  }
}
