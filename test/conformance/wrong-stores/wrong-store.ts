// Decides what a wrong store is: a right one with one promise broken, and the case that has to notice.
import type { StoreMaker } from '../../../src/conformance/index.ts';
import type { CommitPart, EventRow, LogStore, MemoryDatabase, StoredEvent } from '../../../src/log/index.ts';
import { memoryPlaces, type WrapHandle } from '../memory-places.ts';

export interface WrongStore {
  /** Goes on after "a store that". */
  readonly name: string;
  /** The case that must fail; others may. */
  readonly caughtBy: string;
  readonly maker: StoreMaker;
}

type Methods = Partial<LogStore>;

/** A wrong store in memory: the methods that are given take the place of the right ones. */
export function wrong(
  name: string,
  caughtBy: string,
  methods: (inner: LogStore, database: MemoryDatabase) => Methods,
): WrongStore {
  const wrap: WrapHandle = (store, database) => replaced(store, methods(store, database));
  return { name, caughtBy, maker: memoryPlaces(name, wrap) };
}

/** The store with some methods replaced; the rest goes through. */
export function replaced(store: LogStore, own: Methods): LogStore {
  return {
    storeId: store.storeId,
    capabilities: store.capabilities,
    create: (log) => store.create(log),
    fork: (fork) => store.fork(fork),
    detach: (logId) => store.detach(logId),
    info: (logId) => store.info(logId),
    head: (logId) => store.head(logId),
    logs: (filter) => store.logs(filter),
    commit: (parts, records) => store.commit(parts, records),
    read: (logId, options) => store.read(logId, options),
    get: (logId, eventId) => store.get(logId, eventId),
    tail: (options) => store.tail(options),
    record: (kind, id) => store.record(kind, id),
    records: (kind, prefix) => store.records(kind, prefix),
    acquire: (logId) => store.acquire(logId),
    renew: () => store.renew(),
    release: (lease) => store.release(lease),
    close: () => store.close(),
    ...own,
  };
}

/** Changes the parts of each commit on the way in. */
export function changesParts(change: (part: CommitPart) => CommitPart): (inner: LogStore) => Methods {
  return (inner) => ({
    commit: (parts, records) => inner.commit(parts.map(change), records),
  });
}

/** Changes each event on the way in. */
export function changesEvents(change: (event: EventRow) => EventRow): (inner: LogStore) => Methods {
  return changesParts((part) => ({ ...part, events: part.events.map(change) }));
}

/** Changes each page on the way out. */
export function changesPages(
  change: (page: readonly StoredEvent[]) => readonly StoredEvent[],
): (inner: LogStore) => Methods {
  return (inner) => ({
    async *read(logId, options) {
      for await (const page of inner.read(logId, options)) yield change(page);
    },
  });
}

/** Something that all handles on one database share. */
export function sharedBy<Value>(make: () => Value): (database: MemoryDatabase) => Value {
  const values = new WeakMap<MemoryDatabase, Value>();
  return (database) => {
    const known = values.get(database) ?? make();
    values.set(database, known);
    return known;
  };
}

export async function allOf(inner: LogStore, ...asked: Parameters<LogStore['read']>): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const page of inner.read(...asked)) events.push(...page);
  return events;
}
