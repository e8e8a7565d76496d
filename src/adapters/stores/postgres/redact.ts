/** Decides how payloads are dropped from the database: rows are read and locked, and each gets its tombstone in one statement. */
import type { Sha256 } from '../../../base/index.ts';
import {
  keepsItsPayloads,
  payloadHashOf,
  planRecords,
  readTombstone,
  type RecordWrite,
  type Redaction,
  textOf,
  tombstoneText,
} from '../../../log/index.ts';
import { numberOf } from './cells.ts';
import type { Session } from './connection.ts';
import { requireLog } from './log-row.ts';
import { lockAll } from './locks.ts';
import { writeFields } from './records/find-records.ts';
import { findWritten, lastPlans, writeRecords } from './records/records.ts';
import type { Tables } from './tables.ts';

export async function redactEvents(
  session: Session,
  tables: Tables,
  { logId, seqs, note }: Redaction,
  records: readonly RecordWrite[],
  sha256: Sha256,
): Promise<number> {
  const log = await requireLog(session, tables, logId, 'redact');
  if (log.kind !== 'session') throw keepsItsPayloads(logId);
  if (records.length > 0) await writeDocuments(session, tables, logId, records);
  const select = `SELECT e.seq, e.payload FROM ${tables.events} AS e
    WHERE e.log = $1 AND e.seq = ANY ($2::bigint[]) ORDER BY e.seq FOR UPDATE`;
  const present = (await session.rows(select, log.number, [...new Set(seqs)]))
    .map(([seq, payload]) => ({ seq: numberOf(seq), payload: textOf(payload) }))
    .filter(({ payload }) => readTombstone(payload) === null);
  if (present.length === 0) return 0;
  const write = `UPDATE ${tables.events} AS e SET payload = w.payload
    FROM unnest($2::bigint[], $3::text[]) AS w(seq, payload) WHERE e.log = $1 AND e.seq = w.seq`;
  await session.rows(
    write,
    log.number,
    present.map(({ seq }) => seq),
    present.map(({ payload }) => tombstoneText({ payloadHash: payloadHashOf(payload, sha256), note })),
  );
  return present.length;
}

/** Locked as in a commit: the log first, then the documents. */
async function writeDocuments(
  session: Session,
  tables: Tables,
  logId: string,
  records: readonly RecordWrite[],
): Promise<void> {
  const ids = records.map(({ id }) => id);
  await lockAll(session, tables, [logId], ids);
  const stored = await findWritten(session, tables, records);
  const plans = planRecords(records, (kind, id) =>
    stored.find((record) => record.kind === kind && record.id === id),
  );
  const documents = lastPlans(plans);
  await writeRecords(session, tables, documents);
  await writeFields(session, tables, documents);
}
