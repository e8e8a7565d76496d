// Where the session stores of a benchmark stand: in memory, in a file, in a server of its own with fsync on.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { openSessionStore, sha256 } from '../../src/app/index.ts';
import { openMemoryStore } from '../../src/log/index.ts';
import type { OpenSessionStore } from '../../src/sessions/index.ts';
import { startServer } from '../../test/harness/postgres/scratch-server.ts';

export const placeNames = ['memory', 'SQLite', 'PostgreSQL'] as const;
export type PlaceName = (typeof placeNames)[number];

export interface Places {
  /** An empty store in the place; on PostgreSQL one of a schema of its own. */
  open(name: PlaceName): Promise<OpenSessionStore>;
  /** A path where nothing is yet. */
  newFile(): string;
  end(): Promise<void>;
}

export async function openPlaces(): Promise<Places> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-bench-'));
  const server = await startServer('shared_buffers=256MB', 'max_wal_size=4GB');
  let opened = 0;
  const newFile = (): string => {
    opened += 1;
    return join(folder, `sessions-${opened}.db`);
  };
  const logStore = async (name: PlaceName) => {
    if (name === 'memory') return openMemoryStore({ sha256, nowMs: () => Date.now() });
    if (name === 'SQLite') return openSqliteStore({ path: newFile(), mode: 'create' });
    opened += 1;
    return openPostgresStore({ url: server.url, mode: 'create', schema: `bench_${opened}` });
  };
  return {
    open: async (name) => openSessionStore(await logStore(name)),
    newFile,
    end: async () => {
      await server.end();
      rmSync(folder, { recursive: true });
    },
  };
}
