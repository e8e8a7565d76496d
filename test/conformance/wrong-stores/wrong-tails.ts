// Wrong stores that tell those who follow them too little, too much, or of something else.
import {
  InvalidCursorError,
  type LogStore,
  StoreClosedError,
  type TailEvent,
  type TailOptions,
  type TailPage,
} from '../../../src/log/index.ts';
import { wrong, type WrongStore } from './wrong-store.ts';

type Tail = (inner: LogStore, options: TailOptions) => AsyncIterable<TailPage>;
type Change = (events: readonly TailEvent[]) => readonly TailEvent[];

function follows(tail: Tail): (inner: LogStore) => Partial<LogStore> {
  return (inner) => ({ tail: (options = {}) => tail(inner, options) });
}

/** Changes what each page of a tail holds; a page that is left empty is not handed out. */
function changesNews(makeChange: () => Change): (inner: LogStore) => Partial<LogStore> {
  return follows((inner, options) => {
    const change = makeChange();
    const pages = inner.tail(options)[Symbol.asyncIterator]();
    const next = async (): Promise<IteratorResult<TailPage>> => {
      const page = await pages.next();
      if (page.done === true) return page;
      const events = change(page.value.events);
      return events.length === 0 ? next() : { done: false, value: { ...page.value, events } };
    };
    const close = async (): Promise<IteratorResult<TailPage>> => {
      await pages.return?.();
      return { done: true, value: undefined };
    };
    return { [Symbol.asyncIterator]: () => ({ next, return: close }) };
  });
}

function changesEach(change: (event: TailEvent) => TailEvent): (inner: LogStore) => Partial<LogStore> {
  return changesNews(() => (events) => events.map(change));
}

/** Ends like the inner tail, but for an error that is turned into something else. */
async function* caught(
  pages: AsyncIterable<TailPage>,
  turn: (error: unknown) => void,
): AsyncGenerator<TailPage> {
  try {
    yield* pages;
  } catch (error) {
    turn(error);
  }
}

/** Tells of the first event of a log behind the second. */
function lateFirst(late: string): Change {
  let held: TailEvent | null = null;
  return (events) =>
    events.flatMap((news) => {
      if (news.logId !== late) return [news];
      if (news.event.seq === 1) {
        held = news;
        return [];
      }
      const both = held === null ? [news] : [news, held];
      held = null;
      return both;
    });
}

/** Looks again from where it stood before the last event. */
function overlapping(): Change {
  let last: TailEvent | undefined;
  return (events) => {
    const before = last === undefined ? [] : [last];
    last = events.at(-1);
    return [...before, ...events];
  };
}

export const wrongTails: readonly WrongStore[] = [
  wrong(
    'tells the first event of a page last',
    'tail/past-first',
    changesNews(() => (events) => [...events.slice(1), ...events.slice(0, 1)]),
  ),
  wrong(
    'ends a tail where the log ends',
    'tail/live-append-seen',
    follows(async function* (inner, options) {
      for await (const page of inner.tail(options)) {
        yield page;
        return;
      }
    }),
  ),
  wrong(
    'tells the last event again when it looks again',
    'tail/seen-through-another-handle',
    changesNews(overlapping),
  ),
  wrong(
    'begins to follow anew after a restart',
    'tail/resumed-loses-and-repeats-nothing',
    follows((inner, { after: _after, ...options }) => inner.tail(options)),
  ),
  wrong(
    'writes down a place one event too early',
    'tail/every-page-has-a-cursor',
    follows(async function* (inner, options) {
      const early = (cursor: string): string =>
        cursor.replace(
          /(\d+)(",[^,]*\])$/,
          (_match, offset: string, rest: string) => `${Math.max(0, Number(offset) - 1)}${rest}`,
        );
      for await (const page of inner.tail(options)) yield { ...page, cursor: early(page.cursor) };
    }),
  ),
  wrong(
    'tells of the whole store to who asked for one log',
    'tail/one-log-alone',
    follows((inner, { logId: _logId, ...options }) => inner.tail(options)),
  ),
  wrong(
    'tells of the past to who wants to know what happens now',
    'tail/from-the-end',
    follows((inner, { from: _from, ...options }) => inner.tail(options)),
  ),
  wrong(
    'hands out the inherited events of a fork as news',
    'tail/own-events-of-a-fork',
    changesNews(
      () => (events) =>
        events.flatMap((news) =>
          news.logId === 'f' && news.event.seq === 3
            ? [{ logId: 'f', event: { ...news.event, seq: 2 } }, news]
            : [news],
        ),
    ),
  ),
  wrong(
    'hands out the copies of a detached fork as news',
    'tail/detached-past-is-no-news',
    (inner, database) => ({
      detach: async (logId) => {
        const before = await inner.info(logId);
        const made = await inner.detach(logId);
        database.appended.push({ logId, after: 0, to: before?.parent?.atSeq ?? 0 });
        return made;
      },
    }),
  ),
  wrong(
    'tells the first events of a fork under the name of its parent',
    'tail/first-events-of-a-fork-seen',
    changesEach(({ logId, event }) => ({ logId: logId === 'f' ? 'a' : logId, event })),
  ),
  wrong(
    'tells of what was committed late behind what came after it',
    'tail/many-writers-each-in-order',
    changesNews(() => lateFirst('b')),
  ),
  wrong(
    'leaves out of the news what only sessions have',
    'tail/session-fields-kept',
    changesEach(({ logId, event }) => ({ logId, event: { ...event, runId: null, metadata: null } })),
  ),
  wrong(
    'hands an empty page to who waits when the iterator is closed',
    'tail-end/closed-iterator',
    follows((inner, options) => {
      const pages = inner.tail(options)[Symbol.asyncIterator]();
      const empty: TailPage = { events: [], cursor: '' };
      return {
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            const page = await pages.next();
            return page.done === true ? { done: false, value: empty } : page;
          },
          return: async () => {
            await pages.return?.();
            return { done: true, value: undefined };
          },
        }),
      };
    }),
  ),
  wrong(
    'ends the tail of a closed store without a word',
    'tail-end/closed-store',
    follows((inner, options) =>
      caught(inner.tail(options), (error) => {
        if (!(error instanceof StoreClosedError)) throw error;
      }),
    ),
  ),
  wrong(
    'takes a cursor of another store for one of nothing',
    'tail-end/foreign-cursor-refused',
    follows((inner, options) =>
      caught(inner.tail(options), (error) => {
        if (!(error instanceof InvalidCursorError)) throw error;
      }),
    ),
  ),
  wrong(
    'follows a log that is not there, and finds nothing',
    'tail-end/unknown-log-refused',
    follows(async function* (inner, options) {
      if (options.logId !== undefined && (await inner.info(options.logId)) === undefined) return;
      yield* inner.tail(options);
    }),
  ),
];
