/**
 * Decides how a log is read out of tables: page by page in windows of places, so that memory is bounded, nothing is held open while
 * the caller works, and a missing place is noticed. The question itself is the adapter's.
 */
import type { StoredEvent } from '../event.ts';
import { type Stretch, stretchesOf } from '../lineage.ts';
import type { ReadOptions, Segment } from '../port.ts';
import { damagedHistory } from '../errors.ts';

const pageSize = 1000;
/** A first page is short, and later ones hold at most about this much text: events may be megabytes. */
const firstPageSize = 50;
const pageCharacters = 8 * 1024 * 1024;
/** With a filter most places may be passed over; more than these would hold up whoever looks through them. */
const filteredWindow = 10_000;

/** Places of one stretch: those behind `after`, up to and with `to`. */
export interface ReadWindow {
  readonly stretch: Stretch;
  readonly after: number;
  readonly to: number;
  /** No more events than these are wanted. */
  readonly limit: number;
}

interface ReadableLog {
  readonly id: string;
  readonly seq: number;
  readonly lineage: readonly Segment[];
}

/** A log as its row is: both change together, once, when a fork is detached. */
interface DetachableLog extends ReadableLog {
  readonly forkSeq: number;
}

/** The two questions of reading. */
export interface WindowReader<Log extends DetachableLog> {
  /**
   * The events of a window that the options let through, in their order. Of a stretch that the log inherits there are none where its
   * row is not as it was any more: whose events they were may be gone, or be called as before and be others.
   */
  readonly read: (log: Log, window: ReadWindow) => Promise<readonly StoredEvent[]>;
  /** The row as it is now. Rejects with `RunNotFoundError` when it is gone. */
  readonly lookAgain: () => Promise<Log>;
}

/** Up to the head as it is, also when the log is detached meanwhile. Rejects with `DamagedHistoryError`, and as `lookAgain`. */
export async function* readInWindows<Log extends DetachableLog>(
  log: Log,
  options: ReadOptions,
  { read, lookAgain }: WindowReader<Log>,
): AsyncGenerator<readonly StoredEvent[]> {
  let present = log;
  let given = 0;
  let asked = askInWindows(log, options);
  for (let next = asked.next([]); next.done !== true;) {
    const window = next.value;
    const page = await read(present, window);
    if (comesShort(page, window, options, log.id)) {
      const { forkSeq } = present;
      present = { ...(await lookAgain()), seq: log.seq };
      if (present.forkSeq !== forkSeq) {
        asked = askInWindows(present, fromThere(options, window, given));
        next = asked.next([]);
        continue;
      }
    }
    given += page.length;
    next = asked.next(page);
    if (page.length > 0) yield page;
  }
}

/** A filter may let nothing through: then only an inherited stretch is asked about. */
function comesShort(
  page: readonly StoredEvent[],
  { stretch, limit }: ReadWindow,
  options: ReadOptions,
  logId: string,
): boolean {
  if (isFilter(options)) return page.length === 0 && stretch.logId !== logId;
  return page.length < limit;
}

/** What of the options is left when a window is asked for, and so many events were given before it. */
function fromThere(options: ReadOptions, { after, to }: ReadWindow, given: number): ReadOptions {
  const { limit } = options;
  return {
    ...options,
    ...(options.reverse === true ? { before: to + 1 } : { after }),
    ...(limit === undefined ? {} : { limit: limit - given }),
  };
}

/** The first page that is not empty, on the spot. Throws `DamagedHistoryError`. */
export function readFirstPage(
  log: ReadableLog,
  options: ReadOptions,
  read: (window: ReadWindow) => readonly StoredEvent[],
): readonly StoredEvent[] {
  const asked = askInWindows(log, options, pageSize);
  for (let next = asked.next([]); next.done !== true;) {
    const page = read(next.value);
    next = asked.next(page);
    if (page.length > 0) return page;
  }
  return [];
}

/** Names one window after the other, and is given the events of each. */
function* askInWindows(
  log: ReadableLog,
  options: ReadOptions,
  firstSize = firstPageSize,
): Generator<ReadWindow, undefined, readonly StoredEvent[]> {
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  let size = firstSize;
  const isFiltered = isFilter(options);
  const pace = { size: isFiltered ? filteredWindow : size };
  for (const window of windowsOf(log, options, pace)) {
    for (let rest: Omit<ReadWindow, 'limit'> | null = window; rest !== null;) {
      if (left <= 0) return;
      const places = rest.to - rest.after;
      const present: ReadWindow = { ...rest, limit: Math.min(left, places, isFiltered ? size : places) };
      const page = yield present;
      if (!isFiltered) checkPlaces(log.id, page, present, options.reverse === true);
      left -= page.length;
      size = page.length === 0 ? size : nextSize(page);
      if (!isFiltered) pace.size = size;
      const isFull = isFiltered && page.length === present.limit;
      rest = isFull ? restOf(present, page, options.reverse === true) : null;
    }
  }
}

/** What of a window lies behind its first page. */
function restOf(
  { stretch, after, to }: ReadWindow,
  page: readonly StoredEvent[],
  isReverse: boolean,
): Omit<ReadWindow, 'limit'> | null {
  const seq = page.at(-1)?.seq ?? to;
  const rest = isReverse ? { stretch, after, to: seq - 1 } : { stretch, after: seq, to };
  return rest.after < rest.to ? rest : null;
}

/** The places that were asked for, cut at the borders of stretches and pages, in the order of reading. */
function* windowsOf(
  log: ReadableLog,
  options: ReadOptions,
  pace: { readonly size: number },
): Generator<Omit<ReadWindow, 'limit'>> {
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

function checkPlaces(
  logId: string,
  page: readonly StoredEvent[],
  { after, to, limit }: ReadWindow,
  isReverse: boolean,
): void {
  for (let index = 0; index < limit; index += 1) {
    const seq = isReverse ? to - index : after + index + 1;
    if (page[index]?.seq !== seq) throw damagedHistory({ logId, seq, what: 'An event is missing' });
  }
}
