/** Decides how the events of a log are asked for: one statement a window of places, and no transaction while the caller works. */
import {
  readInWindows,
  type ReadOptions,
  type ReadWindow,
  runNotFound,
  type StoredEvent,
} from '../../../log/index.ts';
import type { Cell, Session } from './connection.ts';
import { decodeEventRow, eventColumns, type EventShape } from './event-row.ts';
import { type LogRow, requireLog } from './log-row.ts';
import type { Tables } from './tables.ts';

/** `check` throws when the store has been closed meanwhile. */
export function readPages(
  session: Session,
  tables: Tables,
  log: LogRow,
  options: ReadOptions,
  check: () => void,
): AsyncGenerator<readonly StoredEvent[]> {
  return readInWindows(log, options, {
    read: async (present, window) => {
      check();
      return readWindow(session, tables, present, window, options);
    },
    lookAgain: async () => {
      check();
      const present = await requireLog(session, tables, log.id, 'read');
      // Another log of the same name is another history.
      if (present.number !== log.number) throw runNotFound({ logId: log.id, operation: 'read' });
      return present;
    },
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
  const values: Cell[] = [stretch.logId, after, to, limit, log.id, log.number, log.forkSeq];
  const { types, runId, since } = options;
  const filters = [
    ...(types === undefined ? [] : [`AND e.type = ANY ($${values.push(types)}::text[])`]),
    ...(runId === undefined ? [] : [`AND e.run_id = $${values.push(runId)}`]),
    ...(since === undefined ? [] : [`AND e.timestamp COLLATE "C" >= $${values.push(since)}`]),
  ];
  const sql = `SELECT ${eventColumns(shape)} FROM ${events} AS e
    WHERE e.log = (SELECT l.log FROM ${logs} AS l, ${logs} AS own
        WHERE l.id = $1 AND own.id = $5 AND own.log = $6 AND (own.fork_seq = $7 OR own.log = l.log))
      AND e.seq > $2 AND e.seq <= $3
      ${filters.join(' ')}
    ORDER BY e.seq ${options.reverse === true ? 'DESC' : 'ASC'} LIMIT $4`;
  const rows = await session.rows(sql, ...values);
  return rows.map((row) => decodeEventRow(log.id, shape, row));
}
