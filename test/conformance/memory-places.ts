// Decides how the kit gets a store in memory: handles share one database until the place is opened again.
import { hash } from 'node:crypto';
import type { Sha256 } from '../../src/base/index.ts';
import type { StoreMaker, StorePlace } from '../../src/conformance/index.ts';
import { type LogStore, MemoryDatabase, openMemoryStore } from '../../src/log/index.ts';

export const sha256: Sha256 = (text) => hash('sha256', text, 'hex');

const leaseMs = 30_000;

export type WrapHandle = (store: LogStore, database: MemoryDatabase) => LogStore;

/** `wrap` may put something around each handle, such as a fault. */
export function memoryPlaces(name = 'memory', wrap: WrapHandle = (store) => store): StoreMaker {
  return { name, make: async () => makePlace(wrap) };
}

function makePlace(wrap: WrapHandle): StorePlace {
  let database = new MemoryDatabase();
  let now = Date.parse('2026-01-01T00:00:00Z');
  const open = async () => wrap(openMemoryStore({ sha256, nowMs: () => now, database, leaseMs }), database);
  return {
    leaseMs,
    open,
    otherHandle: open,
    reopen: async () => {
      database = new MemoryDatabase();
      return open();
    },
    passTime: async (ms) => {
      now += ms;
    },
    destroy: async () => undefined,
  };
}
