// Decides how the kit gets a PostgreSQL store: each place is a schema of its own while it lasts, on the server of the test run.
import { Pool } from 'pg';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import type { StoreMaker, StorePlace } from '../../src/conformance/index.ts';
import type { LogStore } from '../../src/log/index.ts';
import { clockText, serverUrl, sql } from '../harness/postgres/scratch-schema.ts';
import { SpareSchemas } from '../harness/postgres/spare-schemas.ts';

const leaseMs = 30_000;
const spare = new SpareSchemas();

/**
 * `pool` gives every handle the same single connection, as a careful user's pool could; and one place after another, so that what a
 * store left in it would be met by the next.
 */
export function postgresPlaces(durability: 'power' | 'process', ground: 'url' | 'pool' = 'url'): StoreMaker {
  return { name: `postgres (${durability}, ${ground})`, make: async () => makePlace(durability, ground) };
}

let single: Pool | null = null;

function singleConnection(url: string): Pool {
  const pool = new Pool({ connectionString: url, max: 1, allowExitOnIdle: true });
  // The server may end before the worker does.
  pool.on('error', () => undefined);
  return pool;
}

function makePlace(durability: 'power' | 'process', ground: 'url' | 'pool'): StorePlace {
  const schema = spare.take();
  let isMade = false;
  const url = serverUrl();
  const pool = ground === 'pool' ? (single ??= singleConnection(url)) : null;
  const handles: LogStore[] = [];
  let now = Date.parse('2026-01-01T00:00:00Z');
  const setClock = () => sql(clockText(schema, now));
  const open = async () => {
    const options = { mode: 'create', schema, durability, leaseMs } as const;
    const store = await openPostgresStore(pool === null ? { ...options, url } : { ...options, pool });
    isMade = true;
    handles.push(store);
    await setClock();
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
      await setClock();
    },
    destroy: async () => {
      await closeAll();
      if (isMade) await spare.giveBack(schema, sql);
    },
  };
}
