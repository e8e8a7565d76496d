// Decides how the kit gets a SQLite store: each place is a folder of its own below the system's folder for such things.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import type { StoreMaker, StorePlace } from '../../src/conformance/index.ts';
import type { LogStore } from '../../src/log/index.ts';

const leaseMs = 30_000;

export function sqlitePlaces(durability: 'power' | 'process'): StoreMaker {
  return { name: `sqlite (${durability})`, make: async () => makePlace(durability) };
}

function makePlace(durability: 'power' | 'process'): StorePlace {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-'));
  const handles: LogStore[] = [];
  let now = Date.parse('2026-01-01T00:00:00Z');
  const open = async () => {
    const options = { path: join(folder, 'runs.db'), mode: 'create', durability, leaseMs } as const;
    const store = await openSqliteStore({ ...options, nowMs: () => now, warn: () => undefined });
    handles.push(store);
    return store;
  };
  const closeAll = async () => {
    for (const store of handles.splice(0)) await store.close();
  };
  return {
    leaseMs,
    open,
    otherHandle: open,
    reopen: async () => {
      await closeAll();
      return open();
    },
    passTime: async (ms) => {
      now += ms;
    },
    destroy: async () => {
      await closeAll();
      rmSync(folder, { recursive: true });
    },
  };
}
