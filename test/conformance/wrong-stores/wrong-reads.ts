// Wrong stores that hand out something else than they took in.
import {
  chainHash,
  type EventRow,
  genesisHash,
  type LogStore,
  RunNotFoundError,
  StoreClosedError,
  type StoredEvent,
} from '../../../src/log/index.ts';
import { sha256 } from '../memory-places.ts';
import { allOf, changesPages, wrong, type WrongStore } from './wrong-store.ts';

/** Heads whose hash is computed from something else than the line. */
function hashesOver(change: (event: StoredEvent) => EventRow): (inner: LogStore) => Partial<LogStore> {
  return (inner) => {
    const headOf = async (logId: string) => {
      const events = await allOf(inner, logId);
      const hash = events.reduce((last, event) => chainHash(last, change(event), sha256), genesisHash);
      return { logId, seq: events.length, hash };
    };
    return {
      head: headOf,
      async commit(parts, records) {
        await inner.commit(parts, records);
        return Promise.all(parts.map(({ logId }) => headOf(logId)));
      },
    };
  };
}

export const wrongReads: readonly WrongStore[] = [
  wrong(
    'hands out the events of a page in reverse',
    'large/long-log-in-order',
    changesPages((page) => page.toReversed()),
  ),
  wrong(
    'loses who did it',
    'append/every-field-kept',
    changesPages((page) => page.map((event) => ({ ...event, actor: null }))),
  ),
  wrong(
    'gives hashes to those who did not ask',
    'chain/on-request-only',
    changesPages((page) => page.map((event) => ({ ...event, hash: event.hash ?? genesisHash }))),
  ),
  wrong(
    'forgets the version of a payload',
    'append/schema-version-of-a-run-kept',
    changesPages((page) => page.map((event) => ({ ...event, schemaVersion: null }))),
  ),
  wrong('reads the whole log as one page', 'read/pages-are-bounded', (inner) => ({
    async *read(logId, options) {
      const events = await allOf(inner, logId, options);
      if (events.length > 0) yield events;
    },
  })),
  wrong('forgets the bound of a page when there is a filter', 'scan/filtered-pages-are-bounded', (inner) => ({
    async *read(logId, options) {
      if (options?.types === undefined) yield* inner.read(logId, options);
      else {
        const events = await allOf(inner, logId, options);
        if (events.length > 0) yield events;
      }
    },
  })),
  wrong('ends every log with an empty page', 'scan/no-empty-page', (inner) => ({
    async *read(logId, options) {
      yield* inner.read(logId, options);
      yield [];
    },
  })),
  wrong('takes `after` for the first place', 'read/every-combination-of-options', (inner) => ({
    read: (logId, options = {}) =>
      inner.read(logId, { ...options, after: Math.max((options.after ?? 0) - 1, 0) }),
  })),
  wrong('takes `before` for the last place', 'read/every-combination-of-options', (inner) => ({
    read: (logId, { before, ...rest } = {}) =>
      inner.read(logId, before === undefined ? rest : { ...rest, before: before + 1 }),
  })),
  wrong('counts the limit before the filter', 'read/filter-keeps-places', (inner) => ({
    async *read(logId, { types, ...rest } = {}) {
      for await (const page of inner.read(logId, rest)) {
        const fitting = page.filter(({ type }) => types === undefined || types.includes(type));
        if (fitting.length > 0) yield fitting;
      }
    },
  })),
  wrong('turns each page around, and not the log', 'scan/every-combination-over-pages', (inner) => ({
    async *read(logId, { reverse = false, ...rest } = {}) {
      for await (const page of inner.read(logId, rest)) yield reverse ? page.toReversed() : page;
    },
  })),
  wrong('reads on into what is written meanwhile', 'read/writing-while-reading', (inner) => ({
    async *read(logId, options = {}) {
      let last = options.after ?? 0;
      for await (const page of inner.read(logId, options)) {
        yield page;
        last = page.at(-1)?.seq ?? last;
      }
      if (options.limit === undefined && options.reverse !== true)
        yield* inner.read(logId, { ...options, after: last });
    },
  })),
  wrong('ends a reader without a word when it is closed', 'close/ends-a-reader', (inner) => ({
    async *read(logId, options) {
      try {
        yield* inner.read(logId, options);
      } catch (error) {
        if (!(error instanceof StoreClosedError)) throw error;
      }
    },
  })),
  wrong('hands the pages of its cache out', 'scan/pages-are-the-callers', (inner) => {
    const cache = new Map<string, StoredEvent[]>();
    return {
      async *read(logId, options) {
        const { seq } = await inner.head(logId);
        const key = JSON.stringify([logId, seq, options ?? null]);
        const events = cache.get(key) ?? (await allOf(inner, logId, options));
        cache.set(key, events);
        if (events.length > 0) yield events;
      },
    };
  }),
  wrong('counts the chain from the first event of a slice', 'scan/hashes-of-any-slice', (inner) => ({
    async *read(logId, options = {}) {
      let hash = genesisHash;
      for await (const page of inner.read(logId, options)) {
        if (options.hashes !== true) yield page;
        else yield page.map((event) => ({ ...event, hash: (hash = chainHash(hash, event, sha256)) }));
      }
    },
  })),
  wrong('leaves out who did it with where it comes from', 'scan/bare-events-say-the-same', (inner) => ({
    async *read(logId, options = {}) {
      for await (const page of inner.read(logId, options))
        yield options.bare === true ? page.map((event) => ({ ...event, actor: null })) : page;
    },
  })),
  wrong('cuts short what is not passed over', 'scan/what-is-not-passed-over-is-whole', (inner) => ({
    async *read(logId, options = {}) {
      for await (const page of inner.read(logId, options))
        yield options.passedOver === undefined ? page : page.map((event) => ({ ...event, causedBy: null }));
    },
  })),
  wrong('leaves out payloads that are wanted', 'scan/what-is-not-passed-over-is-whole', (inner) => ({
    async *read(logId, options = {}) {
      const { passedOver = [] } = options;
      for await (const page of inner.read(logId, options))
        yield page.map((event) => (passedOver.includes(event.type) ? { ...event, payload: '' } : event));
    },
  })),
  wrong('finds nothing on the spot', 'scan/on-the-spot-as-in-pages', () => ({ readNow: () => [] })),
  wrong(
    'leaves the actor out of the chain',
    'chain/every-field-counts',
    hashesOver((event) => ({ ...event, actor: null })),
  ),
  wrong(
    'counts the subject into the chain',
    'chain/subject-does-not-count',
    hashesOver((event) => ({ ...event, type: event.type + (event.subject ?? '') })),
  ),
  wrong(
    'hashes what a payload means, not its text',
    'twin/events',
    hashesOver((event) => ({ ...event, payload: JSON.stringify(JSON.parse(event.payload)) })),
  ),
  wrong('gives no hash with one event', 'chain/on-request-only', (inner) => ({
    async get(logId, eventId) {
      const found = await inner.get(logId, eventId);
      return found === undefined ? undefined : { ...found, hash: null };
    },
  })),
  wrong('throws for an event that is not there', 'read/get-one', (inner) => ({
    async get(logId, eventId) {
      const found = await inner.get(logId, eventId);
      if (found === undefined) throw new Error(`no event ${eventId}`);
      return found;
    },
  })),
  wrong('finds events of the parent behind the fork point', 'fork/finds-inherited-events', (inner) => ({
    async get(logId, eventId) {
      const parent = (await inner.info(logId))?.parent ?? null;
      const found = await inner.get(logId, eventId);
      return found ?? (parent === null ? undefined : inner.get(parent.logId, eventId));
    },
  })),
  wrong('takes capital and small letters of an id for the same', 'create/ids-are-exact', (inner) => ({
    info: async (logId) => (await inner.info(logId.toLowerCase())) ?? inner.info(logId),
  })),
  wrong('lists logs by their time of creation', 'create/listed-in-order', (inner) => ({
    logs: async (filter) =>
      (await inner.logs(filter)).toSorted((left, right) => left.createdAt.localeCompare(right.createdAt)),
  })),
  wrong('begins a page of logs with the last of the page before', 'create/listed-in-pages', (inner) => ({
    async logs(filter = {}) {
      const page = await inner.logs(filter);
      const last = filter.after === undefined ? undefined : await inner.info(filter.after);
      return last === undefined ? page : [last, ...page];
    },
  })),
  wrong('takes an unknown log for an empty one', 'create/unknown-log-refused', (inner) => ({
    async head(logId) {
      try {
        return await inner.head(logId);
      } catch (error) {
        if (error instanceof RunNotFoundError) return { logId, seq: 0, hash: genesisHash };
        throw error;
      }
    },
  })),
];
