/** Decides how documents beside the logs are kept: one row each, and no trace of one that was removed. */
import {
  decodeRow,
  type RecordPlan,
  type RecordWrite,
  type StoredRecord,
  textOf,
} from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { Session } from '../connection.ts';
import type { PostgresRow } from '../driver.ts';
import type { Tables } from '../tables.ts';

const pageSize = 500;
const columns = 'r.kind, r.id, r.version, r.value';

export async function findRecord(
  session: Session,
  { records, location }: Tables,
  kind: string,
  id: string,
): Promise<StoredRecord | undefined> {
  const sql = `SELECT ${columns} FROM ${records} AS r WHERE r.kind = $1 AND r.id = $2`;
  const [row] = await session.rows(sql, kind, id);
  return row === undefined ? undefined : decodeRecord(location, row);
}

export async function findRecordBefore(
  session: Session,
  { records, location }: Tables,
  kind: string,
  id: string,
): Promise<StoredRecord | undefined> {
  const sql = `SELECT ${columns} FROM ${records} AS r WHERE r.kind = $1 AND r.id < $2 ORDER BY r.id DESC LIMIT 1`;
  const [row] = await session.rows(sql, kind, id);
  return row === undefined ? undefined : decodeRecord(location, row);
}

/** The documents that these writes are about, as far as they are there. */
export async function findWritten(
  session: Session,
  { records, location }: Tables,
  writes: readonly RecordWrite[],
): Promise<readonly StoredRecord[]> {
  const sql = `SELECT ${columns} FROM unnest($1::text[], $2::text[]) AS w(kind, id)
    JOIN ${records} AS r ON r.kind = w.kind AND r.id = w.id`;
  const rows = await session.rows(
    sql,
    writes.map(({ kind }) => kind),
    writes.map(({ id }) => id),
  );
  return rows.map((row) => decodeRecord(location, row));
}

/** Ids with one prefix stand side by side in the order of UTF-8 bytes, so reading ends at the first that lacks it. */
export async function listRecords(
  session: Session,
  { records, location }: Tables,
  kind: string,
  prefix: string,
): Promise<readonly StoredRecord[]> {
  const found: StoredRecord[] = [];
  let comparison = '>=';
  let from = prefix;
  for (;;) {
    const sql = `SELECT ${columns} FROM ${records} AS r WHERE r.kind = $1 AND r.id ${comparison} $2
      ORDER BY r.id LIMIT ${pageSize}`;
    const page = (await session.rows(sql, kind, from)).map((row) => decodeRecord(location, row));
    const fitting = page.findIndex(({ id }) => !id.startsWith(prefix));
    found.push(...(fitting === -1 ? page : page.slice(0, fitting)));
    const last = page.at(-1);
    if (last === undefined || fitting !== -1 || page.length < pageSize) return found;
    comparison = '>';
    from = last.id;
  }
}

/** One plan a document. */
export async function writeRecords(
  session: Session,
  tables: Tables,
  plans: readonly RecordPlan[],
): Promise<void> {
  if (plans.length === 0) return;
  await session.rows(
    `SELECT ${tables.call('write_records')}($1::text[], $2::text[], $3::bigint[], $4::text[])`,
    plans.map(({ kind }) => kind),
    plans.map(({ id }) => id),
    plans.map(({ version }) => version),
    plans.map(({ value }) => value),
  );
}

/** The plan that counts of each document: the last one. */
export function lastPlans(plans: readonly RecordPlan[]): readonly RecordPlan[] {
  return [...new Map(plans.map((plan) => [JSON.stringify([plan.kind, plan.id]), plan])).values()];
}

export function decodeRecord(location: string, row: PostgresRow): StoredRecord {
  const [kind, id, version, value] = row;
  return decodeRow({ location, row: `record '${String(id)}' of kind '${String(kind)}'` }, () => ({
    kind: textOf(kind),
    id: textOf(id),
    version: numberOf(version),
    value: textOf(value),
  }));
}
