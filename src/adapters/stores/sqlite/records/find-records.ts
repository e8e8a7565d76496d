/** Decides how documents are found by their fields: along the index of the field that orders the answer, and never by reading all. */
import {
  type FieldBridge,
  type FieldCondition,
  type RecordFields,
  type RecordPage,
  type RecordQuery,
  type StoredRecord,
  textOf,
} from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { SqliteConnection } from '../connection.ts';
import type { SqliteValue } from '../driver.ts';
import { decodeRecord, listRecords } from './records.ts';

export interface Clause {
  readonly sql: string;
  readonly values: readonly SqliteValue[];
}

export function findRecords(
  connection: SqliteConnection,
  query: RecordQuery,
  page: RecordPage,
): readonly StoredRecord[] {
  const { sql, values } = findStatement(query, page);
  return connection.rows(sql, ...values).map((row) => decodeRecord(connection, row));
}

export function findStatement(query: RecordQuery, { limit, offset = 0 }: RecordPage): Clause {
  const { sql, values } = conditionsOf(query);
  const direction = query.descending === true ? 'DESC' : 'ASC';
  const page = `SELECT r.kind, r.id, r.version, r.value FROM record_fields AS o JOIN records AS r ON r.kind = o.kind AND r.id = o.id
    WHERE ${sql} ORDER BY o.value ${direction}, o.id ${direction} LIMIT ? OFFSET ?`;
  return { sql: page, values: [...values, limit, offset] };
}

export function countRecords(connection: SqliteConnection, { after: _after, ...query }: RecordQuery): number {
  const { sql, values } = conditionsOf(query);
  return numberOf(connection.row(`SELECT count(*) FROM record_fields AS o WHERE ${sql}`, ...values)?.[0]);
}

/** Records of every kind with their fields. A store of an earlier layout has none. */
export function listRecordsBelow(connection: SqliteConnection, prefix: string): readonly StoredRecord[] {
  const records = listRecords(connection, null, prefix);
  const known = connection.row("SELECT 1 FROM sqlite_schema WHERE name = 'record_fields'");
  if (known === undefined) return records;
  return records.map((record) => {
    const fields = fieldsOf(connection, record);
    return fields === null ? record : { ...record, fields };
  });
}

const selectFields = 'SELECT field, value FROM record_fields WHERE kind = ? AND id = ? ORDER BY field, value';

function fieldsOf(connection: SqliteConnection, { kind, id }: StoredRecord): RecordFields | null {
  const fields = new Map<string, string[]>();
  for (const [field, value] of connection.rows(selectFields, kind, id)) {
    const values = fields.get(textOf(field)) ?? [];
    fields.set(textOf(field), [...values, textOf(value)]);
  }
  return fields.size === 0 ? null : Object.fromEntries(fields);
}

/** Leads from the document `o` to the rows `t` of those that share a value with it; asks for the values of `bridgeValues`. */
const bridge = `record_fields AS m CROSS JOIN record_fields AS t
  ON m.kind = o.kind AND m.id = o.id AND m.field = ? AND t.kind = ? AND t.field = ? AND t.value = m.value`;

function bridgeValues({ kind, by }: FieldBridge): readonly string[] {
  return [by, kind, by];
}

export function conditionsOf({ kind, where = [], orderBy, descending, after }: RecordQuery): Clause {
  const clauses: Clause[] = [{ sql: 'o.kind = ? AND o.field = ?', values: [kind, orderBy] }];
  for (const condition of where) {
    const { through } = condition;
    const isOrder = condition.field === orderBy && through === undefined;
    const { sql, values } = valueClause(condition, isOrder ? 'o' : 'f');
    if (isOrder) clauses.push({ sql, values });
    else if (through !== undefined) {
      clauses.push({
        sql: `EXISTS (SELECT 1 FROM ${bridge}
          CROSS JOIN record_fields AS f ON f.kind = t.kind AND f.id = t.id AND f.field = ? AND ${sql})`,
        values: [...bridgeValues(through), condition.field, ...values],
      });
    } else {
      const some = `EXISTS (SELECT 1 FROM record_fields AS f WHERE f.kind = o.kind AND f.id = o.id AND f.field = ? AND ${sql})`;
      clauses.push({ sql: some, values: [condition.field, ...values] });
    }
  }
  if (after !== undefined) {
    clauses.push({
      sql: `(o.value, o.id) ${descending === true ? '<' : '>'} (?, ?)`,
      values: [after.value, after.id],
    });
  }
  return {
    sql: clauses.map(({ sql }) => sql).join(' AND '),
    values: clauses.flatMap(({ values }) => values),
  };
}

function valueClause({ oneOf, from, before }: FieldCondition, table: 'o' | 'f'): Clause {
  const parts: Clause[] = [];
  const [only, ...others] = oneOf ?? [];
  if (only !== undefined && others.length === 0) parts.push({ sql: `${table}.value = ?`, values: [only] });
  else if (oneOf !== undefined) {
    parts.push({
      sql: `${table}.value IN (SELECT j.value FROM json_each(?) AS j)`,
      values: [JSON.stringify(oneOf)],
    });
  }
  if (from !== undefined) parts.push({ sql: `${table}.value >= ?`, values: [from] });
  if (before !== undefined) parts.push({ sql: `${table}.value < ?`, values: [before] });
  if (parts.length === 0) return { sql: 'TRUE', values: [] };
  return { sql: parts.map(({ sql }) => sql).join(' AND '), values: parts.flatMap(({ values }) => values) };
}
