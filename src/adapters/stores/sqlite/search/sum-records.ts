/**
 * Decides how documents are counted and summed by their fields, without reading one of them. A value may be larger than SQLite's
 * numbers are: its last nine digits and those before them are summed apart.
 */
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
import type { SqliteConnection } from '../connection.ts';
import { type Clause, conditionsOf } from '../records/find-records.ts';

const digitsApart = 9;

export function sumRecords(
  connection: SqliteConnection,
  query: RecordQuery,
  sums: RecordSums,
): readonly RecordGroup[] {
  const { sql, values } = sumStatement(query, sums);
  const groups = sums.groupBy.length;
  const found = connection.rows(sql, ...values).map((row) => ({
    by: row.slice(0, groups).map(textOrNull),
    count: numberOf(row[groups]),
    sums: sums.sum.map((_, index) => {
      const high = BigInt(textOf(row[groups + 1 + 2 * index]));
      return high * 10n ** BigInt(digitsApart) + BigInt(textOf(row[groups + 2 + 2 * index]));
    }),
  }));
  return sortedGroups(found.filter(({ count }) => count > 0));
}

/** A list that groups by nothing is one group. */
export function sumStatement({ after: _after, ...query }: RecordQuery, { groupBy, sum }: RecordSums): Clause {
  const where = conditionsOf(query);
  const groups = groupBy.map(groupJoin);
  const columns = [
    ...groupBy.map((_, index) => `g${index}.value`),
    'count(*)',
    ...sum.flatMap((_, index) => [
      `CAST(coalesce(sum(CAST(substr(s${index}.value, 1, length(s${index}.value) - ${digitsApart}) AS INTEGER)), 0) AS TEXT)`,
      `CAST(coalesce(sum(CAST(substr(s${index}.value, -${digitsApart}) AS INTEGER)), 0) AS TEXT)`,
    ]),
  ];
  const joins = [
    ...groups.map(({ sql }) => sql),
    ...sum.map(
      (_, index) =>
        `LEFT JOIN record_fields AS s${index} ON s${index}.kind = o.kind AND s${index}.id = o.id AND s${index}.field = ?`,
    ),
  ];
  const by = groupBy.length === 0 ? '' : `GROUP BY ${groupBy.map((_, index) => index + 1).join(', ')}`;
  return {
    sql: `SELECT ${columns.join(', ')} FROM record_fields AS o ${joins.join(' ')} WHERE ${where.sql} ${by}`,
    values: [...groups.flatMap(({ values }) => values), ...sum, ...where.values],
  };
}

function groupJoin({ field, through }: GroupField, index: number): Clause {
  const join = (name: string, of: string): string =>
    `LEFT JOIN record_fields AS ${name} ON ${name}.kind = ${of}.kind AND ${name}.id = ${of}.id AND ${name}.field = ?`;
  const own = `g${index}`;
  if (through === undefined) return { sql: join(own, 'o'), values: [field] };
  const [mine, theirs] = [`m${index}`, `t${index}`];
  return {
    sql: `${join(mine, 'o')} LEFT JOIN record_fields AS ${theirs} ON ${theirs}.kind = ? AND ${theirs}.field = ?
      AND ${theirs}.value = ${mine}.value ${join(own, theirs)}`,
    values: [through.by, through.kind, through.by, field],
  };
}
