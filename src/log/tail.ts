/**
 * Decides how a store is followed: what a cursor says, how a tail is woken and ended, and how one log is followed in any store.
 * How the whole of a store is read in order is each store's own business.
 */
import { checkArguments } from '../base/index.ts';
import { runNotFound, StoreClosedError, unfitCursor } from './errors.ts';
import type { LogStore, TailEvent, TailOptions, TailPage } from './port.ts';

/** Wakes one tail. */
export class TailBell {
  #isRung = false;
  #isEnded = false;
  #hear: (() => void) | null = null;

  get isEnded(): boolean {
    return this.#isEnded;
  }

  ring(): void {
    this.#isRung = true;
    this.#hear?.();
  }

  end(): void {
    this.#isEnded = true;
    this.ring();
  }

  /** Resolves when the bell was rung since the last time somebody waited. */
  async wait(): Promise<void> {
    if (!this.#isRung) {
      await new Promise<void>((resolve) => {
        this.#hear = resolve;
      });
    }
    this.#hear = null;
    this.#isRung = false;
  }
}

/** The tails of one handle. */
export class Tails {
  readonly #bells = new Set<TailBell>();
  #news = 0;

  /** How often there was news: tells it from a bell that was rung to look again. */
  get news(): number {
    return this.#news;
  }

  get isEmpty(): boolean {
    return this.#bells.size === 0;
  }

  /** Something was appended. */
  ring(): void {
    this.#news += 1;
    for (const bell of this.#bells) bell.ring();
  }

  /** The store is closed. */
  end(): void {
    for (const bell of this.#bells) bell.end();
  }

  /** Ends with the store, and at once when the iterator is closed, also while somebody waits for its next page. */
  start(run: (bell: TailBell) => AsyncGenerator<TailPage>): AsyncIterable<TailPage> {
    return {
      [Symbol.asyncIterator]: () => {
        const bell = new TailBell();
        this.#bells.add(bell);
        const pages = this.#guarded(run, bell);
        return {
          next: () => pages.next(),
          return: async () => {
            bell.end();
            this.#bells.delete(bell);
            return pages.return(undefined);
          },
        };
      },
    };
  }

  async *#guarded(
    run: (bell: TailBell) => AsyncGenerator<TailPage>,
    bell: TailBell,
  ): AsyncGenerator<TailPage> {
    try {
      yield* run(bell);
    } catch (error) {
      // The close that ends a tail may come in the middle of its reading.
      if (!(bell.isEnded && error instanceof StoreClosedError)) throw error;
    } finally {
      this.#bells.delete(bell);
    }
  }
}

/** Events of a store in the order of its commits, and the place behind the last. */
export interface StorePage {
  readonly events: readonly TailEvent[];
  /** Where the store goes on behind it, in the store's own words. */
  readonly place: string;
}

/** What a follower of a store needs: the store, where it begins, and how it is woken and waits. */
export interface Following {
  readonly store: LogStore;
  readonly options: TailOptions;
  readonly bell: TailBell;
  /** Waits for news. */
  readonly pause: () => Promise<void>;
  /** Where a tail of the whole store begins. */
  readonly startOf: (from: 'beginning' | 'end') => Promise<string>;
  /** The next page of the whole store; null when there is none yet. */
  readonly readAfter: (place: string) => Promise<StorePage | null>;
  /**
   * Whether what stood at a place of the whole store still stands there, or is gone, as `hash` is the chain hash of its event; for a
   * store that can be put back to an earlier state, and gives its places again then.
   */
  readonly isSame?: (place: string, hash: string) => Promise<boolean>;
}

/** Where a cursor goes on: behind a place, and the chain hash of the event there, which older cursors do not have. */
interface CursorPlace {
  readonly place: string;
  readonly hash: string | null;
}

/** The pages of a tail, live, until its bell is ended. */
export async function* follow(following: Following): AsyncGenerator<TailPage> {
  checkArguments('follow', { following: [following, 'with options'] });
  const { logId, after } = following.options;
  const start = after === undefined ? null : placeOf(after, following.store.storeId, logId ?? null);
  if (logId === undefined) yield* followStore(following, start);
  else yield* followLog(following, logId, start);
}

async function* followStore(following: Following, start: CursorPlace | null): AsyncGenerator<TailPage> {
  const { store, options, bell, pause, startOf, readAfter, isSame } = following;
  const hash = start?.hash ?? null;
  if (start !== null && hash !== null && (await isSame?.(start.place, hash)) === false)
    throw wentBack(options);
  let place = start?.place ?? (await startOf(options.from ?? 'beginning'));
  while (!bell.isEnded) {
    const page = await readAfter(place);
    if (page === null) {
      await pause();
    } else {
      place = page.place;
      yield { events: page.events, cursor: cursorOf(store.storeId, null, place, page.events) };
    }
  }
}

/** Places of one log are taken in order, so nothing can appear behind one that was read. */
async function* followLog(
  { store, options, bell, pause }: Following,
  logId: string,
  start: CursorPlace | null,
): AsyncGenerator<TailPage> {
  const info = await store.info(logId);
  if (info === undefined) throw runNotFound({ logId, operation: 'tail' });
  const first = options.from === 'end' ? info.head.seq : (info.parent?.atSeq ?? 0);
  let seq = start === null ? first : Number(start.place);
  const hash = start?.hash ?? null;
  if (hash !== null && (await hashAt(store, logId, seq)) !== hash) throw wentBack(options);
  while (!bell.isEnded) {
    const before = seq;
    for await (const page of store.read(logId, { after: seq, hashes: true })) {
      seq = page.at(-1)?.seq ?? seq;
      const events = page.map((event) => ({ logId, event }));
      yield { events, cursor: cursorOf(store.storeId, logId, String(seq), events) };
      if (bell.isEnded) return;
    }
    if (seq === before) await pause();
  }
}

async function hashAt(store: LogStore, logId: string, seq: number): Promise<string | null> {
  let hash: string | null = null;
  for await (const page of store.read(logId, { after: seq - 1, before: seq + 1, hashes: true }))
    hash = page.at(-1)?.hash ?? null;
  return hash;
}

function wentBack({ after = '' }: TailOptions): Error {
  const what =
    'what it had read is not there any more: the store was put back to an earlier state, or the run was made anew';
  return unfitCursor({ cursor: after, what });
}

function cursorOf(
  storeId: string,
  logId: string | null,
  place: string,
  events: readonly TailEvent[],
): string {
  return JSON.stringify(['tail', 1, storeId, logId, place, events.at(-1)?.event.hash ?? null]);
}

/** Throws `InvalidCursorError` for a cursor of another store, of another log, or of none. */
function placeOf(cursor: string, storeId: string, logId: string | null): CursorPlace {
  const [kind, version, ofStore, ofLog, place, hash = null] = listOf(cursor);
  const isHash = hash === null || (typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash));
  const form = logId === null ? /^\d{1,18}(\.\d{1,18})*$/ : /^\d{1,15}$/;
  if (kind !== 'tail' || version !== 1 || typeof place !== 'string' || !form.test(place) || !isHash) {
    throw unfitCursor({ cursor, what: 'it is no cursor of a tail' });
  }
  if (ofStore !== storeId) throw unfitCursor({ cursor, what: 'it belongs to another store' });
  if (ofLog !== logId) {
    throw unfitCursor({ cursor, what: 'it belongs to a tail of something else in this store' });
  }
  return { place, hash };
}

function listOf(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    // Not a list either: the caller says what it is not.
    return [];
  }
}
