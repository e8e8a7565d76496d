/** Decides how documents are counted and summed by their fields, exactly, without reading one of them. */
import {
  type GroupField,
  type RecordGroup,
  type RecordQuery,
  type RecordSums,
  sortedGroups,
  textOf,
  textOrNull,
} from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { Cell, Session } from '../connection.ts';
import { conditionsOf } from '../records/find-records.ts';
import type { Tables } from '../tables.ts';
import type { SqlText } from './find-events.ts';

export async function sumRecords(
  session: Session,
  tables: Tables,
  query: RecordQuery,
  sums: RecordSums,
): Promise<readonly RecordGroup[]> {
  const { sql, values } = sumStatement(tables, query, sums);
  const groups = sums.groupBy.length;
  const found = (await session.rows(sql, ...values)).map((row) => ({
    by: row.slice(0, groups).map(textOrNull),
    count: numberOf(row[groups]),
    sums: sums.sum.map((_, index) => BigInt(textOf(row[groups + 1 + index]))),
  }));
  return sortedGroups(found.filter(({ count }) => count > 0));
}

export function sumStatement(
  tables: Tables,
  { after: _after, ...query }: RecordQuery,
  { groupBy, sum }: RecordSums,
): SqlText {
  const values: Cell[] = [];
  const named = (value: Cell): string => `$${values.push(value)}`;
  const join = (name: string, of: string, field: string): string =>
    `LEFT JOIN ${tables.recordFields} AS ${name} ON ${name}.kind = ${of}.kind AND ${name}.id = ${of}.id
      AND ${name}.field = ${named(field)}`;
  const groupJoin = ({ field, through }: GroupField, index: number): string => {
    if (through === undefined) return join(`g${index}`, 'o', field);
    const mine = join(`m${index}`, 'o', through.by);
    const theirs = `LEFT JOIN ${tables.recordFields} AS t${index} ON t${index}.kind = ${named(through.kind)}
      AND t${index}.field = ${named(through.by)} AND t${index}.value = m${index}.value`;
    return `${mine} ${theirs} ${join(`g${index}`, `t${index}`, field)}`;
  };
  const columns = [
    ...groupBy.map((_, index) => `g${index}.value`),
    'count(*)',
    ...sum.map((_, index) => `coalesce(sum(s${index}.value::numeric), 0)::text`),
  ];
  const joins = [...groupBy.map(groupJoin), ...sum.map((field, index) => join(`s${index}`, 'o', field))];
  const by = groupBy.length === 0 ? '' : `GROUP BY ${groupBy.map((_, index) => index + 1).join(', ')}`;
  const where = conditionsOf(tables, query, values);
  const sql = `SELECT ${columns.join(', ')} FROM ${tables.recordFields} AS o ${joins.join(' ')} WHERE ${where} ${by}`;
  return { sql, values };
}
