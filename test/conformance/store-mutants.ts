// Decides which wrong stores the kit has to catch. Each breaks one promise in a way that somebody could really build.
import {
  ConcurrentWriterError,
  type EventRow,
  type LogStore,
  type StoredEvent,
} from '../../src/log/index.ts';

export interface StoreMutant {
  readonly name: string;
  /** One case that must fail; others may. */
  readonly caughtBy: string;
  readonly wrap: (store: LogStore) => LogStore;
}

/** The store with some methods replaced; the rest goes through. */
function replaced(store: LogStore, methods: (inner: LogStore) => Partial<LogStore>): LogStore {
  const own = methods(store);
  return {
    storeId: own.storeId ?? store.storeId,
    capabilities: own.capabilities ?? store.capabilities,
    create: own.create ?? ((log) => store.create(log)),
    fork: own.fork ?? ((fork) => store.fork(fork)),
    detach: own.detach ?? ((logId) => store.detach(logId)),
    info: own.info ?? ((logId) => store.info(logId)),
    head: own.head ?? ((logId) => store.head(logId)),
    logs: own.logs ?? ((filter) => store.logs(filter)),
    commit: own.commit ?? ((parts, records) => store.commit(parts, records)),
    read: own.read ?? ((logId, options) => store.read(logId, options)),
    get: own.get ?? ((logId, eventId) => store.get(logId, eventId)),
    tail: own.tail ?? ((options) => store.tail(options)),
    record: own.record ?? ((kind, id) => store.record(kind, id)),
    records: own.records ?? ((kind, prefix) => store.records(kind, prefix)),
    acquire: own.acquire ?? ((logId) => store.acquire(logId)),
    renew: own.renew ?? (() => store.renew()),
    release: own.release ?? ((lease) => store.release(lease)),
    close: own.close ?? (() => store.close()),
  };
}

function writesEvents(change: (events: readonly EventRow[]) => readonly EventRow[]): StoreMutant['wrap'] {
  return (store) =>
    replaced(store, (inner) => ({
      commit: (parts, records) =>
        inner.commit(
          parts.map((part) => ({ ...part, events: change(part.events) })),
          records,
        ),
    }));
}

function readsPages(change: (page: readonly StoredEvent[]) => readonly StoredEvent[]): StoreMutant['wrap'] {
  return (store) =>
    replaced(store, (inner) => ({
      async *read(logId, options) {
        for await (const page of inner.read(logId, options)) yield change(page);
      },
    }));
}

export const storeMutants: readonly StoreMutant[] = [
  {
    name: 'makes a fork without its first events',
    caughtBy: 'fork/comes-with-its-first-events',
    wrap: (store) => replaced(store, (inner) => ({ fork: (fork) => inner.fork({ ...fork, events: [] }) })),
  },
  {
    name: 'makes a fork, and then fails at its first events',
    caughtBy: 'fork/with-a-refused-event-is-not-made',
    wrap: (store) =>
      replaced(store, (inner) => ({
        fork: async ({ events = [], ...fork }) => {
          const made = await inner.fork(fork);
          if (events.length === 0) return made;
          await inner.commit([{ logId: fork.id, expected: fork.atSeq, epoch: null, events }]);
          return (await inner.info(fork.id)) ?? made;
        },
      })),
  },
  {
    name: 'forgets the version of a payload',
    caughtBy: 'append/schema-version-of-a-run-kept',
    wrap: readsPages((page) => page.map((event) => ({ ...event, schemaVersion: null }))),
  },
  {
    name: 'drops the last event of a batch',
    caughtBy: 'append/head-advances',
    wrap: writesEvents((events) => (events.length > 1 ? events.slice(0, -1) : events)),
  },
  {
    name: 'hands out the events of a page in reverse',
    caughtBy: 'large/long-log-in-order',
    wrap: readsPages((page) => page.toReversed()),
  },
  {
    name: 'loses who did it',
    caughtBy: 'append/every-field-kept',
    wrap: readsPages((page) => page.map((event) => ({ ...event, actor: null }))),
  },
  {
    name: 'parses payloads and prints them again',
    caughtBy: 'text/number-spelling-kept',
    wrap: writesEvents((events) =>
      events.map((event) => ({ ...event, payload: JSON.stringify(JSON.parse(event.payload.trim())) })),
    ),
  },
  {
    name: 'normalizes ids',
    caughtBy: 'text/similar-ids-are-two',
    wrap: writesEvents((events) => events.map((event) => ({ ...event, id: event.id.normalize() }))),
  },
  {
    name: 'takes any place',
    caughtBy: 'conflict/stale-place-refused',
    wrap: (store) =>
      replaced(store, (inner) => ({
        commit: (parts, records) =>
          inner.commit(
            parts.map((part) => ({ ...part, expected: 'any' })),
            records,
          ),
      })),
  },
  {
    name: 'takes any epoch',
    caughtBy: 'owner/paused-writer-fenced',
    wrap: (store) =>
      replaced(store, (inner) => ({
        commit: async (parts, records) => {
          const fresh = [];
          for (const part of parts)
            fresh.push({ ...part, epoch: (await inner.info(part.logId))?.epoch ?? null });
          return inner.commit(fresh, records);
        },
      })),
  },
  {
    name: 'commits part by part',
    caughtBy: 'append/all-parts-or-none',
    wrap: (store) =>
      replaced(store, (inner) => ({
        commit: async (parts, records) => {
          const heads = [];
          for (const part of parts) heads.push(...(await inner.commit([part])));
          await inner.commit([], records);
          return heads;
        },
      })),
  },
  {
    name: 'refuses a retry as stale',
    caughtBy: 'retry/same-commit-again',
    wrap: (store) =>
      replaced(store, (inner) => ({
        commit: async (parts, records) => {
          for (const { logId, expected } of parts) {
            const { seq } = await inner.head(logId);
            if (expected === 'any' || expected === seq) continue;
            await inner.commit([{ logId, expected, epoch: 0, events: [] }]);
            throw new ConcurrentWriterError({ summary: logId, whatFailed: 'stale', why: '-', howToFix: '-' });
          }
          return inner.commit(parts, records);
        },
      })),
  },
  {
    name: 'forks one place early',
    caughtBy: 'fork/shares-the-past',
    wrap: (store) =>
      replaced(store, (inner) => ({
        fork: (fork) => inner.fork({ ...fork, atSeq: Math.max(fork.atSeq - 1, 0) }),
      })),
  },
  {
    name: 'says that it is durable and is not',
    caughtBy: 'reopen/events-are-there',
    wrap: (store) => replaced(store, () => ({ capabilities: { durability: 'process', shared: true } })),
  },
  {
    name: 'lets everybody take a run',
    caughtBy: 'owner/held-run-refused',
    wrap: (store) =>
      replaced(store, (inner) => ({
        acquire: async (logId) => {
          const epoch = (await inner.info(logId))?.epoch ?? 0;
          return epoch === 0 ? inner.acquire(logId) : { logId, epoch };
        },
      })),
  },
  {
    name: 'begins to follow anew after a restart',
    caughtBy: 'tail/resumed-loses-and-repeats-nothing',
    wrap: (store) =>
      replaced(store, (inner) => ({
        tail: (options) => inner.tail(options?.logId === undefined ? {} : { logId: options.logId }),
      })),
  },
  {
    name: 'hands out the inherited events of a fork as news',
    caughtBy: 'tail/own-events-of-a-fork',
    wrap: (store) =>
      replaced(store, (inner) => ({
        async *tail(options) {
          for await (const page of inner.tail(options)) {
            const first = page.events[0];
            const isFork = first?.logId === 'f' && first.event.seq === 3;
            const past = isFork ? [{ logId: 'f', event: { ...first.event, seq: 2 } }] : [];
            yield { ...page, events: [...past, ...page.events] };
          }
        },
      })),
  },
];
