/**
 * Decides how a log is read: page by page in windows of places, so that memory is bounded, no transaction is open while the
 * caller works, and a missing place is noticed.
 */
import {
  damagedHistory,
  type ReadOptions,
  type StoredEvent,
  type Stretch,
  stretchesOf,
} from '../../../log/index.ts';
import type { Cell, Session } from './connection.ts';
import { decodeEventRow, eventColumns, type EventShape } from './event-row.ts';
import type { LogRow } from './log-row.ts';
import type { Tables } from './tables.ts';

const pageSize = 1000;
/** A first page is short, and later ones hold at most about this much text: events may be megabytes. */
const firstPageSize = 50;
const pageCharacters = 8 * 1024 * 1024;
/** With a filter most places may be passed over; the server looks at no more than these for one page. */
const filteredWindow = 10_000;

interface Window {
  readonly stretch: Stretch;
  readonly after: number;
  readonly to: number;
}

/** `check` throws when the store has been closed meanwhile. */
export async function* readPages(
  session: Session,
  tables: Tables,
  log: LogRow,
  options: ReadOptions,
  check: () => void,
): AsyncGenerator<readonly StoredEvent[]> {
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  let size = firstPageSize;
  const isFiltered = isFilter(options);
  const pace = { size: isFiltered ? filteredWindow : size };
  for (const window of windowsOf(log, options, pace)) {
    for (let rest: Window | null = window; rest !== null;) {
      if (left <= 0) return;
      check();
      const present: Window = rest;
      const limit = Math.min(left, isFiltered ? size : present.to - present.after);
      const page = await readWindow(session, tables, log, present, options, limit);
      left -= page.length;
      size = page.length === 0 ? size : nextSize(page);
      if (!isFiltered) pace.size = size;
      rest = isFiltered && page.length === limit ? restOf(present, page, options.reverse === true) : null;
      if (page.length > 0) yield page;
    }
  }
}

/** What of a window lies behind its first page. */
function restOf(window: Window, page: readonly StoredEvent[], isReverse: boolean): Window | null {
  const seq = page.at(-1)?.seq ?? window.to;
  const rest = isReverse ? { ...window, to: seq - 1 } : { ...window, after: seq };
  return rest.after < rest.to ? rest : null;
}

/** The places that were asked for, cut at the borders of stretches and pages, in the order of reading. */
function* windowsOf(log: LogRow, options: ReadOptions, pace: { readonly size: number }): Generator<Window> {
  const first = Math.max(options.after ?? 0, 0);
  const last = Math.min(log.seq, (options.before ?? Number.POSITIVE_INFINITY) - 1);
  const stretches = [...stretchesOf(log)];
  for (const stretch of options.reverse === true ? stretches.reverse() : stretches) {
    let after = Math.max(stretch.after, first);
    let to = Math.min(stretch.to, last);
    while (after < to) {
      const length = Math.min(pace.size, to - after);
      if (options.reverse === true) {
        yield { stretch, after: to - length, to };
        to -= length;
      } else {
        yield { stretch, after, to: after + length };
        after += length;
      }
    }
  }
}

function isFilter({ types, runId, since }: ReadOptions): boolean {
  return (types ?? runId ?? since) !== undefined;
}

function nextSize(page: readonly StoredEvent[]): number {
  let characters = 1;
  for (const { payload } of page) characters += payload.length;
  return Math.max(1, Math.min(pageSize, Math.floor((pageCharacters * page.length) / characters)));
}

async function readWindow(
  session: Session,
  { logs, events }: Tables,
  log: LogRow,
  window: Window,
  options: ReadOptions,
  most: number,
): Promise<readonly StoredEvent[]> {
  const { after, to } = window;
  const isReverse = options.reverse === true;
  const shape: EventShape = { kind: log.kind, hashes: options.hashes === true };
  const limit = Math.min(most, to - after);
  const values: Cell[] = [window.stretch.logId, after, to, limit];
  const { types, runId, since } = options;
  const filters = [
    ...(types === undefined ? [] : [`AND e.type = ANY ($${values.push(types)}::text[])`]),
    ...(runId === undefined ? [] : [`AND e.run_id = $${values.push(runId)}`]),
    ...(since === undefined ? [] : [`AND e.timestamp COLLATE "C" >= $${values.push(since)}`]),
  ];
  const sql = `SELECT ${eventColumns(shape)} FROM ${events} AS e
    WHERE e.log = (SELECT l.log FROM ${logs} AS l WHERE l.id = $1) AND e.seq > $2 AND e.seq <= $3
      ${filters.join(' ')}
    ORDER BY e.seq ${isReverse ? 'DESC' : 'ASC'} LIMIT $4`;
  const rows = await session.rows(sql, ...values);
  const page = rows.map((row) => decodeEventRow(log.id, shape, row));
  if (!isFilter(options)) checkPlaces(log.id, page, { after, to, limit, isReverse });
  return page;
}

interface Places {
  readonly after: number;
  readonly to: number;
  readonly limit: number;
  readonly isReverse: boolean;
}

function checkPlaces(
  logId: string,
  page: readonly StoredEvent[],
  { after, to, limit, isReverse }: Places,
): void {
  for (let index = 0; index < limit; index += 1) {
    const seq = isReverse ? to - index : after + index + 1;
    if (page[index]?.seq !== seq) throw damagedHistory({ logId, seq, what: 'An event is missing' });
  }
}
