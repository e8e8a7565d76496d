// Decides how the kit gets a store without true batches: single appends on a memory that outlives its handles, as a database would.
import type { StoreMaker, StorePlace } from '../../src/conformance/index.ts';
import {
  type LogStore,
  MemoryDatabase,
  openLoopAppendStore,
  openMemoryStore,
  type SingleAppendStore,
} from '../../src/log/index.ts';
import { sha256 } from './memory-places.ts';

const leaseMs = 30_000;

class ProcessDied extends Error {}

/** Counts down to the write that is never done. */
type Death = (() => void) | null;

export function loopPlaces(name = 'loop-append', wrap = (store: LogStore): LogStore => store): StoreMaker {
  return { name, make: async () => makePlace(wrap) };
}

function makePlace(wrap: (store: LogStore) => LogStore): StorePlace {
  const database = new MemoryDatabase();
  let now = Date.parse('2026-01-01T00:00:00Z');
  const handles: LogStore[] = [];
  const openOn = async (death: Death): Promise<LogStore> => {
    const inner = openMemoryStore({ sha256, nowMs: () => now, database, leaseMs });
    const store = wrap(openLoopAppendStore(singleAppends(inner, death), { sha256 }));
    if (death === null) handles.push(store);
    return store;
  };
  const closeAll = async (): Promise<void> => {
    for (const store of handles.splice(0)) await store.close();
  };
  return {
    leaseMs,
    open: () => openOn(null),
    otherHandle: () => openOn(null),
    reopen: async () => {
      await closeAll();
      return openOn(null);
    },
    openDying: (n) => openOn(dyingAt(n)),
    passTime: async (ms) => {
      now += ms;
    },
    destroy: closeAll,
  };
}

function dyingAt(n: number): () => void {
  let writes = 0;
  return () => {
    writes += 1;
    if (writes >= n) throw new ProcessDied(`the process died before write ${n}`);
  };
}

/** What a database without batches offers. The promise of durability is kept by the place, which holds the data. */
function singleAppends(inner: LogStore, death: Death): SingleAppendStore {
  const write = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    death?.();
    return work();
  };
  return {
    storeId: inner.storeId,
    capabilities: { durability: 'process', shared: true },
    create: (log) => write(() => inner.create(log)),
    fork: (fork) => write(() => inner.fork(fork)),
    info: (logId) => inner.info(logId),
    head: (logId) => inner.head(logId),
    logs: (filter) => inner.logs(filter),
    read: (logId, options) => inner.read(logId, options),
    get: (logId, eventId) => inner.get(logId, eventId),
    tail: (options) => inner.tail(options),
    record: (kind, id) => inner.record(kind, id),
    records: (kind, prefix) => inner.records(kind, prefix),
    acquire: (logId) => write(() => inner.acquire(logId)),
    renew: () => inner.renew(),
    release: (lease) => write(() => inner.release(lease)),
    close: () => inner.close(),
    appendOne: ({ logId, expected, epoch, event }) =>
      write(async () => {
        const [head] = await inner.commit([{ logId, expected, epoch, events: [event] }]);
        return head ?? inner.head(logId);
      }),
    writeRecord: (record) =>
      write(async () => {
        await inner.commit([], [record]);
      }),
  };
}
