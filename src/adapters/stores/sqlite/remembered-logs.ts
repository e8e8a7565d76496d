/**
 * Decides how a log goes on that stands where this handle left it, as nearly every log does that is written: nothing is looked up, and
 * what was remembered is compared while it is written.
 */
import type { Sha256 } from '../../../base/index.ts';
import {
  type Committed,
  type PartPlan,
  planNextPlaces,
  planPlainAppend,
  type RecordWrite,
  type SessionPart,
} from '../../../log/index.ts';
import type { SqliteConnection } from './connection.ts';
import { areFewAndPlain, chainHashes, insertEvents, insertNext } from './insert-events.ts';
import { type LogRow, writeHead } from './log-row.ts';
import { isTaken } from './translate-error.ts';

/** What a handle writes commits with. */
export interface CommitPlace {
  readonly connection: SqliteConnection;
  readonly sha256: Sha256;
  readonly known: KnownLogs;
}

/** What a caller asks for: all of it is written, or nothing. */
export interface CommitRequest {
  readonly parts: readonly SessionPart[];
  readonly records: readonly RecordWrite[];
}

/** Logs as this handle wrote them last. Another process may have gone on since: whoever uses one compares while writing. */
export type KnownLogs = Map<string, LogRow>;

/** A server that writes ten thousand logs once each must not remember them all. */
const knownLogsAtMost = 1000;

/** Inside a transaction: the rows say again where their logs end. */
export function writeHeads({ connection, known }: Omit<CommitPlace, 'sha256'>): void {
  for (const log of known.values()) {
    if (log.isHeadInRow) continue;
    writeHead(connection, log);
    known.set(log.id, { ...log, isHeadInRow: true });
  }
}

/** Inside the transaction that wrote the log: to make room, the heads of all others may go into their rows. */
export function remember({ connection, known }: Omit<CommitPlace, 'sha256'>, log: LogRow): void {
  if (known.size >= knownLogsAtMost && !known.has(log.id)) {
    writeHeads({ connection, known });
    known.clear();
  }
  known.set(log.id, log);
}

/**
 * How much is left to memory. `all`: the transaction is made again when memory was wrong. `places`: where a log ends is known for sure,
 * its ids are looked up, because what was just written in this transaction may be what the next write of it repeats.
 */
export type Trust = 'all' | 'places';

const moveHead =
  'UPDATE logs SET seq = ?, hash = ? WHERE log = ? AND id = ? AND epoch = ? AND fork_seq = ? AND seq = ? AND hash = ?';
/** For a log whose head stands beside its events: the row has it again. It may not speak of more, which would be lost. */
const takeHeadBack = `UPDATE logs SET seq = ?, hash = ? WHERE log = ? AND id = ? AND epoch = ? AND fork_seq = ? AND seq <= ?
  AND EXISTS (SELECT 1 FROM events WHERE log = logs.log AND seq = ? AND hash = ? AND is_head = 1)`;

/** Reused for every commit: drivers copy the bytes they are given. */
const headSlots = { from: Buffer.alloc(32), to: Buffer.alloc(32) };

/**
 * A log stands elsewhere than this handle remembers, or holds an event that was taken for new: the transaction has to be made again
 * from what is stored.
 */
export class StaleMemory extends Error {}

/** The common case, which looks nothing up: one part for a log that stands where this handle left it. */
export function checkRemembered(
  { connection, sha256, known }: CommitPlace,
  { parts, records }: CommitRequest,
  trust: Trust,
): (() => readonly Committed[]) | null {
  const [part, another] = parts;
  if (part === undefined || another !== undefined || records.length > 0) return null;
  const log = known.get(part.logId);
  if (log === undefined || (part.log !== undefined && part.log.kind !== log.kind)) return null;
  const { id, kind, seq, epoch, forkSeq, hasStrayIds } = log;
  const state = { seq, epoch, kind, mayHoldStrayIds: hasStrayIds };
  // The index knows the ids of a log's own rows, not those that a fork inherits.
  const mayAsk = trust === 'all' && forkSeq === 0;
  const plan = planPlainAppend(part, state) ?? (mayAsk ? planNextPlaces(part, state) : null);
  if (plan === null) return null;
  return () => {
    const hashes = chainHashes(log.hash, plan.rows, sha256);
    const moved = { ...log, seq: plan.headSeq, hash: hashes.at(-1) ?? log.hash, isHeadInRow: true };
    if (!isMoved(connection, log, moved) || !isInserted(connection, log, plan, hashes))
      throw forgotten(known, id);
    remember({ connection, known }, moved);
    return [{ head: { logId: id, seq: moved.seq, hash: moved.hash }, appended: plan.rows.length }];
  };
}

/** Also says that the event before is still there and the last one, and that nobody else took the log over. */
const passOn = `UPDATE events SET is_head = 0 WHERE log = ? AND seq = ? AND hash = ? AND is_head IS NOT 0
  AND EXISTS (SELECT 1 FROM logs WHERE log = ? AND id = ? AND epoch = ? AND fork_seq = ? AND seq <= ?)`;

/**
 * The next few events of a log that stands where this handle left it, which is all that a run writes that waits for each of its commits.
 * The head goes with them: the row of the log would be a page more. Without a plan and its closures, because the processor comes back
 * cold from each wait for the disk. `null`, with nothing written, for whatever is not so simple.
 */
export function appendNext(
  { connection, sha256, known }: CommitPlace,
  { parts, records }: CommitRequest,
): readonly Committed[] | null {
  const part = parts[0];
  if (part === undefined || part.log !== undefined || parts.length > 1 || records.length > 0) return null;
  const { events } = part;
  const log = known.get(part.logId);
  if (log === undefined || log.seq === log.forkSeq || !areFewAndPlain(log.kind, events)) return null;
  if (planPlainAppend(part, { ...log, mayHoldStrayIds: log.hasStrayIds }) === null) return null;
  const { number, id, seq, epoch, forkSeq } = log;
  headSlots.from.write(log.hash, 'hex');
  if (connection.run(passOn, number, seq, headSlots.from, number, id, epoch, forkSeq, seq) === 0)
    throw forgotten(known, id);
  try {
    const hash = insertNext(connection, log, events, sha256);
    const moved = { ...log, seq: seq + events.length, hash, isHeadInRow: false };
    known.set(id, moved);
    return [{ head: { logId: id, seq: moved.seq, hash }, appended: events.length }];
  } catch (error) {
    throw isTaken(error) ? forgotten(known, id) : error;
  }
}

function isMoved(connection: SqliteConnection, from: LogRow, to: LogRow): boolean {
  headSlots.to.write(to.hash, 'hex');
  headSlots.from.write(from.hash, 'hex');
  const { number, id, seq, epoch, forkSeq, isHeadInRow } = from;
  const place = [to.seq, headSlots.to, number, id, epoch, forkSeq, seq] as const;
  return isHeadInRow
    ? connection.run(moveHead, ...place, headSlots.from) > 0
    : connection.run(takeHeadBack, ...place, seq, headSlots.from) > 0;
}

/** What was written before in this transaction is remembered as well, in rows, and goes with it. */
function forgotten(known: KnownLogs, logId: string): StaleMemory {
  known.delete(logId);
  for (const { id, isHeadInRow } of known.values()) if (isHeadInRow) known.delete(id);
  return new StaleMemory();
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
