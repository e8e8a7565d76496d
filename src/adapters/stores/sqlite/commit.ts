/** Decides how a commit of the port becomes rows: first everything is checked, then events, heads and records are written. */
import type { Sha256 } from '../../../base/index.ts';
import {
  type CommitPart,
  type Head,
  type LogState,
  type PartPlan,
  planCommit,
  planRecords,
  type RecordWrite,
} from '../../../log/index.ts';
import type { SqliteConnection } from './connection.ts';
import { findEvent } from './find-event.ts';
import { insertEvents } from './insert-events.ts';
import { type LogRow, requireLog } from './log-row.ts';
import { findRecord, writeRecords } from './records.ts';

export interface CommitRequest {
  readonly parts: readonly CommitPart[];
  readonly records: readonly RecordWrite[];
}

/** Throws the refusal, or returns what writes the commit. Both run in one transaction. */
export function checkCommit(
  connection: SqliteConnection,
  request: CommitRequest,
  sha256: Sha256,
): () => readonly Head[] {
  const logs = new Map<string, LogRow>();
  const logOf = (logId: string): LogRow => {
    const log = logs.get(logId) ?? requireLog(connection, logId, 'commit');
    logs.set(logId, log);
    return log;
  };
  const plan = planCommit(request.parts, (logId) => stateOf(connection, logOf(logId)), sha256);
  const storedOf = (kind: string, id: string) => findRecord(connection, kind, id);
  const records = plan.isRepeat ? [] : planRecords(request.records, storedOf);
  return () => {
    const heads = plan.parts.map((part) => {
      const log = writePart(connection, logOf(part.logId), part, sha256);
      logs.set(part.logId, log);
      return { logId: log.id, seq: part.headSeq, hash: log.hash };
    });
    writeRecords(connection, records);
    return heads;
  };
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

function writePart(connection: SqliteConnection, log: LogRow, part: PartPlan, sha256: Sha256): LogRow {
  if (part.rows.length === 0) return log;
  const inserted = insertEvents(connection, log, part, sha256);
  const hasStrayIds = log.hasStrayIds || inserted.hasStrayIds;
  const hash = Buffer.from(inserted.hash, 'hex');
  connection.run(updateHead, part.headSeq, hash, hasStrayIds ? 1 : 0, log.number);
  return { ...log, seq: part.headSeq, hash: inserted.hash, hasStrayIds };
}
