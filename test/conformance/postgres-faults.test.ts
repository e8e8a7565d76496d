// Connections that break, backends that are ended and servers that go away: each call says so, asking again is safe, and in the
// end nothing is lost or doubled.
import { setImmediate as immediately } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { quoteName } from '../../src/adapters/stores/postgres/tables.ts';
import {
  chainHash,
  genesisHash,
  type LogStore,
  StoreUnavailableError,
  UnknownCommitError,
} from '../../src/log/index.ts';
import { type CuttingProxy, startProxy } from '../harness/postgres/cutting-proxy.ts';
import { serverUrl, sql } from '../harness/postgres/scratch-schema.ts';
import { startServer } from '../harness/postgres/scratch-server.ts';
import { sha256 } from './memory-places.ts';
import { scratchSchema, storeWithRun } from './postgres-scratch.ts';
import { append, sampleRows, seqsOf } from './sqlite-scratch.ts';

async function throughProxy(work: (store: LogStore, proxy: CuttingProxy, schema: string) => Promise<void>) {
  const url = new URL(serverUrl().replace('postgres:', 'http:'));
  const proxy = await startProxy(Number(url.port));
  try {
    const schema = scratchSchema();
    const store = await storeWithRun(schema, {
      url: serverUrl().replace(`:${url.port}/`, `:${proxy.port}/`),
    });
    await work(store, proxy, schema);
    await store.close();
  } finally {
    await proxy.end();
  }
}

const whole = sampleRows(1, 3).reduce((hash, row) => chainHash(hash, row, sha256), genesisHash);

test.each(['before the request', 'before the answer'] as const)(
  'an append whose connection is cut %s is not known, and is stored once when it is sent again',
  async (when) => {
    await throughProxy(async (store, proxy) => {
      proxy.cut('append_events', when);
      await expect(append(store, 0, 3)).rejects.toBeInstanceOf(UnknownCommitError);
      expect((await store.head('a')).seq).toBe(when === 'before the request' ? 0 : 3);
      expect(await append(store, 0, 3)).toEqual({ logId: 'a', seq: 3, hash: whole });
      expect(await seqsOf(store)).toEqual([1, 2, 3]);
    });
  },
);

test.each(['before the request', 'before the answer'] as const)(
  'a transaction whose COMMIT is cut %s is not known, and is stored once when it is sent again',
  async (when) => {
    await throughProxy(async (store, proxy) => {
      await store.create({ id: 'b', kind: 'run', label: null, createdAt: 'now' });
      const parts = ['a', 'b'].map((logId) => ({
        logId,
        expected: 0,
        epoch: null,
        events: sampleRows(1, 3),
      }));
      proxy.cut('COMMIT\0', when);
      await expect(store.commit(parts)).rejects.toBeInstanceOf(UnknownCommitError);
      const heads = await store.commit(parts);
      expect(heads.map(({ hash }) => hash)).toEqual([whole, whole]);
    });
  },
);

test('a transaction that is cut before its COMMIT is known not to be stored', async () => {
  await throughProxy(async (store, proxy) => {
    proxy.cut('insert_log', 'before the request');
    const log = { id: 'b', kind: 'run', label: null, createdAt: 'now' } as const;
    await expect(store.create(log)).rejects.toMatchObject({ context: { reason: 'unreachable' } });
    expect(await store.info('b')).toBeUndefined();
    expect((await store.create(log)).id).toBe('b');
  });
});

test.each(['before the request', 'before the answer'] as const)(
  'a question whose connection is cut %s is asked once more, on another one',
  async (when) => {
    await throughProxy(async (store, proxy) => {
      await append(store, 0, 3);
      proxy.cut('WHERE l.id', when);
      expect((await store.info('a'))?.head).toMatchObject({ seq: 3, hash: whole });
    });
  },
);

test('a writer whose backends are ended again and again loses nothing and doubles nothing', async () => {
  const schema = scratchSchema();
  const store = await storeWithRun(schema);
  // The backends of this store alone: those of other tests go on.
  const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'runlog' AND query LIKE '%' || $1 || '%append_events%' AND pid <> pg_backend_pid()`;
  const count = { ended: 0, written: 0 };
  const done = new AbortController();
  onTestFinished(() => done.abort());
  const ending = (async () => {
    for (let before = -1; count.ended < 25 && !done.signal.aborted;) {
      // The writer gets on between two of them, or it would never be done.
      if (count.written > before && (await sql(end, [quoteName(schema)])).length > 0) {
        count.ended += 1;
        before = count.written;
      } else await immediately();
    }
  })();
  let failures = 0;
  try {
    while (!done.signal.aborted && (count.ended < 25 || count.written < 60)) {
      try {
        expect((await append(store, count.written, 3))?.seq).toBe(count.written + 3);
        count.written += 3;
      } catch (error) {
        failures += 1;
        expect(
          error instanceof UnknownCommitError || error instanceof StoreUnavailableError,
          String(error),
        ).toBe(true);
      }
    }
  } finally {
    done.abort();
    await ending;
  }
  const { written } = count;
  expect(failures).toBeGreaterThan(0);
  expect(await seqsOf(store)).toEqual(Array.from({ length: written }, (_, index) => index + 1));
  const hash = sampleRows(1, written).reduce((before, row) => chainHash(before, row, sha256), genesisHash);
  expect((await store.head('a')).hash).toBe(hash);
});

test('a server that goes away and comes back finds its writer where it was, a tail included', async () => {
  const server = await startServer();
  try {
    const store = await storeWithRun('runlog', { url: server.url });
    const followed: number[] = [];
    const following = (async () => {
      for (let after: string | undefined; followed.length < 6;) {
        try {
          for await (const page of store.tail(after === undefined ? {} : { after })) {
            followed.push(...page.events.map(({ event }) => event.seq));
            after = page.cursor;
            if (followed.length >= 6) break;
          }
        } catch (error) {
          expect(error).toBeInstanceOf(StoreUnavailableError);
        }
      }
    })();
    await append(store, 0, 3);
    await server.tell('crash');
    await expect(append(store, 3, 3)).rejects.toMatchObject({ context: { reason: 'unreachable' } });
    await server.tell('start');
    expect((await append(store, 3, 3))?.seq).toBe(6);
    await following;
    expect(followed).toEqual([1, 2, 3, 4, 5, 6]);
    await store.close();
  } finally {
    await server.end();
  }
});
