/** Decides how one event is found by its id, in a log's own rows and in those it inherits. */
import { seqOfEventId } from '../../../base/index.ts';
import { runNotFound, type StoredEvent, type Stretch, stretchesOf } from '../../../log/index.ts';
import { numberOf } from './cells.ts';
import type { SqliteConnection } from './connection.ts';
import { decodeEventRow, eventColumns } from './event-row.ts';
import type { LogRow } from './log-row.ts';

const selectNumber = 'SELECT log FROM logs WHERE id = ?';

/** The key under which the events of a stretch are kept. */
export function numberOfStretch(connection: SqliteConnection, log: LogRow, stretch: Stretch): number {
  if (stretch.logId === log.id) return log.number;
  const row = connection.row(selectNumber, stretch.logId);
  if (row === undefined) throw runNotFound({ logId: stretch.logId, operation: `reading run '${log.id}'` });
  return numberOf(row[0]);
}

/** The event with its hash, an inherited one included. */
export function findEvent(
  connection: SqliteConnection,
  log: LogRow,
  eventId: string,
): StoredEvent | undefined {
  const named = seqOfEventId(eventId);
  const canonical = named === null ? undefined : findAtPlace(connection, log, named);
  if (canonical !== undefined || (named !== null && !log.hasStrayIds)) return canonical;
  for (const stretch of stretchesOf(log)) {
    const found = select(connection, log, stretch, 'id = ?', eventId);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The event at a place, under whatever id. */
export function eventAt(connection: SqliteConnection, log: LogRow, seq: number): StoredEvent | undefined {
  const stretch = stretchesOf(log).find(({ to }) => seq <= to);
  return stretch === undefined ? undefined : select(connection, log, stretch, 'seq = ?', seq);
}

function findAtPlace(connection: SqliteConnection, log: LogRow, seq: number): StoredEvent | undefined {
  if (seq > log.seq) return undefined;
  const stretch = stretchesOf(log).find(({ to }) => seq <= to);
  return stretch === undefined ? undefined : select(connection, log, stretch, 'id IS NULL AND seq = ?', seq);
}

function select(
  connection: SqliteConnection,
  log: LogRow,
  stretch: Stretch,
  condition: string,
  value: string | number,
): StoredEvent | undefined {
  const shape = { kind: log.kind, hashes: true };
  const sql = `SELECT ${eventColumns(shape)} FROM events WHERE log = ? AND seq > ? AND seq <= ? AND ${condition}`;
  const number = numberOfStretch(connection, log, stretch);
  const row = connection.row(sql, number, stretch.after, Math.min(stretch.to, log.seq), value);
  return row === undefined ? undefined : decodeEventRow(log.id, shape, row);
}
