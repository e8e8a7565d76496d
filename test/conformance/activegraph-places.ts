// Decides what tests of foreign sources compare: the databases that Python wrote, what it states about them, and what a store
// holds after they came over.
import { randomUUID } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import type { LogStore } from 'runlog/log';
import { quoteName } from '../../src/adapters/stores/postgres/tables.ts';
import { objectToJson } from '../../src/graph/index.ts';
import { loadState } from '../../src/runtime/index.ts';
import { serverUrl, sql } from '../harness/postgres/scratch-schema.ts';
import { scratchSchema } from './postgres-scratch.ts';
import { scratchFolder } from './sqlite-scratch.ts';

export const names = ['forks', 'quickstart-small', 'quickstart'];

const fixtures = 'test/fixtures/activegraph';

export interface RunFacts {
  readonly run_id: string;
  readonly parent_run_id: string | null;
  readonly forked_at_event_id: string | null;
  readonly label: string | null;
  readonly events: number;
  readonly objects: Readonly<Record<string, unknown>>;
  readonly relations: readonly { readonly id: string }[];
  readonly patches: Readonly<Record<string, string>>;
}

export function factsOf(name: string): readonly RunFacts[] {
  const text = readFileSync(join(fixtures, `${name}.facts.json`), 'utf8');
  return (JSON.parse(text) as { readonly runs: readonly RunFacts[] }).runs;
}

/** A copy in a folder of its own, so that files made beside it are noticed. */
export function databaseOf(name: string): string {
  const path = join(scratchFolder(), `${name}.db`);
  if (name === 'quickstart')
    writeFileSync(path, gunzipSync(readFileSync(join(fixtures, 'quickstart.db.gz'))));
  else copyFileSync(join(fixtures, `${name}.db`), path);
  return path;
}

/** The rows of a run as Python wrote them, in order. */
export function pythonRows(path: string, runId: string): readonly unknown[][] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database
    .prepare(
      'SELECT id, type, actor, payload, frame_id, caused_by, timestamp FROM events WHERE run_id = ? ORDER BY seq',
    )
    .all(runId);
  database.close();
  return rows.map((row) => Object.values(row));
}

export async function storedRows(store: LogStore, runId: string): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const page of store.read(runId)) {
    for (const { id, type, actor, payload, frameId, causedBy, timestamp } of page)
      rows.push([id, type, actor, payload, frameId, causedBy, timestamp]);
  }
  return rows;
}

/** The graph of a run in a store. */
export async function graphOf(store: LogStore, runId: string): Promise<unknown> {
  const { tables } = await loadState(store, runId);
  return {
    objects: Object.fromEntries(
      [...tables.objects()].map((object) => {
        const { type, data, version } = objectToJson(object);
        return [object.id, { type, data, version }];
      }),
    ),
    relations: [...tables.relations()].map(({ id, source, target, type, data }) => ({
      id,
      source,
      target,
      type,
      data,
    })),
    patches: Object.fromEntries([...tables.patches()].map(({ id, status }) => [id, status])),
  };
}

/** The graph of a run as Python states it. */
export function graphIn({ objects, relations, patches }: RunFacts): unknown {
  return { objects, relations, patches };
}

const columns = [
  'seq',
  'id',
  'type',
  'actor',
  'payload',
  'frame_id',
  'caused_by',
  'timestamp',
  'run_id',
] as const;

/** A database of ActiveGraph on PostgreSQL in a schema of its own, with the rows of a SQLite one. */
export async function postgresDatabaseOf(
  sqlitePath: string,
  types: { readonly payload: string; readonly moment: string } = { payload: 'jsonb', moment: 'timestamptz' },
): Promise<{ readonly url: string; readonly client: Client }> {
  const schema = scratchSchema();
  const client = await connected(serverUrl());
  await client.query(`CREATE SCHEMA ${quoteName(schema)}; SET search_path TO ${quoteName(schema)}`);
  await fill(client, sqlitePath, types);
  return { url: `${serverUrl()}?schema=${encodeURIComponent(schema)}`, client };
}

/** The same as Python leaves it: a database of its own, the tables in the schema where the search path begins. */
export async function wholePostgresDatabase(sqlitePath: string): Promise<string> {
  const name = `python_${randomUUID().slice(0, 8)}`;
  await sql(`CREATE DATABASE ${name}`);
  // A connection that a test has left open must not keep it.
  onTestFinished(async () => void (await sql(`DROP DATABASE ${name} WITH (FORCE)`)));
  const url = serverUrl().replace(/[^/]+$/, name);
  const client = new Client({ connectionString: url });
  await client.connect();
  await fill(client, sqlitePath, { payload: 'jsonb', moment: 'timestamptz' });
  await client.end();
  return url;
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

async function fill(
  client: Client,
  sqlitePath: string,
  types: { readonly payload: string; readonly moment: string },
): Promise<void> {
  await client.query(
    `CREATE TABLE events (seq BIGSERIAL PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, actor TEXT,
        payload ${types.payload} NOT NULL, frame_id TEXT, caused_by TEXT, timestamp ${types.moment} NOT NULL,
        run_id TEXT NOT NULL, UNIQUE (id, run_id));
      CREATE TABLE runs (run_id TEXT PRIMARY KEY, parent_run_id TEXT, forked_at_event_id TEXT, label TEXT,
        created_at ${types.moment} NOT NULL, goal TEXT, frame_id TEXT);
      CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
      INSERT INTO meta VALUES ('schema_version', '1')`,
  );
  const source = new DatabaseSync(sqlitePath, { readOnly: true });
  const events = source.prepare(`SELECT ${columns.join(', ')} FROM events`).all();
  await client.query(
    `INSERT INTO events (${columns.join(', ')}) SELECT seq, id, type, actor, payload::${types.payload}, frame_id, caused_by,
        timestamp::${types.moment}, run_id
      FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
        AS e(${columns.join(', ')})`,
    columns.map((name) => events.map((row) => row[name])),
  );
  for (const row of source.prepare('SELECT * FROM runs').all()) {
    await client.query('INSERT INTO runs VALUES ($1, $2, $3, $4, $5, $6, $7)', Object.values(row));
  }
  source.close();
}
