/** Decides when a log may go: when it stands where its caller saw it, nobody holds it, and no fork reads from it. */
import {
  concurrentWriter,
  type Head,
  refuseThere,
  runNeeded,
  type StoredRecord,
  textOf,
} from '../../../../log/index.ts';
import type { Session } from '../connection.ts';
import { lockAll } from '../locks.ts';
import { requireLog } from '../log-row.ts';
import type { Ownership } from '../ownership.ts';
import { listRecordsBelow } from '../records/find-records.ts';
import { findRecord } from '../records/records.ts';
import type { Tables } from '../tables.ts';

/** Inside of a transaction. */
export async function removeLog(
  session: Session,
  tables: Tables,
  head: Head,
  ownership: Ownership,
  unless?: Pick<StoredRecord, 'kind' | 'id'>,
): Promise<void> {
  const { logId } = head;
  // Whoever writes the document meanwhile comes before this or behind it.
  await lockAll(session, tables, [logId], unless === undefined ? [] : [unless.id]);
  if (unless !== undefined) refuseThere(unless, await findRecord(session, tables, unless.kind, unless.id));
  const log = await requireLog(session, tables, logId, 'remove');
  if (log.seq !== head.seq || log.hash !== head.hash)
    throw concurrentWriter({ what: 'run', id: logId, expected: head.seq, actual: log.seq });
  await ownership.refuseHeld(session, log);
  const forks = await forksOf(session, tables, logId);
  if (forks.length > 0) throw runNeeded({ logId, forks });
  await session.rows(`DELETE FROM ${tables.events} WHERE log = $1`, log.number);
  await session.rows(`DELETE FROM ${tables.logs} WHERE log = $1`, log.number);
  const nested = await nestedIn(session, tables, logId);
  const below = (await listRecordsBelow(session, tables, `${logId}/`)).filter(
    ({ id }) => !nested.some((other) => id.startsWith(`${other}/`)),
  );
  if (below.length === 0) return;
  const ids = below.map(({ id }) => id);
  await lockAll(session, tables, [], ids);
  const kinds = below.map(({ kind }) => kind);
  for (const table of [tables.records, tables.recordFields]) {
    const remove = `DELETE FROM ${table} AS r USING unnest($1::text[], $2::text[]) AS w(kind, id)
      WHERE r.kind = w.kind AND r.id = w.id`;
    await session.rows(remove, kinds, ids);
  }
}

/** Logs such as `a/b`, whose records stand below the prefix of `a`. */
async function nestedIn(session: Session, { logs }: Tables, logId: string): Promise<readonly string[]> {
  const rows = await session.rows(`SELECT id FROM ${logs} WHERE starts_with(id, $1)`, `${logId}/`);
  return rows.map(([id]) => textOf(id));
}

/** A fork names each log that it reads in its lineage, and is made behind the lock of its parent. */
async function forksOf(session: Session, { logs }: Tables, logId: string): Promise<readonly string[]> {
  const sql = `SELECT l.id FROM ${logs} AS l WHERE l.lineage <> '[]'
    AND EXISTS (SELECT FROM json_array_elements(l.lineage::json) AS s WHERE s ->> 0 = $1) ORDER BY l.log`;
  return (await session.rows(sql, logId)).map(([id]) => textOf(id));
}
