// The PostgreSQL server of the peers: one for all of them, with fsync on; ours has a schema of its own for each round.
import { Client } from 'pg';
import { startServer } from '../../test/harness/postgres/scratch-server.ts';

export interface Server {
  /** For a store of runlog. */
  readonly newSchemaUrl: () => string;
  /** For whoever wants the schema `public`. Who comes again takes another thread or stream. */
  readonly databaseUrl: string;
  readonly end: () => Promise<void>;
}

export async function peerServer(): Promise<Server> {
  const server = await startServer('fsync=on', 'shared_buffers=256MB', 'max_wal_size=4GB');
  let made = 0;
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query('CREATE DATABASE peer');
  await client.end();
  const database = new URL(server.url);
  database.pathname = '/peer';
  const newSchemaUrl = (): string => `${server.url}?schema=peer_${(made += 1)}`;
  return { newSchemaUrl, databaseUrl: database.href, end: () => server.end() };
}
