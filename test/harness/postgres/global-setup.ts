// Decides when the test run has a PostgreSQL server: one for all projects that need it, from the first until the last is done.
import type { TestProject } from 'vitest/node';
import { type ScratchServer, startServer } from './scratch-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server of this test run; its user may do everything. */
    readonly postgresUrl: string;
  }
}

interface Shared {
  server: Promise<ScratchServer>;
  users: number;
}

/** Durability is proved by the store's own crash tests: here no disk is waited for, and nothing is written for a server that comes back. */
const settings = [
  'fsync=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'autovacuum=off',
];

/** Each project loads this module for itself; the process is what they share. */
const place = Symbol.for('runlog.test.postgres');
const shared: typeof globalThis & { [place]?: Shared | undefined } = globalThis;

/** Without a server the tests that need one fail, and say what to install; nothing is passed over. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const own = (shared[place] ??= { server: startServer(...settings), users: 0 });
  own.users += 1;
  const server = await own.server;
  project.provide('postgresUrl', server.url);
  return async () => {
    own.users -= 1;
    if (own.users > 0) return;
    shared[place] = undefined;
    await server.end();
  };
}
