// A PostgreSQL server under load whose connections are ended, and which is killed and started again: writers hear of it by name, send
// again what is not known, and go on with the store that they have open. In the end everything is there once.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import {
  chainHash,
  type EventRow,
  genesisHash,
  type LogStore,
  StoreUnavailableError,
  UnknownCommitError,
} from '../../src/log/index.ts';
import { sampleRows } from '../conformance/sqlite-scratch.ts';
import { sql } from '../harness/postgres/scratch-schema.ts';
import { type ScratchServer, startServer } from '../harness/postgres/scratch-server.ts';
import { sha256 } from '../conformance/memory-places.ts';

const logIds = ['a', 'b', 'c', 'd'] as const;
let server: ScratchServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.end());

class Writer {
  readonly rows: EventRow[] = [];
  readonly errors: unknown[] = [];
  /** The place and hash of the last acknowledgement. */
  heard: { readonly seq: number; readonly hash: string } = { seq: 0, hash: genesisHash };
  readonly #store: LogStore;
  readonly #logId: string;

  constructor(store: LogStore, logId: string) {
    this.#store = store;
    this.#logId = logId;
  }

  /** Appends batch after batch, each until it is acknowledged. */
  async writeUntil(isOver: () => boolean): Promise<void> {
    for (let size = 1; !isOver(); size = (size % 7) + 1) {
      const events = sampleRows(this.rows.length + 1, size);
      const part = { logId: this.#logId, expected: this.rows.length, epoch: null, events };
      this.rows.push(...events);
      for (;;) {
        try {
          const [head] = await this.#store.commit([part]);
          if (head !== undefined) this.heard = head;
          break;
        } catch (error) {
          this.errors.push(error);
          await sleep(20);
        }
      }
    }
  }
}

async function openWriters(
  schema: string,
): Promise<{ readonly store: LogStore; readonly writers: readonly Writer[] }> {
  const store = await openPostgresStore({ url: server.url, schema, mode: 'create' });
  for (const id of logIds) await store.create({ id, kind: 'run', label: null, createdAt: 'now' });
  return { store, writers: logIds.map((id) => new Writer(store, id)) };
}

/** Lets writers work while something is done to the server, and checks what is there when they have all been answered. */
async function underLoad(schema: string, fault: (goOn: () => Promise<void>) => Promise<void>): Promise<void> {
  const { store, writers } = await openWriters(schema);
  let isOver = false;
  const writing = Promise.all(writers.map((writer) => writer.writeUntil(() => isOver)));
  const goOn = async (): Promise<void> => {
    const before = writers.map(({ heard }) => heard.seq);
    while (writers.some(({ heard }, index) => heard.seq <= (before[index] ?? 0) + 20)) await sleep(2);
  };
  await goOn();
  try {
    await fault(goOn);
    await goOn();
  } finally {
    isOver = true;
  }
  await writing;
  const errors = writers.flatMap((writer) => writer.errors);
  expect(errors.length).toBeGreaterThan(0);
  expect(errors.filter((error) => !isKnown(error)).map(String)).toEqual([]);
  for (const [index, id] of logIds.entries()) {
    const { rows = [], heard } = writers[index] ?? {};
    const hash = rows.reduce((before, row) => chainHash(before, row, sha256), genesisHash);
    expect(await store.head(id)).toEqual({ logId: id, seq: rows.length, hash });
    expect(heard).toMatchObject({ seq: rows.length, hash });
    const stored: string[] = [];
    for await (const page of store.read(id)) stored.push(...page.map(({ payload }) => payload));
    expect(stored).toEqual(rows.map(({ payload }) => payload));
  }
  await store.close();
}

function isKnown(error: unknown): boolean {
  return error instanceof UnknownCommitError || error instanceof StoreUnavailableError;
}

test('connections that are ended under load lose and double nothing', async () => {
  const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'runlog'`;
  await underLoad('ended', async (goOn) => {
    for (let round = 0; round < 8; round += 1) {
      await sql(end, [], server.url);
      await goOn();
    }
  });
});

test('a server that is killed with kill -9 under load and started again loses and doubles nothing', async () => {
  await underLoad('killed', async () => {
    await server.tell('kill');
    await server.tell('start');
  });
});

test('a server that is shut down under load and started again loses and doubles nothing', async () => {
  await underLoad('stopped', async () => {
    await server.tell('stop');
    await server.tell('start');
  });
});
