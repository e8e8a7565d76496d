/** Decides how the events of a log are asked for: one statement a window of places, and no transaction while the caller works. */
import { readInWindows, type ReadOptions, type ReadWindow, type StoredEvent } from '../../../log/index.ts';
import type { Cell, Session } from './connection.ts';
import { decodeEventRow, eventColumns, type EventShape } from './event-row.ts';
import type { LogRow } from './log-row.ts';
import type { Tables } from './tables.ts';

/** `check` throws when the store has been closed meanwhile. */
export function readPages(
  session: Session,
  tables: Tables,
  log: LogRow,
  options: ReadOptions,
  check: () => void,
): AsyncGenerator<readonly StoredEvent[]> {
  return readInWindows(log, options, async (window) => {
    check();
    return readWindow(session, tables, log, window, options);
  });
}

async function readWindow(
  session: Session,
  { logs, events }: Tables,
  log: LogRow,
  { stretch, after, to, limit }: ReadWindow,
  options: ReadOptions,
): Promise<readonly StoredEvent[]> {
  const isBare = options.bare === true && log.kind === 'run';
  const shape: EventShape = { kind: log.kind, hashes: options.hashes === true, isBare };
  const values: Cell[] = [stretch.logId, after, to, limit];
  const { types, runId, since } = options;
  const filters = [
    ...(types === undefined ? [] : [`AND e.type = ANY ($${values.push(types)}::text[])`]),
    ...(runId === undefined ? [] : [`AND e.run_id = $${values.push(runId)}`]),
    ...(since === undefined ? [] : [`AND e.timestamp COLLATE "C" >= $${values.push(since)}`]),
  ];
  const sql = `SELECT ${eventColumns(shape)} FROM ${events} AS e
    WHERE e.log = (SELECT l.log FROM ${logs} AS l WHERE l.id = $1) AND e.seq > $2 AND e.seq <= $3
      ${filters.join(' ')}
    ORDER BY e.seq ${options.reverse === true ? 'DESC' : 'ASC'} LIMIT $4`;
  const rows = await session.rows(sql, ...values);
  return rows.map((row) => decodeEventRow(log.id, shape, row));
}
