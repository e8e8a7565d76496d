/** Decides what a store is compared with: the memory store with the same capabilities, and everything of both that can be read. */
import type { Sha256 } from '../../../base/index.ts';
import {
  type LogStore,
  openLoopAppendStore,
  openMemoryStore,
  type SingleAppendStore,
} from '../../../log/index.ts';
import { readAll } from '../sample-log.ts';

export function openTwin(store: LogStore, sha256: Sha256): LogStore {
  const memory = openMemoryStore({ sha256, nowMs: () => 0 });
  if (store.capabilities.atomicCommit) return memory;
  return openLoopAppendStore(singleAppendsOf(memory), { sha256 });
}

/** Everything that can be read, but for who owns what. */
export async function pictureOf(store: LogStore): Promise<unknown> {
  const logs = [];
  for (const { owner: _owner, ...info } of await store.logs({ limit: 10_000 })) {
    logs.push([info, await readAll(store, info.id, { hashes: true })]);
  }
  return [logs, await store.records('k', ''), await store.records('other', '')];
}

/** A store that writes one thing at a time, made of one that could do more. */
function singleAppendsOf(store: LogStore): SingleAppendStore {
  return {
    storeId: store.storeId,
    capabilities: store.capabilities,
    create: (log) => store.create(log),
    fork: (fork) => store.fork(fork),
    info: (logId) => store.info(logId),
    head: (logId) => store.head(logId),
    logs: (filter) => store.logs(filter),
    read: (logId, options) => store.read(logId, options),
    get: (logId, eventId) => store.get(logId, eventId),
    tail: (options) => store.tail(options),
    record: (kind, id) => store.record(kind, id),
    records: (kind, prefix) => store.records(kind, prefix),
    acquire: (logId) => store.acquire(logId),
    renew: () => store.renew(),
    release: (lease) => store.release(lease),
    close: () => store.close(),
    async appendOne({ logId, expected, epoch, event }) {
      const [head] = await store.commit([{ logId, expected, epoch, events: [event] }]);
      return head ?? store.head(logId);
    },
    async writeRecord(write) {
      await store.commit([], [write]);
    },
  };
}
