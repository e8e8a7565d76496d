/** Decides how the whole store is followed: by position, which rises in the order of commits, because one process writes at a time. */
import { type StorePage, textOf } from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { SqliteConnection } from '../connection.ts';
import { decodeEventRow, eventColumns, type EventShape } from '../event-row.ts';

const shape: EventShape = { kind: 'session', hashes: true };
/** Long payloads make short pages: reading stops behind the event that fills this many characters. */
const pageCharacters = 8 * 1024 * 1024;
const pageSize = 1000;
const select = `SELECT position, (SELECT l.id FROM logs AS l WHERE l.log = events.log), ${eventColumns(shape)}
  FROM events WHERE position > ? AND log <> 0 ORDER BY position LIMIT ?`;
const selectSizes =
  'SELECT position, length(payload) FROM events WHERE position > ? AND log <> 0 ORDER BY position LIMIT ?';
const selectLast = 'SELECT max(position) FROM events WHERE position > 0';

const selectHash = 'SELECT lower(hex(hash)) FROM events WHERE position = ? AND log <> 0';

export function lastPosition(connection: SqliteConnection): string {
  const last = connection.row(selectLast)?.[0] ?? null;
  return String(last === null ? 0 : numberOf(last));
}

/** False where another event has the position now, or none has come so far. Those of a run that was removed stay empty. */
export function isSameAt(connection: SqliteConnection, place: string, hash: string): boolean {
  const [found] = connection.row(selectHash, Number(place)) ?? [];
  if (found !== undefined) return found === hash;
  return Number(lastPosition(connection)) >= Number(place);
}

/** Positions below zero are those of copies, and the log 0 is nobody's: its row keeps a position that was given. */
export function readTail(connection: SqliteConnection, place: string): StorePage | null {
  const after = Math.max(0, Number(place));
  const rows = connection.rows(select, after, fittingRows(connection, after));
  const last = rows.at(-1);
  if (last === undefined) return null;
  const events = rows.map((row) => {
    const logId = textOf(row[1]);
    return { logId, event: decodeEventRow(logId, shape, row.slice(2)) };
  });
  return { events, place: String(numberOf(last[0])) };
}

/** How many of the next rows make a page that memory takes. */
function fittingRows(connection: SqliteConnection, after: number): number {
  let characters = 0;
  let count = 0;
  for (const [, length] of connection.rows(selectSizes, after, pageSize)) {
    count += 1;
    characters += numberOf(length);
    if (characters >= pageCharacters) break;
  }
  return Math.max(1, count);
}
