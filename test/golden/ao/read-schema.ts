// Reads of a database what the list of facts says of the rewrite's: the same questions, in the same words.
import type { DatabaseSync } from 'node:sqlite';

type Row = Readonly<Record<string, string | number | null>>;

export function readSchema(database: DatabaseSync): unknown {
  const all = (sql: string, ...values: string[]) => database.prepare(sql).all(...values) as Row[];
  const textOf = new Map(
    all('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL').map(({ name, sql }) => [
      String(name),
      String(sql),
    ]),
  );
  const tables = all('PRAGMA table_list').filter(
    ({ schema, type, name }) => schema === 'main' && type === 'table' && !String(name).startsWith('sqlite_'),
  );
  const indexes = all("SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL");
  const triggers = all("SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'");
  return {
    pragmas: byName(
      ['application_id', 'auto_vacuum', 'encoding', 'journal_mode', 'page_size', 'user_version'].map(
        (name) => [name, Object.values(all(`PRAGMA ${name}`)[0] ?? {})[0]],
      ),
    ),
    tables: byName(
      tables.map(({ name, wr, strict }) => [
        name,
        tableOf(all, { name: String(name), sql: textOf.get(String(name)) ?? '', wr, strict }),
      ]),
    ),
    indexes: byName(
      indexes.map(({ name, tbl_name: table }) => {
        const sql = textOf.get(String(name)) ?? '';
        const columns = /\(([^)]*)\)/
          .exec(sql)?.[1]
          ?.split(',')
          .map((column) => column.trim());
        return [
          name,
          {
            table,
            columns,
            unique: sql.startsWith('CREATE UNIQUE'),
            where: /\bWHERE (.+)$/.exec(sql)?.[1] ?? null,
          },
        ];
      }),
    ),
    triggers: byName(
      triggers.map(({ name, tbl_name: table, sql }) => [
        name,
        { table, event: /\bAFTER (INSERT|UPDATE|DELETE)\b/.exec(String(sql))?.[1] },
      ]),
    ),
    goose_rows: all('SELECT version_id, is_applied FROM goose_db_version ORDER BY id').map((row) =>
      Object.values(row),
    ),
  };
}

/** With values that are looked at as a whole. */
function byName(entries: readonly (readonly unknown[])[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(entries.map(([name, value]): [string, unknown] => [String(name), value]));
}

type All = (sql: string, ...values: string[]) => Row[];

function tableOf(
  all: All,
  { name, sql, wr, strict }: { name: string; sql: string; wr: unknown; strict: unknown },
): unknown {
  return {
    columns: all('SELECT * FROM pragma_table_info(?)', name).map(
      ({ cid, dflt_value: dflt, name: column, notnull, pk, type }) => ({
        cid,
        dflt,
        name: column,
        notnull,
        pk,
        type,
      }),
    ),
    foreign_keys: foreignKeys(all, name),
    indexes: indexesOf(all, name),
    checks: checksOf(sql),
    autoincrement: /\bAUTOINCREMENT\b/.test(sql),
    without_rowid: wr === 1,
    strict: strict === 1,
  };
}

function foreignKeys(all: All, table: string): unknown[] {
  return all('SELECT * FROM pragma_foreign_key_list(?)', table)
    .map(({ from, match, on_delete, on_update, table: to, to: column }) => ({
      from_: from,
      match,
      on_delete,
      on_update,
      table: to,
      to: column,
    }))
    .sort((left, right) => (String(left.table) < String(right.table) ? -1 : 1));
}

function indexesOf(all: All, table: string): unknown[] {
  return all('SELECT * FROM pragma_index_list(?)', table)
    .map(({ name, origin, partial, unique }) => ({
      name: origin === 'c' ? name : null,
      origin,
      partial,
      unique,
      cols: all('SELECT * FROM pragma_index_xinfo(?) WHERE key = 1', String(name)).map(
        ({ name: col, coll, desc }) => ({ col, coll, desc }),
      ),
    }))
    .sort((left, right) => (key(left) < key(right) ? -1 : 1));
}

function key({ origin, name, cols }: { origin: unknown; name: unknown; cols: unknown }): string {
  return JSON.stringify([origin, name ?? '', cols]);
}

/** The text inside each CHECK, with the white space that does not count taken out, sorted. */
function checksOf(sql: string): string[] {
  const found: string[] = [];
  for (const { index } of sql.matchAll(/\bCHECK \(/g)) {
    let depth = 0;
    let end = sql.indexOf('(', index);
    const start = end + 1;
    do {
      if (sql[end] === '(') depth += 1;
      if (sql[end] === ')') depth -= 1;
      end += 1;
    } while (depth > 0);
    found.push(
      sql
        .slice(start, end - 1)
        .replace(/\s+/g, ' ')
        .replace(/ IN \( ?/g, ' IN(')
        .replace(/, /g, ',')
        .replace(/ \)$/, ')'),
    );
  }
  return found.sort();
}
