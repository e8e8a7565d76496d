/** Decides how the events of a log are asked for: one statement a window of places, none left open while the caller works. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  readFirstPage,
  readInWindows,
  type ReadOptions,
  type ReadWindow,
  type StoredEvent,
} from '../../../log/index.ts';
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
import type { LogRow } from './log-row.ts';

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
  return readInWindows(log, options, async (window) => {
    if (performance.now() - turnBeganMs > turnMs) {
      await nextTurn();
      turnBeganMs = performance.now();
    }
    const page = await read(() =>
      isOutline && passedOver !== null
        ? readOutline(connection, log, window, { passedOver, withPayloads: options.withPayloads === true })
        : readWhole(connection, log, window, options),
    );
    if (passedOver !== null) isOutline = !areMany(page, passedOver);
    // Nobody is given a page, so nobody else would have a turn.
    if (page.length === 0) await nextTurn();
    return page;
  });
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
