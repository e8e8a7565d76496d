/** Decides how a commit of the port becomes rows: first everything is checked, then events, heads and records are written. */
import type { Sha256 } from '../../../base/index.ts';
import {
  type Committed,
  damagedHistory,
  genesisHash,
  type LogState,
  type NewLog,
  type PartPlan,
  planCommit,
  planRecords,
} from '../../../log/index.ts';
import type { SqliteConnection } from './connection.ts';
import { checkCreate } from './create.ts';
import { findEvent } from './find-event.ts';
import { chainHashes, insertEvents } from './insert-events.ts';
import { findLog, type LogRow, requireLog } from './log-row.ts';
import { findRecord, writeRecords } from './records/records.ts';
import {
  checkRemembered,
  type CommitPlace,
  type CommitRequest,
  remember,
  type Trust,
} from './remembered-logs.ts';

/** Throws the refusal, or returns what writes the commit. Both run in one transaction. */
export function checkCommit(
  place: CommitPlace,
  request: CommitRequest,
  trust: Trust,
): () => readonly Committed[] {
  return checkRemembered(place, request, trust) ?? checkWhole(place, request);
}

function checkWhole(
  { connection, sha256, known }: CommitPlace,
  request: CommitRequest,
): () => readonly Committed[] {
  const logs = new Map<string, LogRow>();
  const births = new Map<string, NewLog>();
  for (const { logId, log } of request.parts) {
    if (log === undefined || logs.has(logId)) continue;
    const present = findLog(connection, logId);
    if (present === undefined) births.set(logId, log);
    else logs.set(logId, present);
  }
  const logOf = (logId: string): LogRow => {
    const log = logs.get(logId) ?? requireLog(connection, logId, 'commit');
    logs.set(logId, log);
    return log;
  };
  const statesOf = (logId: string): LogState => {
    const birth = births.get(logId);
    return birth === undefined ? stateOf(connection, logOf(logId)) : stateAtBirth(birth);
  };
  const plan = planCommit(request.parts, statesOf, sha256);
  const storedOf = (kind: string, id: string) => findRecord(connection, kind, id);
  const records = plan.isRepeat ? [] : planRecords(request.records, storedOf);
  return () => {
    for (const birth of births.values()) checkCreate(connection, birth)();
    const committed = plan.parts.map((part) => {
      const log = writePart(connection, logOf(part.logId), part, sha256);
      logs.set(part.logId, log);
      remember({ connection, known }, log);
      const head = { logId: log.id, seq: part.headSeq, hash: log.hash };
      return { head, appended: part.rows.length };
    });
    writeRecords(connection, records);
    return committed;
  };
}

/** A log that is made together with its first events. */
function stateAtBirth({ kind }: NewLog): LogState {
  return { seq: 0, epoch: 0, kind, mayHoldStrayIds: false, find: () => undefined };
}

function stateOf(connection: SqliteConnection, log: LogRow): LogState {
  return {
    seq: log.seq,
    epoch: log.epoch,
    kind: log.kind,
    mayHoldStrayIds: log.hasStrayIds,
    find: (eventId) => findEvent(connection, log, eventId),
  };
}

const updateHead = 'UPDATE logs SET seq = ?, hash = ?, has_stray_ids = ? WHERE log = ?';

/** Writes what was planned for a log, and returns its row as it is then. */
export function writePart(connection: SqliteConnection, log: LogRow, part: PartPlan, sha256: Sha256): LogRow {
  refuseLostTail(log);
  if (part.rows.length === 0) return log;
  const hashes = chainHashes(log.hash, part.rows, sha256);
  const hash = hashes.at(-1) ?? log.hash;
  const hasStrayIds = insertEvents(connection, log, part, hashes) || log.hasStrayIds;
  connection.run(updateHead, part.headSeq, bytesOf(hash), hasStrayIds ? 1 : 0, log.number);
  return { ...log, seq: part.headSeq, hash, isHeadInRow: true, hasStrayIds };
}

/** No event has this hash: it stands for that of an event which is not there any more, and nothing can follow on it. */
function refuseLostTail({ id, seq, hash }: LogRow): void {
  if (seq > 0 && hash === genesisHash)
    throw damagedHistory({ logId: id, seq, what: 'The last event is missing' });
}

function bytesOf(hash: string): Uint8Array {
  return Buffer.from(hash, 'hex');
}
