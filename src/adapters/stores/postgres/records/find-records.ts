/** Decides how documents are found by their fields: along the index of the field that orders the answer, and never by reading all. */
import {
  type FieldCondition,
  fieldPairs,
  type RecordFields,
  type RecordPage,
  type RecordPlan,
  type RecordQuery,
  type StoredRecord,
  textOf,
} from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { Cell, Session } from '../connection.ts';
import { decodeRecord, listRecords } from './records.ts';
import type { Tables } from '../tables.ts';

export async function findRecords(
  session: Session,
  tables: Tables,
  query: RecordQuery,
  page: RecordPage,
): Promise<readonly StoredRecord[]> {
  const { sql, values } = findStatement(tables, query, page);
  return (await session.rows(sql, ...values)).map((row) => decodeRecord(tables.location, row));
}

export function findStatement(
  tables: Tables,
  query: RecordQuery,
  { limit, offset = 0 }: RecordPage,
): { readonly sql: string; readonly values: readonly Cell[] } {
  const values: Cell[] = [];
  const conditions = conditionsOf(tables, query, values);
  const direction = query.descending === true ? 'DESC' : 'ASC';
  values.push(limit, offset);
  const sql = `SELECT r.kind, r.id, r.version, r.value
    FROM ${tables.recordFields} AS o JOIN ${tables.records} AS r ON r.kind = o.kind AND r.id = o.id
    WHERE ${conditions} ORDER BY o.value ${direction}, o.id ${direction}
    LIMIT $${values.length - 1} OFFSET $${values.length}`;
  return { sql, values };
}

export async function countRecords(
  session: Session,
  tables: Tables,
  { after: _after, ...query }: RecordQuery,
): Promise<number> {
  const values: Cell[] = [];
  const sql = `SELECT count(*) FROM ${tables.recordFields} AS o WHERE ${conditionsOf(tables, query, values)}`;
  const [row] = await session.rows(sql, ...values);
  return numberOf(row?.[0]);
}

/** Records of every kind with their fields: by kind, then by id. */
export async function listRecordsBelow(
  session: Session,
  tables: Tables,
  prefix: string,
): Promise<readonly StoredRecord[]> {
  const kinds = await session.rows(`SELECT DISTINCT kind FROM ${tables.records} ORDER BY kind`);
  const found: StoredRecord[] = [];
  for (const [kind] of kinds) {
    const records = await listRecords(session, tables, textOf(kind), prefix);
    const fields = await fieldsOf(session, tables, textOf(kind), records);
    for (const record of records) {
      const own = fields.get(record.id);
      found.push(own === undefined ? record : { ...record, fields: own });
    }
  }
  return found;
}

async function fieldsOf(
  session: Session,
  { recordFields }: Tables,
  kind: string,
  records: readonly StoredRecord[],
): Promise<ReadonlyMap<string, RecordFields>> {
  const ids = records.map(({ id }) => id);
  const sql = `SELECT id, field, value FROM ${recordFields} WHERE kind = $1 AND id = ANY ($2::text[]) ORDER BY id, field, value`;
  const fields = new Map<string, Record<string, string[]>>();
  for (const row of ids.length === 0 ? [] : await session.rows(sql, kind, ids)) {
    const [id, field, value] = row.map((cell) => textOf(cell));
    if (id === undefined || field === undefined || value === undefined) continue;
    const own = fields.get(id) ?? {};
    own[field] = [...(own[field] ?? []), value];
    fields.set(id, own);
  }
  return fields;
}

/** Gives written documents their fields; one that was removed has none, and one that was written without keeps its own. */
export async function writeFields(
  session: Session,
  tables: Tables,
  plans: readonly RecordPlan[],
): Promise<void> {
  const told = plans.filter(({ value, fields }) => value === null || fields !== null);
  if (told.length === 0) return;
  const rows = told.flatMap(({ kind, id, value, fields }) =>
    value === null ? [] : fieldPairs(fields ?? {}).map(([field, content]) => ({ kind, id, field, content })),
  );
  await session.rows(
    `SELECT ${tables.call('write_fields')}($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])`,
    told.map(({ kind }) => kind),
    told.map(({ id }) => id),
    rows.map(({ kind }) => kind),
    rows.map(({ id }) => id),
    rows.map(({ field }) => field),
    rows.map(({ content }) => content),
  );
}

/** Pushes the values that the text names. */
export function conditionsOf(
  { recordFields }: Tables,
  { kind, where = [], orderBy, descending, after }: RecordQuery,
  values: Cell[],
): string {
  const named = (value: Cell): string => `$${values.push(value)}`;
  const clauses = [`o.kind = ${named(kind)} AND o.field = ${named(orderBy)}`];
  for (const condition of where) {
    const { through, field } = condition;
    if (through !== undefined) {
      const [kind, by] = [named(through.kind), named(through.by)];
      clauses.push(`EXISTS (SELECT FROM ${recordFields} AS m
        JOIN ${recordFields} AS t ON t.kind = ${kind} AND t.field = ${by} AND t.value = m.value
        JOIN ${recordFields} AS f ON f.kind = t.kind AND f.id = t.id AND f.field = ${named(field)}
        WHERE m.kind = o.kind AND m.id = o.id AND m.field = ${by} AND ${valueClause(condition, 'f', named)})`);
    } else if (field === orderBy) clauses.push(valueClause(condition, 'o', named));
    else {
      clauses.push(`EXISTS (SELECT FROM ${recordFields} AS f WHERE f.kind = o.kind AND f.id = o.id
        AND f.field = ${named(field)} AND ${valueClause(condition, 'f', named)})`);
    }
  }
  if (after !== undefined) {
    const comparison = descending === true ? '<' : '>';
    clauses.push(`(o.value, o.id) ${comparison} (${named(after.value)}, ${named(after.id)})`);
  }
  return clauses.join(' AND ');
}

function valueClause(
  { oneOf, from, before }: FieldCondition,
  table: 'o' | 'f',
  named: (value: Cell) => string,
): string {
  const parts = [
    ...(oneOf === undefined ? [] : [`${table}.value = ANY (${named(oneOf)}::text[])`]),
    ...(from === undefined ? [] : [`${table}.value >= ${named(from)}`]),
    ...(before === undefined ? [] : [`${table}.value < ${named(before)}`]),
  ];
  return parts.length === 0 ? 'TRUE' : parts.join(' AND ');
}
