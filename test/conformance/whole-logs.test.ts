// Moving whole logs in and out of every store of our own: all of it or nothing, refused while it is needed, and nothing of it
// stands in the way of others.
import { openStore } from 'runlog';
import {
  ConcurrentWriterError,
  type EventRow,
  FencedError,
  type Head,
  InvalidCursorError,
  type LogCopy,
  MemoryDatabase,
  openMemoryStore,
  type ReadOptions,
  RunExistsError,
  RunNeededError,
  RunNotFoundError,
  RunOwnedError,
  StoreClosedError,
  type StoredEvent,
  type TailOptions,
  type TailPage,
  type WholeLogStore,
} from 'runlog/log';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import { schemaName } from '../harness/postgres/scratch-schema.ts';
import { sharedEngine } from '../harness/postgres/shared-engine.ts';
import { sha256 } from './memory-places.ts';
import { poolOf } from './pglite-places.ts';
import { openForTest, scratchSchema } from './postgres-scratch.ts';
import { createdAt, sampleRows, scratchFolder } from './sqlite-scratch.ts';

async function openOnEngine(): Promise<WholeLogStore> {
  const pool = poolOf(await sharedEngine());
  onTestFinished(() => pool.end());
  return openPostgresStore({ mode: 'create', schema: schemaName(), pool });
}

const stores = [
  ['memory', async () => openMemoryStore({ sha256, nowMs: () => 0, database: new MemoryDatabase('to') })],
  ['SQLite', async () => openStore(`sqlite:///${join(scratchFolder(), 'runs.db')}`)],
  ['PostgreSQL', async () => openForTest(scratchSchema())],
  ['PostgreSQL on PGlite', async () => openOnEngine()],
] as const;

async function* pagesOf(...pages: readonly (readonly EventRow[])[]): AsyncGenerator<readonly EventRow[]> {
  yield* pages;
}

function copyOf(id: string, pages: LogCopy['pages'], rest: Partial<LogCopy> = {}): LogCopy {
  const log = { id, kind: 'run', label: null, createdAt } as const;
  return { log, parent: null, after: 0, epoch: null, replaces: null, pages, records: () => [], ...rest };
}

/** Run `a` of three events with a document, and its fork `f` at 2. */
async function family(store: WholeLogStore): Promise<Head> {
  const record = { kind: 'opening', id: 'a/1', expectedVersion: 0, value: '{}' } as const;
  const head = await store.copyIn(copyOf('a', pagesOf(sampleRows(1, 3)), { records: () => [record] }));
  await store.fork({ parent: 'a', atSeq: 2, id: 'f', label: null, createdAt });
  return head;
}

async function placesOf(store: WholeLogStore, count: number, after?: string): Promise<[string[], string]> {
  const places: string[] = [];
  let cursor = '';
  for await (const page of store.tail(after === undefined ? {} : { after })) {
    places.push(...page.events.map(({ logId, event }) => `${logId} ${event.seq}`));
    cursor = page.cursor;
    if (places.length >= count) break;
  }
  return [places, cursor];
}

describe.each(stores)('a store in %s', (_name, open) => {
  it('removes no log that went on, that a fork reads, that is held, or that is not there', async () => {
    const store = await open();
    const head = await family(store);
    await expect(store.remove({ ...head, seq: 2 })).rejects.toBeInstanceOf(ConcurrentWriterError);
    await expect(store.remove({ ...head, hash: 'f'.repeat(64) })).rejects.toBeInstanceOf(
      ConcurrentWriterError,
    );
    await expect(store.remove(head)).rejects.toBeInstanceOf(RunNeededError);
    await expect(store.remove({ ...head, logId: 'x' })).rejects.toBeInstanceOf(RunNotFoundError);
    await store.acquire('f');
    await expect(store.remove(await store.head('f'))).rejects.toBeInstanceOf(RunOwnedError);
    expect((await store.logs()).map(({ id }) => id)).toEqual(['a', 'f']);
    expect(await store.recordsBelow('a/')).toHaveLength(1);
    await store.close();
  });

  it('removes a log with its events and its records, and with nothing of others', async () => {
    const store = await open();
    const head = await family(store);
    const other = (kind: string, id: string) => ({ kind, id, expectedVersion: 0, value: '{}' }) as const;
    await store.commit([], [other('b', 'a/2'), other('a', 'a/3'), other('a', 'ab/1'), other('a', 'f/1')]);
    await store.remove(await store.head('f'));
    await store.remove(head);
    expect(await store.logs()).toEqual([]);
    expect((await store.recordsBelow('')).map(({ id }) => id)).toEqual(['ab/1']);
    await expect(store.head('a')).rejects.toBeInstanceOf(RunNotFoundError);
    const again = await store.copyIn(copyOf('a', pagesOf(sampleRows(1, 1))));
    expect([again.seq, (await store.get('a', 'evt_001'))?.seq, await store.get('a', 'evt_002')]).toEqual([
      1,
      1,
      undefined,
    ]);
    await store.close();
  });

  it('lists records of every kind by kind, then by id in the order of code points', async () => {
    const store = await open();
    for (const [kind, id] of [
      ['z', 'p/a'],
      ['B', 'p/\u{1f600}'],
      ['a', 'p/\uffee'],
      ['a', 'p/\u{1f600}'],
      ['a', 'q/1'],
      ['B', 'p/Z'],
      ['B', 'p/a'],
    ] as const)
      await store.commit([], [{ kind, id, expectedVersion: 0, value: '1' }]);
    expect((await store.recordsBelow('p/')).map(({ kind, id }) => [kind, id])).toEqual([
      ['B', 'p/Z'],
      ['B', 'p/a'],
      ['B', 'p/\u{1f600}'],
      ['a', 'p/\uffee'],
      ['a', 'p/\u{1f600}'],
      ['z', 'p/a'],
    ]);
    await store.close();
  });

  it('has nothing of a copy that fails, what it was to replace included', async () => {
    const store = await open();
    const head = await family(store);
    await store.remove(await store.head('f'));
    async function* broken(): AsyncGenerator<readonly EventRow[]> {
      yield sampleRows(1, 2);
      throw new Error('the source is gone');
    }
    const before = await store.info('a');
    await expect(store.copyIn(copyOf('a', broken(), { replaces: head }))).rejects.toThrow(
      'the source is gone',
    );
    await expect(store.copyIn(copyOf('b', broken()))).rejects.toThrow('the source is gone');
    expect(await store.logs()).toEqual([before]);
    expect(await store.recordsBelow('a/')).toHaveLength(1);
    const made = await store.copyIn(
      copyOf('a', pagesOf(sampleRows(1, 1), sampleRows(2, 1)), { replaces: head }),
    );
    expect([made.seq, await store.recordsBelow('a/')]).toEqual([2, []]);
    await store.close();
  });

  it('asks for the pages of a copy once, and rejects with what they reject with', async () => {
    const store = await open();
    const error = Object.assign(new Error('could not serialize access'), { code: '40001' });
    async function* undone(): AsyncGenerator<readonly EventRow[]> {
      yield sampleRows(1, 2);
      throw error;
    }
    await expect(store.copyIn(copyOf('b', undone()))).rejects.toBe(error);
    expect(await store.logs()).toEqual([]);
    await store.close();
  });

  it('refuses a copy as it would refuse the commits', async () => {
    const store = await open();
    await family(store);
    const next = () => pagesOf(sampleRows(4, 1));
    await expect(store.copyIn(copyOf('a', next(), { after: 2 }))).rejects.toBeInstanceOf(
      ConcurrentWriterError,
    );
    await expect(store.copyIn(copyOf('a', next(), { after: 3, epoch: 9 }))).rejects.toBeInstanceOf(
      FencedError,
    );
    const ofNobody = { parent: { logId: 'x', atSeq: 1 }, after: 1 };
    await expect(store.copyIn(copyOf('g', next(), ofNobody))).rejects.toBeInstanceOf(RunNotFoundError);
    await expect(store.create({ id: 'a', kind: 'run', label: null, createdAt })).rejects.toBeInstanceOf(
      RunExistsError,
    );
    expect((await store.copyIn(copyOf('a', next(), { after: 3 }))).seq).toBe(4);
    await store.close();
    await expect(store.copyIn(copyOf('b', next()))).rejects.toBeInstanceOf(StoreClosedError);
    await expect(store.remove({ logId: 'a', seq: 4, hash: '' })).rejects.toBeInstanceOf(StoreClosedError);
    await expect(store.recordsBelow('')).rejects.toBeInstanceOf(StoreClosedError);
  });

  it('answers every call that was made while a copy was under way', async () => {
    const store = await open();
    await family(store);
    const begun = Promise.withResolvers<void>();
    const called = Promise.withResolvers<void>();
    async function* busy(): AsyncGenerator<readonly EventRow[]> {
      yield sampleRows(1, 2);
      begun.resolve();
      await called.promise;
      yield sampleRows(3, 1);
    }
    const copy = store.copyIn(copyOf('b', busy()));
    await begun.promise;
    const calls = [
      store.head('a'),
      store.recordsBelow('a/'),
      store.commit([{ logId: 'a', expected: 3, epoch: null, events: sampleRows(4, 1) }]),
      store.create({ id: 'c', kind: 'run', label: null, createdAt }),
      store.info('b'),
    ];
    called.resolve();
    expect((await copy).seq).toBe(3);
    await Promise.all(calls);
    expect((await store.logs()).map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c', 'f']);
    await store.close();
  });

  it('does not remove a log while the document is there that says so', async () => {
    const store = await open();
    await family(store);
    const pin = { kind: 'pin', id: 'f/pin' };
    await store.commit([], [{ ...pin, expectedVersion: 0, value: '{}' }]);
    await expect(store.remove(await store.head('f'), pin)).rejects.toBeInstanceOf(ConcurrentWriterError);
    await store.commit([], [{ ...pin, expectedVersion: 1, value: null }]);
    await store.remove(await store.head('f'), pin);
    expect(await store.info('f')).toBeUndefined();
    await store.close();
  });

  it('tells those who follow it of what was copied in, also behind a log that was removed', async () => {
    const store = await open();
    const [, cursor] = await family(store).then(() => placesOf(store, 3));
    await store.remove(await store.head('f'));
    await store.remove(await store.head('a'));
    const following = placesOf(store, 2, cursor);
    await store.copyIn(copyOf('a', pagesOf(sampleRows(1, 2))));
    const [places, next] = await following;
    expect(places).toEqual(['a 1', 'a 2']);
    await store.copyIn(copyOf('a', pagesOf(sampleRows(1, 1)), { replaces: await store.head('a') }));
    expect((await placesOf(store, 1, next))[0]).toEqual(['a 1']);
    expect((await placesOf(store, 1))[0]).toEqual(['a 1']);
    await store.close();
  });

  it('does not go on in a log that was made anew: its first events would be passed over', async () => {
    const store = await open();
    await store.copyIn(copyOf('a', pagesOf(sampleRows(1, 2))));
    const [page] = await pagesOfTail(store, 2, { logId: 'a' });
    await store.remove(await store.head('a'));
    const others = sampleRows(1, 3).map((row) => ({ ...row, payload: '{"n":"other"}' }));
    await store.copyIn(copyOf('a', pagesOf(others)));
    const following = pagesOfTail(store, 1, { logId: 'a', after: page?.cursor ?? '' });
    await expect(following).rejects.toBeInstanceOf(InvalidCursorError);
    await store.close();
  });
});

/** Run `a` and its fork `f` at 2,000, which reads 2,003. */
async function longFamily(store: WholeLogStore): Promise<void> {
  await store.copyIn(copyOf('a', pagesOf(sampleRows(1, 2500))));
  await store.fork({ parent: 'a', atSeq: 2000, id: 'f', label: null, createdAt });
  await store.commit([{ logId: 'f', expected: 2000, epoch: null, events: sampleRows(2001, 3) }]);
}

/** The events of a log, of which something is changed behind the first page. */
async function readDuring(
  store: WholeLogStore,
  logId: string,
  options: ReadOptions,
  change: () => Promise<void>,
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const page of store.read(logId, options)) {
    if (events.length === 0) await change();
    events.push(...page);
  }
  return events;
}

describe.each(stores)('reading in %s', (_name, open) => {
  it.each<[string, ReadOptions]>([
    ['from its beginning', { hashes: true }],
    ['from its end', { reverse: true }],
    ['of one type', { types: ['goal.created'] }],
    ['of one type from its end', { types: ['goal.created'], reverse: true }],
    ['up to a number of events', { limit: 1900, after: 50 }],
    ['up to a number of events from its end', { limit: 1900, before: 1990, reverse: true }],
    ['in outline', { passedOver: ['goal.created'], withPayloads: true }],
  ])('a fork %s goes on when it is detached, and its parent is another run', async (_how, options) => {
    const store = await open();
    await longFamily(store);
    const before = await readDuring(store, 'f', options, async () => undefined);
    const during = await readDuring(store, 'f', options, async () => {
      await store.detach('f');
      await store.remove(await store.head('a'));
      const others = sampleRows(1, 2500).map((row) => ({ ...row, payload: '{"n":"other"}' }));
      await store.copyIn(copyOf('a', pagesOf(others)));
    });
    expect(during.length).toBeGreaterThan(1800);
    expect(during).toEqual(before);
    await store.close();
  });

  it('a fork goes on to the head that it had when the reading began', async () => {
    const store = await open();
    await longFamily(store);
    const during = await readDuring(store, 'f', {}, async () => {
      await store.detach('f');
      await store.remove(await store.head('a'));
      await store.commit([{ logId: 'f', expected: 2003, epoch: null, events: sampleRows(2004, 5) }]);
    });
    expect(during.at(-1)?.seq).toBe(2003);
    await store.close();
  });
});

// The memory store has what it reads in its hands.
describe.each(stores.slice(1))('reading in %s', (_name, open) => {
  it.each(['a', 'f'])('run %s says that it is not there when it is removed meanwhile', async (logId) => {
    const store = await open();
    await longFamily(store);
    const reading = readDuring(store, logId, {}, async () => {
      for (const id of ['f', 'a']) await store.remove(await store.head(id));
    });
    await expect(reading).rejects.toMatchObject({ name: 'RunNotFoundError', context: { run_id: logId } });
    await store.close();
  });
});

async function pagesOfTail(
  store: WholeLogStore,
  count: number,
  options: TailOptions,
): Promise<readonly TailPage[]> {
  const pages: TailPage[] = [];
  for await (const page of store.tail(options)) {
    pages.push(page);
    if (pages.flatMap(({ events }) => events).length >= count) break;
  }
  return pages.slice(-1);
}
