/** Decides how the events of a log are asked for: one statement a window of places, none left open while the caller works. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readInWindows, type ReadOptions, type ReadWindow, type StoredEvent } from '../../../log/index.ts';
import type { SqliteConnection } from './connection.ts';
import { decodeEventRow, eventColumns, type EventShape } from './event-row.ts';
import { numberOfStretch } from './find-event.ts';
import type { LogRow } from './log-row.ts';

/** Runs a piece of reading, waiting while the store is locked. Rejects when the store has been closed. */
export type ReadStep = <T>(step: () => T) => Promise<T>;

export function readPages(
  connection: SqliteConnection,
  log: LogRow,
  options: ReadOptions,
  read: ReadStep,
): AsyncGenerator<readonly StoredEvent[]> {
  return readInWindows(log, options, async (window) => {
    const page = await read(() => readWindow(connection, log, window, options));
    // Nobody is given a page, so nobody else would have a turn.
    if (page.length === 0) await nextTurn();
    return page;
  });
}

function readWindow(
  connection: SqliteConnection,
  log: LogRow,
  { stretch, after, to, limit }: ReadWindow,
  options: ReadOptions,
): readonly StoredEvent[] {
  const isBare = options.bare === true && log.kind === 'run';
  const shape: EventShape = { kind: log.kind, hashes: options.hashes === true, isBare };
  const sql = `SELECT ${eventColumns(shape)} FROM events WHERE log = ? AND seq > ? AND seq <= ?
    ${options.types === undefined ? '' : 'AND type IN (SELECT value FROM json_each(?))'}
    ${options.runId === undefined ? '' : 'AND run_id = ?'}
    ${options.since === undefined ? '' : 'AND timestamp >= ?'}
    ORDER BY seq ${options.reverse === true ? 'DESC' : 'ASC'} LIMIT ?`;
  const { types, runId, since } = options;
  const values = [types === undefined ? undefined : JSON.stringify(types), runId, since];
  const number = numberOfStretch(connection, log, stretch);
  return connection
    .rows(sql, number, after, to, ...values.filter((value) => value !== undefined), limit)
    .map((row) => decodeEventRow(log.id, shape, row));
}
