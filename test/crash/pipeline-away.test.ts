// Pipelines into stores that are really away for a while: a SQLite file that another writer holds, and a PostgreSQL server that is stopped
// and started again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openFileSpool } from '../../src/adapters/spool/file/index.ts';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { openEventPipeline } from '../../src/app/open-event-pipeline.ts';
import { openSessionStore } from '../../src/app/sessions/open-session-store.ts';
import { StoreUnavailableError } from '../../src/log/index.ts';
import type { EventPipeline, EventPipelineOptions, OpenSessionStore } from '../../src/sessions/index.ts';
import { type ScratchServer, startServer } from '../harness/postgres/scratch-server.ts';

let server: ScratchServer;

beforeAll(async () => {
  server = await startServer('fsync=off');
});

afterAll(() => server.end());

interface Place {
  readonly store: OpenSessionStore;
  readonly folder: string;
  readonly goAway: () => Promise<void>;
  readonly comeBack: () => Promise<void>;
}

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-away-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function heldFile(): Promise<Place> {
  const folder = scratchFolder();
  const path = join(folder, 'sessions.db');
  const store = await openSessionStore(await openSqliteStore({ path, mode: 'create', busyTimeoutMs: 20 }));
  const holder = new DatabaseSync(path);
  onTestFinished(() => holder.close());
  return {
    store,
    folder,
    goAway: async () => holder.exec('BEGIN IMMEDIATE'),
    comeBack: async () => holder.exec('ROLLBACK'),
  };
}

let schemas = 0;

async function stoppedServer(): Promise<Place> {
  schemas += 1;
  const schema = `away_${schemas}`;
  return {
    store: await openSessionStore(await openPostgresStore({ url: server.url, schema, mode: 'create' })),
    folder: scratchFolder(),
    goAway: () => server.tell('stop'),
    comeBack: () => server.tell('start'),
  };
}

const context = { sessionId: 's', runId: null };
const rawOf = (number: number): object => ({
  type: 'message_sent',
  data: { content: `${number}`, role: 'user' },
});

async function take(
  pipeline: EventPipeline,
  first: number,
  last: number,
): Promise<readonly (number | null)[]> {
  const numbers: (number | null)[] = [];
  for (let number = first; number <= last; number += 1)
    numbers.push((await pipeline.process(rawOf(number), context)).sequenceNumber);
  return numbers;
}

function pipelineInto(store: OpenSessionStore, whenAway: EventPipelineOptions['whenAway']): EventPipeline {
  const pipeline = openEventPipeline(store, { retryMs: 20, ...(whenAway === undefined ? {} : { whenAway }) });
  onTestFinished(async () => {
    await pipeline.close();
    await store.close();
  });
  return pipeline;
}

/** What is stored, and that each has the number of its place. */
async function contentsOf(store: OpenSessionStore): Promise<readonly unknown[]> {
  const events = await store.getEvents('s');
  expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual(events.map((_, index) => index + 1));
  return events.map(({ data }) => data['content']);
}

describe.each([
  ['a SQLite file that somebody else holds', heldFile],
  ['a PostgreSQL server that is stopped', stoppedServer],
])('%s', (_name, make) => {
  it('gets what was spooled meanwhile, once and in order', async () => {
    const { store, folder, goAway, comeBack } = await make();
    const spool = await openFileSpool(join(folder, 'events.spool'));
    onTestFinished(() => spool.close());
    const pipeline = pipelineInto(store, { spool });
    expect(await take(pipeline, 1, 3)).toEqual([1, 2, 3]);
    await goAway();
    try {
      expect(await take(pipeline, 4, 7)).toEqual([null, null, null, null]);
    } finally {
      await comeBack();
    }
    await take(pipeline, 8, 8);
    await pipeline.flush();
    expect(await contentsOf(store)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(spool.isEmpty).toBe(true);
  });

  it('is told to whoever hands in an event, and nothing of that is stored later', async () => {
    const { store, goAway, comeBack } = await make();
    const pipeline = pipelineInto(store, 'fail');
    await take(pipeline, 1, 1);
    await goAway();
    try {
      await expect(pipeline.process(rawOf(2), context)).rejects.toThrow(StoreUnavailableError);
    } finally {
      await comeBack();
    }
    expect(await take(pipeline, 3, 3)).toEqual([2]);
    expect(await contentsOf(store)).toEqual(['1', '3']);
  });

  it('is waited for', async () => {
    const { store, goAway, comeBack } = await make();
    const pipeline = pipelineInto(store, 'block');
    await take(pipeline, 1, 1);
    await goAway();
    let waiting: Promise<readonly (number | null)[]>;
    try {
      waiting = take(pipeline, 2, 3);
      await new Promise((resolve) => setTimeout(resolve, 60));
    } finally {
      await comeBack();
    }
    expect(await waiting).toEqual([2, 3]);
    expect(await contentsOf(store)).toEqual(['1', '2', '3']);
  });
});
