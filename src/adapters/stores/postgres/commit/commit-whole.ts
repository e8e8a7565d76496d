/**
 * Decides what becomes of a commit that is not plain: its logs and documents are locked, what it is about is read, and the plan
 * of `log` says what is written, or why not. So every answer is that of the other stores.
 */
import { seqOfEventId, type Sha256 } from '../../../../base/index.ts';
import {
  type CommitPart,
  type Committed,
  type LogState,
  type PartPlan,
  planCommit,
  planRecords,
  type NewLog,
  type RecordWrite,
  type SessionPart,
  runNotFound,
  isStray,
  type StoredEvent,
  type StoredRecord,
} from '../../../../log/index.ts';
import type { Session } from '../connection.ts';
import { chainBytes, eventLists, listTypes, parameters, storedIds } from './event-lists.ts';
import { findEvents } from '../find-events.ts';
import { lockAll, lockNewLogs } from '../locks.ts';
import { createLog } from '../create.ts';
import { findLogs, headOf, type LogRow, requireLog } from '../log-row.ts';
import { writeFields } from '../records/find-records.ts';
import { findWritten, lastPlans, writeRecords } from '../records/records.ts';
import type { Tables } from '../tables.ts';

export interface CommitRequest {
  readonly parts: readonly SessionPart[];
  readonly records: readonly RecordWrite[];
}

/** Inside of a transaction. */
export async function commitWhole(
  session: Session,
  tables: Tables,
  { parts, records }: CommitRequest,
  sha256: Sha256,
): Promise<readonly Committed[]> {
  const logIds = [...new Set(parts.map(({ logId }) => logId))];
  const recordIds = records.map(({ id }) => id);
  const mayMakeLogs = parts.some(({ log }) => log !== undefined);
  await lockAll(session, tables, logIds, mayMakeLogs ? [] : recordIds);
  const logs = new Map(logIds.length === 0 ? [] : await findLogs(session, tables, logIds));
  const births = new Map<string, NewLog>();
  for (const { logId, log } of parts) if (log !== undefined && !logs.has(logId)) births.set(logId, log);
  if (births.size > 0) await lockNewLogs(session, tables);
  if (mayMakeLogs) await lockAll(session, tables, [], recordIds);
  const states = new Map<string, LogState>();
  for (const logId of logIds) {
    const birth = births.get(logId);
    if (birth !== undefined) states.set(logId, stateAtBirth(birth));
    else states.set(logId, await stateOf(session, tables, requireKnown(logs, logId), parts));
  }
  const plan = planCommit(parts, (logId) => requireKnown(states, logId), sha256);
  const stored = records.length === 0 ? [] : await findWritten(session, tables, records);
  const storedOf = (kind: string, id: string): StoredRecord | undefined =>
    stored.find((record) => record.kind === kind && record.id === id);
  const writes = plan.isRepeat ? [] : planRecords(records, storedOf);
  for (const [logId, birth] of births) {
    await createLog(session, tables, birth);
    logs.set(logId, await requireLog(session, tables, logId, 'commit'));
  }
  const committed: Committed[] = [];
  for (const part of plan.parts) {
    const log = await writePart(session, tables, requireKnown(logs, part.logId), part, sha256);
    logs.set(part.logId, log);
    committed.push({ head: { ...headOf(log), seq: part.headSeq }, appended: part.rows.length });
  }
  const documents = lastPlans(writes);
  await writeRecords(session, tables, documents);
  await writeFields(session, tables, documents);
  return committed;
}

/** A log that is made together with its first events. */
function stateAtBirth({ kind }: NewLog): LogState {
  return { seq: 0, epoch: 0, kind, mayHoldStrayIds: false, find: () => undefined };
}

async function stateOf(
  session: Session,
  tables: Tables,
  log: LogRow,
  parts: readonly CommitPart[],
): Promise<LogState> {
  const asked = parts.filter(({ logId }) => logId === log.id).flatMap((part) => unsureIds(part, log));
  const found = await findEvents(session, tables, log, [...new Set(asked)]);
  return {
    seq: log.seq,
    epoch: log.epoch,
    kind: log.kind,
    mayHoldStrayIds: log.hasStrayIds,
    find: (eventId): StoredEvent | undefined => found.get(eventId),
  };
}

/** Ids that may be stored already: all but the canonical ones of the next places of a log without stray ids. */
function unsureIds({ expected, events }: CommitPart, log: LogRow): readonly string[] {
  const isNext = expected === log.seq && !log.hasStrayIds;
  const unsure = isNext
    ? events.filter(({ id }, index) => seqOfEventId(id) !== expected + index + 1)
    : events;
  return unsure.map(({ id }) => id);
}

/** Writes what was planned for a log, and returns its row as it is then. */
export async function writePart(
  session: Session,
  tables: Tables,
  log: LogRow,
  { rows, headSeq }: PartPlan,
  sha256: Sha256,
): Promise<LogRow> {
  if (rows.length === 0) return log;
  const start = headSeq - rows.length;
  const hashes = chainBytes(log.hash, rows, sha256);
  const insert = `SELECT ${tables.call('insert_events')}($1, $2, $3, ${parameters(4, listTypes)})`;
  await session.rows(insert, log.number, start, hashes, ...eventLists(rows, storedIds(rows, start)));
  const hash = hashes.subarray(-32);
  const hasStrayIds = log.hasStrayIds || rows.some(({ id }, index) => isStray(id, start + index + 1));
  const move = `UPDATE ${tables.logs} SET seq = $2, hash = $3, has_stray_ids = $4 WHERE log = $1`;
  await session.rows(move, log.number, headSeq, hash, hasStrayIds);
  return { ...log, seq: headSeq, hash: hash.toString('hex'), hasStrayIds };
}

function requireKnown<T>(known: ReadonlyMap<string, T>, logId: string): T {
  const found = known.get(logId);
  if (found === undefined) throw runNotFound({ logId, operation: 'commit' });
  return found;
}
