/** Decides how the events of a log are asked for: one statement a window of places, none left open while the caller works. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  readFirstPage,
  readInWindows,
  type ReadOptions,
  type ReadWindow,
  runNotFound,
  type StoredEvent,
} from '../../../log/index.ts';
import { numberOrNull } from './cells.ts';
import type { SqliteConnection } from './connection.ts';
import {
  decodeEventRow,
  decodeOutlineRow,
  eventColumns,
  type EventShape,
  outlineAndPayload,
  outlineColumns,
} from './event-row.ts';
import { numberOfStretch } from './find-event.ts';
import { type LogRow, requireLog } from './log-row.ts';

const outlineOfColumns = (columns: string): string =>
  `SELECT ${columns} FROM events WHERE log = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?`;
const selectOutline = outlineOfColumns(outlineColumns);
const selectOutlineAndPayload = outlineOfColumns(outlineAndPayload);

/** After so long, timers and sockets have their turn: a page is there at once, and a long log would be one stretch of work. */
const turnMs = 5;

/** Runs a piece of reading, waiting while the store is locked. Rejects when the store has been closed. */
export type ReadStep = <T>(step: () => T) => Promise<T>;

export function readPages(
  connection: SqliteConnection,
  log: LogRow,
  options: ReadOptions,
  read: ReadStep,
): AsyncGenerator<readonly StoredEvent[]> {
  const passedOver = outlineOf(log, options);
  let isOutline = passedOver !== null;
  let turnBeganMs = performance.now();
  const readWindow = async (present: LogRow, window: ReadWindow): Promise<readonly StoredEvent[]> => {
    if (performance.now() - turnBeganMs > turnMs) {
      await nextTurn();
      turnBeganMs = performance.now();
    }
    const rows = (): readonly StoredEvent[] =>
      isOutline && passedOver !== null
        ? readOutline(connection, present, window, {
            passedOver,
            withPayloads: options.withPayloads === true,
          })
        : readWhole(connection, present, window, options);
    const page = await read(() => whileItStands(connection, present, window, rows));
    if (passedOver !== null) isOutline = !areMany(page, passedOver);
    // Nobody is given a page, so nobody else would have a turn.
    if (page.length === 0) await nextTurn();
    return page;
  };
  const lookAgain = (): LogRow => {
    const present = requireLog(connection, log.id, 'read');
    // Another log of the same name is another history.
    if (present.number !== log.number) throw runNotFound({ logId: log.id, operation: 'read' });
    return present;
  };
  return readInWindows(log, options, { read: readWindow, lookAgain: async () => read(lookAgain) });
}

const selectForkSeq = 'SELECT fork_seq FROM logs WHERE log = ? AND id = ?';

/**
 * None of a stretch that the log does not inherit any more: a log that is inherited from cannot be removed, so that one which still
 * stands behind the question stood there while it was answered.
 */
function whileItStands(
  connection: SqliteConnection,
  log: LogRow,
  { stretch }: ReadWindow,
  rows: () => readonly StoredEvent[],
): readonly StoredEvent[] {
  if (stretch.logId === log.id) return rows();
  const stands = (): boolean =>
    numberOrNull(connection.row(selectForkSeq, log.number, log.id)?.[0] ?? null) === log.forkSeq;
  try {
    const page = rows();
    return stands() ? page : [];
  } catch (error) {
    if (stands()) throw error;
    return [];
  }
}

/** Types of the events that are not looked into; `null` where all of every event is wanted. */
function outlineOf(log: LogRow, { passedOver, hashes }: ReadOptions): ReadonlySet<string> | null {
  return passedOver !== undefined && log.kind === 'run' && hashes !== true ? new Set(passedOver) : null;
}

/** True when so many are looked into that asking for them once more takes longer than asking for everything. */
function areMany(page: readonly StoredEvent[], passedOver: ReadonlySet<string>): boolean {
  let count = 0;
  for (const { type } of page) if (!passedOver.has(type)) count += 1;
  return count * 8 > page.length;
}

/** The first page of what `readPages` gives. */
export function readPageNow(
  connection: SqliteConnection,
  log: LogRow,
  options: ReadOptions,
): readonly StoredEvent[] {
  return readFirstPage(log, options, (window) => readWhole(connection, log, window, options));
}

function readWhole(
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

/** Two questions: what is there, and then those events that are looked into. Most windows of a long log have few of them. */
function readOutline(
  connection: SqliteConnection,
  log: LogRow,
  window: ReadWindow,
  { passedOver, withPayloads }: { readonly passedOver: ReadonlySet<string>; readonly withPayloads: boolean },
): readonly StoredEvent[] {
  const { stretch, after, to, limit } = window;
  const number = numberOfStretch(connection, log, stretch);
  const page = connection
    .rows(withPayloads ? selectOutlineAndPayload : selectOutline, number, after, to, limit)
    .map((row) => decodeOutlineRow(log.id, row));
  const wanted = new Set(page.map(({ type }) => type).filter((type) => !passedOver.has(type)));
  if (wanted.size === 0) return page;
  const whole = readWhole(connection, log, window, { types: [...wanted] });
  const first = page[0]?.seq ?? 0;
  for (const event of whole) page[event.seq - first] = event;
  return page;
}
