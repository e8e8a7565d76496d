// Transactions of the SQLite store: who shares one, who is told what when it fails, and how long a lock is waited for.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type LogStore, StoreUnavailableError, UnknownCommitError } from '../../src/log/index.ts';
import { claiming, watched } from './watched-database.ts';
import {
  append,
  createdAt,
  openForTest,
  sampleRows,
  sampleStore,
  scratchFolder,
  seqsOf,
} from './sqlite-scratch.ts';

async function watchedStore(hear: (sql: string) => void): Promise<LogStore> {
  const database = new DatabaseSync(join(scratchFolder(), 'runs.db'));
  onTestFinished(() => database.close());
  const store = await openForTest({ database: watched(database, hear), mode: 'create' });
  await store.create({ id: 'a', kind: 'run', label: null, createdAt });
  return store;
}

describe('one transaction', () => {
  test('takes all commits of one turn', async () => {
    const heard: string[] = [];
    const store = await watchedStore((sql) => heard.push(sql));
    heard.length = 0;
    await Promise.all(Array.from({ length: 40 }, (_, index) => append(store, index, 1)));
    const commits = (): number => heard.filter((sql) => sql === 'COMMIT').length;
    // Whoever has waited for 5 ms is not kept longer: on a machine with much to do that is in the middle of them.
    const together = commits();
    expect(together).toBeLessThan(5);
    await append(store, 40, 1);
    expect(commits()).toBe(together + 1);
  });

  test('that is made again because an id was taken heeds what it wrote itself', async () => {
    const store = await watchedStore(() => undefined);
    const events = sampleRows(1, 1).map((row) => ({ ...row, id: 'x' }));
    await append(store, 0, 1);
    const both = await Promise.allSettled([
      store.commit([{ logId: 'a', expected: 1, epoch: null, events }]),
      store.commit([{ logId: 'a', expected: 'any', epoch: null, events }]),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect((await store.head('a')).seq).toBe(2);
  });

  test('takes at most ten thousand events', async () => {
    const heard: string[] = [];
    const store = await watchedStore((sql) => heard.push(sql));
    heard.length = 0;
    await Promise.all(Array.from({ length: 5 }, (_, index) => append(store, index * 3000, 3000)));
    // More than two where making the events takes longer than a group waits.
    expect(heard.filter((sql) => sql === 'COMMIT').length).toBeGreaterThan(1);
    expect((await store.head('a')).seq).toBe(15_000);
  });

  test('ends before a turn that does not end', async () => {
    const heard: string[] = [];
    const store = await watchedStore((sql) => heard.push(sql));
    heard.length = 0;
    const commits = [append(store, 0, 1)];
    const end = performance.now() + 20;
    while (performance.now() < end);
    commits.push(append(store, 1, 1));
    expect(heard).toContain('COMMIT');
    await Promise.all(commits);
  });

  test('is not begun for a commit that is refused before it is looked up', async () => {
    const heard: string[] = [];
    const store = await watchedStore((sql) => heard.push(sql));
    heard.length = 0;
    const [event] = sampleRows(1, 1);
    const events = event === undefined ? [] : [{ ...event, type: '' }];
    await expect(store.commit([{ logId: 'a', expected: 0, epoch: null, events }])).rejects.toThrow('refused');
    expect(heard).toEqual([]);
  });
});

describe('a COMMIT that fails', () => {
  test.each(['before', 'after'] as const)(
    '%s it was done leaves every member in doubt, and a retry settles it',
    async (when) => {
      const path = await sampleStore();
      const database = new DatabaseSync(path);
      onTestFinished(() => database.close());
      let fails = false;
      const handle = watched(database, (sql) => {
        if (sql !== 'COMMIT' || !fails) return;
        fails = false;
        if (when === 'after') database.exec('COMMIT');
        throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 1034 });
      });
      const store = await openForTest({ database: handle, mode: 'write' });
      await append(store, 3, 1);
      fails = true;
      const answers = await Promise.allSettled([
        append(store, 4, 1),
        append(store, 9, 1),
        append(store, 5, 2),
      ]);
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 'rejected', reason: { code: UnknownCommitError.code } });
      }
      expect((await store.head('a')).seq).toBe(when === 'after' ? 7 : 4);
      await append(store, 4, 1);
      await append(store, 5, 2);
      expect(await seqsOf(store)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    },
  );
});

describe('a full disk', () => {
  test('stores nothing of the commit, and the store goes on when there is room', async () => {
    const path = await sampleStore();
    const database = new DatabaseSync(path);
    onTestFinished(() => database.close());
    const store = await openForTest({ database, mode: 'write' });
    database.exec('PRAGMA max_page_count = 20');
    const refused = { code: StoreUnavailableError.code, context: { reason: 'full' } };
    await expect(append(store, 3, 2000)).rejects.toMatchObject(refused);
    expect(await seqsOf(store)).toEqual([1, 2, 3]);
    await append(store, 3, 1);
    database.exec('PRAGMA max_page_count = 100000');
    expect(await append(store, 4, 2000)).toMatchObject({ seq: 2004 });
  });
});

describe('a lock of somebody else', () => {
  async function lockedBy(path: string): Promise<DatabaseSync> {
    const other = new DatabaseSync(path);
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    return other;
  }

  test('is waited for, and the process lives on meanwhile', async () => {
    const path = await sampleStore();
    const store = await openForTest({ path, mode: 'write' });
    const other = await lockedBy(path);
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    const commit = append(store, 3, 1);
    await sleep(150);
    expect(await seqsOf(store)).toEqual([1, 2, 3]);
    other.exec('COMMIT');
    expect(await commit).toMatchObject({ seq: 4 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });

  test('is not waited for longer than was asked', async () => {
    const path = await sampleStore();
    const store = await openForTest({ path, mode: 'write', busyTimeoutMs: 60 });
    const other = await lockedBy(path);
    const refused = { code: StoreUnavailableError.code, context: { reason: 'busy' } };
    await expect(append(store, 3, 1)).rejects.toMatchObject(refused);
    other.exec('COMMIT');
    expect(await append(store, 3, 1)).toMatchObject({ seq: 4 });
  });

  test('does not keep a store from being opened and read', async () => {
    const path = await sampleStore();
    await lockedBy(path);
    const database = claiming('3.53.4', path);
    expect(await seqsOf(await openForTest({ database, mode: 'write', busyTimeoutMs: 60 }))).toEqual([
      1, 2, 3,
    ]);
    expect(await seqsOf(await openForTest({ path, mode: 'read' }))).toEqual([1, 2, 3]);
  });

  test('holds up a close, which then has done everything that was asked for', async () => {
    const path = await sampleStore();
    const store = await openForTest({ path, mode: 'write' });
    const other = await lockedBy(path);
    const commit = append(store, 3, 1);
    const close = store.close();
    await sleep(50);
    other.exec('COMMIT');
    await close;
    expect(await commit).toMatchObject({ seq: 4 });
  });
});
