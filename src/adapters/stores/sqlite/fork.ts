/** Decides how forks are made: one that points to its parent, and one that takes its past with it. */
import type { Sha256 } from '../../../base/index.ts';
import {
  chainHash,
  checkForkPoint,
  damagedHistory,
  encodeLineage,
  genesisHash,
  lineageOfFork,
  type LogInfo,
  type LogState,
  type NewFork,
  planFork,
  type StoredEvent,
  stretchesOf,
} from '../../../log/index.ts';
import { numberOf, numberOrNull } from './cells.ts';
import { writePart } from './commit.ts';
import type { SqliteConnection } from './connection.ts';
import { eventAt, findEvent, numberOfStretch } from './find-event.ts';
import { infoOf, insertLog, refuseTaken } from './create.ts';
import { type LogRow, requireLog } from './log-row.ts';

export function checkFork(connection: SqliteConnection, fork: NewFork, sha256: Sha256): () => LogInfo {
  const parent = requireLog(connection, fork.parent, 'fork');
  refuseTaken(connection, fork.id);
  checkForkPoint(fork, parent.seq);
  const hash = Buffer.from(checkedHashAt(connection, parent, fork.atSeq, sha256), 'hex');
  const lineage = encodeLineage(lineageOfFork(parent, fork.atSeq));
  const strayIds = parent.hasStrayIds ? 1 : 0;
  const plan = planFork(fork, sharedPast(connection, parent, fork.atSeq), sha256);
  return () => {
    const { id, label, createdAt, atSeq } = fork;
    const head = [atSeq, hash] as const;
    connection.run(
      insertLog,
      id,
      parent.kind,
      label,
      createdAt,
      ...head,
      strayIds,
      fork.parent,
      ...head,
      lineage,
    );
    writePart(connection, requireLog(connection, id, 'fork'), plan, sha256);
    return infoOf(connection, id);
  };
}

/** What a fork finds behind it: nothing of what its parent wrote after the fork point. */
function sharedPast(
  connection: SqliteConnection,
  parent: LogRow,
  atSeq: number,
): Omit<LogState, 'seq' | 'epoch'> {
  return {
    kind: parent.kind,
    mayHoldStrayIds: parent.hasStrayIds,
    find: (eventId) => {
      const found = findEvent(connection, parent, eventId);
      return found === undefined || found.seq > atSeq ? undefined : found;
    },
  };
}

const columns = `seq, id, type, subject, actor, caused_by, frame_id, timestamp, hash, run_id, provider, correlation_id,
  schema_version, metadata, payload`;
/** Copies take positions below zero: whoever follows the store has had these events when they were appended. */
const copyStretch = `INSERT INTO events (position, log, ${columns})
  SELECT ? - seq, ?, ${columns} FROM events WHERE log = ? AND seq > ? AND seq <= ? ORDER BY seq`;
const lowestPosition = 'SELECT min(position) FROM events';
const forget = "UPDATE logs SET parent = NULL, fork_seq = 0, fork_hash = ?, lineage = '[]' WHERE log = ?";

export function checkDetach(connection: SqliteConnection, logId: string): () => LogInfo {
  const log = requireLog(connection, logId, 'detach');
  return () => {
    for (const stretch of stretchesOf(log).slice(0, -1)) {
      const from = numberOfStretch(connection, log, stretch);
      const lowest = Math.min(0, numberOrNull(connection.row(lowestPosition)?.[0] ?? null) ?? 0);
      connection.run(copyStretch, lowest + stretch.after, log.number, from, stretch.after, stretch.to);
      const copied = numberOf(connection.row('SELECT changes()')?.[0]);
      if (copied === stretch.to - stretch.after) continue;
      throw damagedHistory({ logId, seq: stretch.after + copied + 1, what: 'An inherited event is missing' });
    }
    connection.run(forget, Buffer.from(genesisHash, 'hex'), log.number);
    return infoOf(connection, logId);
  };
}

/**
 * The chain hash at a place of a log. It has to follow from the event there and the hash before it, and be that of the head at
 * the head: a fork would hand damage on, where nobody could tell any more where it came from.
 */
function checkedHashAt(connection: SqliteConnection, log: LogRow, seq: number, sha256: Sha256): string {
  if (seq === 0) return genesisHash;
  const stored = (at: number): StoredEvent => {
    const event = eventAt(connection, log, at);
    if (event === undefined) throw damagedHistory({ logId: log.id, seq: at, what: 'An event is missing' });
    return event;
  };
  const event = stored(seq);
  const hash = chainHash(seq === 1 ? genesisHash : (stored(seq - 1).hash ?? ''), event, sha256);
  if (hash === event.hash && (seq < log.seq || hash === log.hash)) return hash;
  throw damagedHistory({ logId: log.id, seq, what: 'The stored hash does not belong to the event' });
}
