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
  runExists,
  stretchesOf,
} from '../../../log/index.ts';
import { numberOf } from './cells.ts';
import { writePart } from './commit/commit-whole.ts';
import type { Session } from './connection.ts';
import { infoOf, insertLog } from './create.ts';
import { eventAt, findEvents } from './find-events.ts';
import { lockAll } from './locks.ts';
import { type LogRow, readInfo, requireLog } from './log-row.ts';
import type { Tables } from './tables.ts';

export async function forkLog(
  session: Session,
  tables: Tables,
  fork: NewFork,
  sha256: Sha256,
): Promise<LogInfo> {
  await lockAll(session, tables, [fork.parent, fork.id]);
  const parent = await requireLog(session, tables, fork.parent, 'fork');
  if ((await readInfo(session, tables, fork.id)) !== undefined) throw runExists({ logId: fork.id });
  checkForkPoint(fork, parent.seq);
  const { id, label, createdAt, atSeq } = fork;
  const hash = await checkedHashAt(session, tables, parent, atSeq, sha256);
  const plan = planFork(fork, await sharedPast(session, tables, parent, fork), sha256);
  await insertLog(
    session,
    tables,
    { id, kind: parent.kind, label, createdAt },
    {
      seq: atSeq,
      hash,
      hasStrayIds: parent.hasStrayIds,
      parent: parent.id,
      lineage: encodeLineage(lineageOfFork(parent, atSeq)),
    },
  );
  await writePart(session, tables, await requireLog(session, tables, id, 'fork'), plan, sha256);
  return infoOf(session, tables, id);
}

/** What a fork finds behind it: nothing of what its parent wrote after the fork point. */
async function sharedPast(
  session: Session,
  tables: Tables,
  parent: LogRow,
  { atSeq, events = [] }: NewFork,
): Promise<Omit<LogState, 'seq' | 'epoch'>> {
  const ids = events.map(({ id }) => id);
  const found = await findEvents(session, tables, { ...parent, seq: atSeq }, ids);
  return {
    kind: parent.kind,
    mayHoldStrayIds: parent.hasStrayIds,
    find: (eventId) => {
      const event = found.get(eventId);
      return event === undefined || event.seq > atSeq ? undefined : event;
    },
  };
}

const columns = `hash, id, type, subject, actor, caused_by, frame_id, timestamp, run_id, provider, correlation_id,
  schema_version, metadata, payload`;

/** Copies have no transaction id: who follows the store has had these events when they were appended. */
export async function detachLog(session: Session, tables: Tables, logId: string): Promise<LogInfo> {
  await lockAll(session, tables, [logId]);
  const log = await requireLog(session, tables, logId, 'detach');
  const { events, logs } = tables;
  const copy = `WITH copied AS (
      INSERT INTO ${events} (log, seq, ${columns})
        SELECT $1, seq, ${columns} FROM ${events}
        WHERE log = (SELECT log FROM ${logs} WHERE id = $2) AND seq > $3 AND seq <= $4
      RETURNING 1
    ) SELECT count(*) FROM copied`;
  for (const { logId: from, after, to } of stretchesOf(log).slice(0, -1)) {
    const [row] = await session.rows(copy, log.number, from, after, to);
    const copied = numberOf(row?.[0]);
    if (copied === to - after) continue;
    throw damagedHistory({ logId, seq: after + copied + 1, what: 'An inherited event is missing' });
  }
  const forget = `UPDATE ${logs} SET parent = NULL, fork_seq = 0, fork_hash = decode($2, 'hex'), lineage = '[]' WHERE log = $1`;
  await session.rows(forget, log.number, genesisHash);
  return infoOf(session, tables, logId);
}

/**
 * The chain hash at a place of a log. It has to follow from the event there and the hash before it, and be that of the head at
 * the head: a fork would hand damage on, where nobody could tell any more where it came from.
 */
async function checkedHashAt(
  session: Session,
  tables: Tables,
  log: LogRow,
  seq: number,
  sha256: Sha256,
): Promise<string> {
  if (seq === 0) return genesisHash;
  const before = seq === 1 ? genesisHash : (await eventAt(session, tables, log, seq - 1)).hash;
  const event = await eventAt(session, tables, log, seq);
  const hash = chainHash(before ?? '', event, sha256);
  if (hash === event.hash && (seq < log.seq || hash === log.hash)) return hash;
  throw damagedHistory({ logId: log.id, seq, what: 'The stored hash does not belong to the event' });
}
