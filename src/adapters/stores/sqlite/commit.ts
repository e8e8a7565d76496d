/** Decides how a commit of the port becomes rows: first everything is checked, then events, heads and records are written. */
import type { Sha256 } from '../../../base/index.ts';
import {
  type Committed,
  type LogState,
  type NewLog,
  type PartPlan,
  planCommit,
  planNextPlaces,
  planPlainAppend,
  planRecords,
  type RecordWrite,
  type SessionPart,
} from '../../../log/index.ts';
import type { SqliteConnection } from './connection.ts';
import { checkCreate } from './create.ts';
import { findEvent } from './find-event.ts';
import { chainHashes, insertEvents } from './insert-events.ts';
import { findLog, type LogRow, requireLog } from './log-row.ts';
import { findRecord, writeRecords } from './records/records.ts';
import { isTaken } from './translate-error.ts';

export interface CommitRequest {
  readonly parts: readonly SessionPart[];
  readonly records: readonly RecordWrite[];
}

/** Logs as this handle wrote them last. Another process may have gone on since: whoever uses one compares while writing. */
export type KnownLogs = Map<string, LogRow>;

/** A server that writes ten thousand logs once each must not remember them all. */
const knownLogsAtMost = 1000;

function remember(known: KnownLogs, log: LogRow): void {
  if (known.size >= knownLogsAtMost && !known.has(log.id)) known.clear();
  known.set(log.id, log);
}

/**
 * How much is left to memory. `all`: the transaction is made again when memory was wrong. `places`: where a log ends is known for sure,
 * its ids are looked up, because what was just written in this transaction may be what the next write of it repeats.
 */
export type Trust = 'all' | 'places';

/** Throws the refusal, or returns what writes the commit. Both run in one transaction. */
export function checkCommit(
  connection: SqliteConnection,
  request: CommitRequest,
  sha256: Sha256,
  { known, trust }: { readonly known: KnownLogs; readonly trust: Trust },
): () => readonly Committed[] {
  return (
    checkRemembered(connection, request, sha256, { known, trust }) ??
    checkWhole(connection, request, sha256, known)
  );
}

const moveHead =
  'UPDATE logs SET seq = ?, hash = ? WHERE log = ? AND id = ? AND seq = ? AND epoch = ? AND fork_seq = ? AND hash = ?';

/** Reused for every commit: drivers copy the bytes they are given. */
const headSlots = { from: Buffer.alloc(32), to: Buffer.alloc(32) };

/**
 * A log stands elsewhere than this handle remembers, or holds an event that was taken for new: the transaction has to be made again
 * from what is stored.
 */
export class StaleMemory extends Error {}

/** The common case, which looks nothing up: one part for a log that stands where this handle left it. */
function checkRemembered(
  connection: SqliteConnection,
  { parts, records }: CommitRequest,
  sha256: Sha256,
  { known, trust }: { readonly known: KnownLogs; readonly trust: Trust },
): (() => readonly Committed[]) | null {
  const [part, another] = parts;
  if (part === undefined || another !== undefined || records.length > 0) return null;
  const log = known.get(part.logId);
  if (log === undefined || (part.log !== undefined && part.log.kind !== log.kind)) return null;
  const { number, id, kind, seq, epoch, forkSeq, hasStrayIds } = log;
  const state = { seq, epoch, kind, mayHoldStrayIds: hasStrayIds };
  // The index knows the ids of a log's own rows, not those that a fork inherits.
  const mayAsk = trust === 'all' && forkSeq === 0;
  const plan = planPlainAppend(part, state) ?? (mayAsk ? planNextPlaces(part, state) : null);
  if (plan === null) return null;
  return () => {
    const hashes = chainHashes(log.hash, plan.rows, sha256);
    const moved = { ...log, seq: plan.headSeq, hash: hashes.at(-1) ?? log.hash };
    headSlots.to.write(moved.hash, 'hex');
    headSlots.from.write(log.hash, 'hex');
    const place = [moved.seq, headSlots.to, number, id, seq, epoch, forkSeq, headSlots.from] as const;
    if (connection.run(moveHead, ...place) === 0 || !isInserted(connection, log, plan, hashes)) {
      // What was written before in this transaction is remembered as well, and goes with it.
      known.clear();
      throw new StaleMemory();
    }
    remember(known, moved);
    return [{ head: { logId: id, seq: moved.seq, hash: moved.hash }, appended: plan.rows.length }];
  };
}

function isInserted(
  connection: SqliteConnection,
  log: LogRow,
  plan: PartPlan,
  hashes: readonly string[],
): boolean {
  try {
    insertEvents(connection, log, plan, hashes);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

function checkWhole(
  connection: SqliteConnection,
  request: CommitRequest,
  sha256: Sha256,
  known: KnownLogs,
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
      remember(known, log);
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
  if (part.rows.length === 0) return log;
  const hashes = chainHashes(log.hash, part.rows, sha256);
  const hash = hashes.at(-1) ?? log.hash;
  const hasStrayIds = insertEvents(connection, log, part, hashes) || log.hasStrayIds;
  connection.run(updateHead, part.headSeq, bytesOf(hash), hasStrayIds ? 1 : 0, log.number);
  return { ...log, seq: part.headSeq, hash, hasStrayIds };
}

function bytesOf(hash: string): Uint8Array {
  return Buffer.from(hash, 'hex');
}
