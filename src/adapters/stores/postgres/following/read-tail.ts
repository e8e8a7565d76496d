/**
 * Decides how the whole store is followed: in the order of (transaction, log, place), and only up to the oldest transaction that
 * is still open. A transaction draws its id before it commits, so a later one may be seen first; below that bound nothing can
 * appear any more. Within a log ids rise with places, because they are drawn behind the log's lock.
 */
import { type StorePage, textOf } from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { Session } from '../connection.ts';
import { decodeEventRow, eventColumns, type EventShape } from '../event-row.ts';
import type { Tables } from '../tables.ts';

const shape: EventShape = { kind: 'session', hashes: true };
/** Long payloads make short pages: one holds at most about this much text. */
const pageCharacters = 8 * 1024 * 1024;
const pageSize = 1000;

const bound = 'e.xid < pg_snapshot_xmin(pg_current_snapshot())';

/**
 * A place behind everything that is committed now. The bound alone is none: whatever was committed while an older transaction stays
 * open stands beyond it. So the place carries the snapshot, and its ids are left out until the follower is past them.
 */
export async function lastPlace(session: Session): Promise<string> {
  const [row] = await session.rows(
    "SELECT concat_ws('.', pg_snapshot_xmin(s), 0, 0, trim(TRAILING '.' FROM translate(s::text, ':,', '..'))) FROM pg_current_snapshot() AS s",
  );
  return textOf(row?.[0]);
}

export async function readTail(
  session: Session,
  { events, logs }: Tables,
  place: string,
): Promise<StorePage | null> {
  const [xid = '0', log = '0', seq = '0', ...snapshot] = place.split('.');
  const behind = `(e.xid, e.log, e.seq) > ($1::text::xid8, $2::bigint, $3::bigint) AND ${bound}`;
  const isNews = snapshot.length === 0 ? '' : 'AND NOT pg_visible_in_snapshot(e.xid, $4::text::pg_snapshot)';
  // The sum tells where a page of at most so much text ends, before any text of it travels.
  const sql = `SELECT ${eventColumns(shape)}, e.xid::text, e.log, (SELECT l.id FROM ${logs} AS l WHERE l.log = e.log)
    FROM (
      SELECT e.xid, e.log, e.seq, sum(octet_length(e.payload)) OVER (ORDER BY e.xid, e.log, e.seq) - octet_length(e.payload) AS before
      FROM (SELECT * FROM ${events} AS e WHERE ${behind} ${isNews} ORDER BY e.xid, e.log, e.seq LIMIT ${pageSize}) AS e
    ) AS p JOIN ${events} AS e ON e.log = p.log AND e.seq = p.seq
    WHERE p.before < ${pageCharacters} ORDER BY p.xid, p.log, p.seq`;
  const rows = await session.rows(
    sql,
    xid,
    log,
    seq,
    ...(snapshot.length === 0 ? [] : [snapshotOf(snapshot)]),
  );
  const page = rows.map((row) => {
    const [lastXid, lastLog, logId] = row.slice(-3);
    const id = textOf(logId);
    const event = decodeEventRow(id, shape, row);
    return { event: { logId: id, event }, xid: textOf(lastXid), log: numberOf(lastLog) };
  });
  const last = page.at(-1);
  if (last === undefined) return null;
  // All ids from the end of the snapshot on are news.
  const carried = BigInt(last.xid) < BigInt(snapshot[1] ?? 0) ? snapshot : [];
  return {
    events: page.map(({ event }) => event),
    place: [last.xid, last.log, last.event.event.seq, ...carried].join('.'),
  };
}

/** A snapshot as PostgreSQL writes it: the oldest open transaction, the next one, and what is open between them. */
function snapshotOf([oldest = '', next = '', ...open]: readonly string[]): string {
  return `${oldest}:${next}:${open.join(',')}`;
}
