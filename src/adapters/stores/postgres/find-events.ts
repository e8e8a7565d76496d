/** Decides how events are found by their ids, in a log's own rows and in those it inherits. */
import { seqOfEventId } from '../../../base/index.ts';
import { damagedHistory, type StoredEvent, stretchesOf } from '../../../log/index.ts';
import type { Session } from './connection.ts';
import { decodeEventRow, eventColumns } from './event-row.ts';
import type { LogRow } from './log-row.ts';
import type { Tables } from './tables.ts';

/**
 * The events of these ids with their hashes, inherited ones included; ids that are not there are left out. The look-up by id is
 * fenced off (OFFSET 0): the bounds of a stretch must not tempt the planner to walk through it.
 */
export async function findEvents(
  session: Session,
  { logs, events }: Tables,
  log: LogRow,
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, StoredEvent>> {
  if (eventIds.length === 0) return new Map();
  const shape = { kind: log.kind, hashes: true };
  const sql = `SELECT ${eventColumns(shape)}
    FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS s(holder, after, upto)
    JOIN ${logs} AS h ON h.id = s.holder
    CROSS JOIN LATERAL (
      (SELECT * FROM ${events} WHERE log = h.log AND id = ANY ($4::text[]) OFFSET 0)
      UNION ALL
      (SELECT * FROM ${events} WHERE log = h.log AND id IS NULL AND seq = ANY ($5::bigint[]) OFFSET 0)
    ) AS e
    WHERE e.seq > s.after AND e.seq <= s.upto`;
  const stretches = stretchesOf(log);
  const rows = await session.rows(
    sql,
    stretches.map(({ logId }) => logId),
    stretches.map(({ after }) => after),
    stretches.map(({ to }) => Math.min(to, log.seq)),
    eventIds,
    eventIds.map(seqOfEventId).filter((seq) => seq !== null),
  );
  const found = rows.map((row) => decodeEventRow(log.id, shape, row));
  const wanted = new Set(eventIds);
  return new Map(found.filter(({ id }) => wanted.has(id)).map((event) => [event.id, event]));
}

/** The event at a place, under whatever id, with its hash. Throws `DamagedHistoryError` when it is missing. */
export async function eventAt(
  session: Session,
  { logs, events }: Tables,
  log: LogRow,
  seq: number,
): Promise<StoredEvent> {
  const shape = { kind: log.kind, hashes: true };
  const holder = stretchesOf(log).find(({ to }) => seq <= to)?.logId ?? log.id;
  const sql = `SELECT ${eventColumns(shape)} FROM ${events} AS e
    WHERE e.log = (SELECT l.log FROM ${logs} AS l WHERE l.id = $1) AND e.seq = $2`;
  const [row] = await session.rows(sql, holder, seq);
  if (row === undefined) throw damagedHistory({ logId: log.id, seq, what: 'An event is missing' });
  return decodeEventRow(log.id, shape, row);
}
