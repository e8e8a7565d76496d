/** Decides how documents beside the logs are kept: one row each, and no trace of one that was removed. */
import { decodeRow, fieldPairs, type RecordPlan, type StoredRecord, textOf } from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { SqliteConnection } from '../connection.ts';
import type { SqliteRow } from '../driver.ts';

const pageSize = 500;
const columns = 'SELECT kind, id, version, value FROM records';

export function findRecord(connection: SqliteConnection, kind: string, id: string): StoredRecord | undefined {
  const row = connection.row(`${columns} WHERE kind = ? AND id = ?`, kind, id);
  return row === undefined ? undefined : decodeRecord(connection, row);
}

export function findRecordBefore(
  connection: SqliteConnection,
  kind: string,
  id: string,
): StoredRecord | undefined {
  const row = connection.row(`${columns} WHERE kind = ? AND id < ? ORDER BY id DESC LIMIT 1`, kind, id);
  return row === undefined ? undefined : decodeRecord(connection, row);
}

/** Of every kind when `kind` is null. Without their fields. */
export function listRecords(
  connection: SqliteConnection,
  kind: string | null,
  prefix: string,
): readonly StoredRecord[] {
  const kinds =
    kind === null
      ? connection.rows('SELECT DISTINCT kind FROM records ORDER BY kind').map(([found]) => textOf(found))
      : [kind];
  return kinds.flatMap((each) => listKind(connection, each, prefix));
}

/** Ids with one prefix stand side by side in the order of UTF-8 bytes, so reading ends at the first that lacks it. */
function listKind(connection: SqliteConnection, kind: string, prefix: string): readonly StoredRecord[] {
  const found: StoredRecord[] = [];
  let sql = `${columns} WHERE kind = ? AND id >= ? ORDER BY id LIMIT ${pageSize}`;
  let from = prefix;
  for (;;) {
    const page = connection.rows(sql, kind, from).map((row) => decodeRecord(connection, row));
    const fitting = page.findIndex(({ id }) => !id.startsWith(prefix));
    found.push(...(fitting === -1 ? page : page.slice(0, fitting)));
    const last = page.at(-1);
    if (last === undefined || fitting !== -1 || page.length < pageSize) return found;
    sql = `${columns} WHERE kind = ? AND id > ? ORDER BY id LIMIT ${pageSize}`;
    from = last.id;
  }
}

const insertRecord = `INSERT INTO records (kind, id, version, value) VALUES (?, ?, ?, ?)
  ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, value = excluded.value`;
const insertField = 'INSERT INTO record_fields (kind, field, value, id) VALUES (?, ?, ?, ?)';

export function writeRecords(connection: SqliteConnection, plans: readonly RecordPlan[]): void {
  for (const { kind, id, version, value, fields } of plans) {
    if (value === null) {
      removeRecord(connection, kind, id);
      continue;
    }
    connection.run(insertRecord, kind, id, version, value);
    if (fields === null) continue;
    connection.run(forgetFields, kind, id);
    for (const [field, content] of fieldPairs(fields)) connection.run(insertField, kind, field, content, id);
  }
}

const forgetFields = 'DELETE FROM record_fields WHERE kind = ? AND id = ?';

export function removeRecord(connection: SqliteConnection, kind: string, id: string): void {
  connection.run('DELETE FROM records WHERE kind = ? AND id = ?', kind, id);
  connection.run(forgetFields, kind, id);
}

export function decodeRecord({ location }: SqliteConnection, row: SqliteRow): StoredRecord {
  const [kind, id, version, value] = row;
  return decodeRow({ location, row: `record '${String(id)}' of kind '${String(kind)}'` }, () => ({
    kind: textOf(kind),
    id: textOf(id),
    version: numberOf(version),
    value: textOf(value),
  }));
}
