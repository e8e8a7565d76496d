// Where a log ends in a SQLite file: in its row, or beside its events when they were waited for one commit at a time. Either way every
// handle sees the same head, and a tail that is lost is found.
import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { doctor, load } from 'runlog';
import { describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import {
  ConcurrentWriterError,
  DamagedHistoryError,
  FencedError,
  type LogStore,
} from '../../src/log/index.ts';
import { checkpointed, readPage, rootPageOf, writePage } from '../harness/store-pages.ts';
import { createdAt, openForTest, sampleRows, scratchFolder, tamper } from './sqlite-scratch.ts';

const urlOf = (path: string): string => `sqlite:///${path}`;
const newPath = (): string => join(scratchFolder(), 'runs.db');

const logCalled = (id: string) => ({ id, kind: 'run', label: null, createdAt }) as const;

async function appendTo(store: LogStore, expected: number, count = 1): Promise<void> {
  await store.commit([{ logId: 'a', expected, epoch: null, events: sampleRows(expected + 1, count) }]);
}

/** Run `a`, whose events come one commit after the other, each waited for. */
async function waitedFor(path: string, events: number): Promise<LogStore> {
  const store = await openForTest({ path, mode: 'create' });
  await store.create(logCalled('a'));
  for (let seq = 0; seq < events; seq += 1) await appendTo(store, seq);
  return store;
}

/** The files as a process leaves them that is killed. */
function killed(path: string): string {
  const copy = newPath();
  copyFileSync(path, copy);
  copyFileSync(`${path}-wal`, `${copy}-wal`);
  return copy;
}

/** How many pages stand in the -wal file: each has a header of its own, and the file has one. */
function pagesWritten(path: string): number {
  const { page_size: pageSize } = tableRow(path, 'PRAGMA page_size');
  return (statSync(`${path}-wal`).size - 32) / (Number(pageSize) + 24);
}

function tableRow(path: string, sql: string): Readonly<Record<string, unknown>> {
  const database = new DatabaseSync(path, { readOnly: true });
  const row = database.prepare(sql).get();
  database.close();
  return { ...row };
}

const rowOf = (path: string): unknown =>
  tableRow(path, "SELECT seq, lower(hex(hash)) AS hash FROM logs WHERE id = 'a'");

async function headOf(path: string): Promise<{ readonly seq: number; readonly hash: string }> {
  const store = await openSqliteStore({ path, mode: 'read', warn: () => undefined });
  const { seq, hash } = await store.head('a');
  await store.close();
  return { seq, hash };
}

test('a commit that is waited for writes two pages: that of its events, and that of their index', async () => {
  const path = newPath();
  const store = await waitedFor(path, 10);
  const before = pagesWritten(path);
  for (let seq = 10; seq < 15; seq += 1) await appendTo(store, seq);
  expect(pagesWritten(path) - before).toBe(2 * 5);
});

test('another handle sees the head of each commit at once, and so does who comes after a kill', async () => {
  const path = newPath();
  const store = await waitedFor(path, 4);
  await appendTo(store, 4, 3);
  const { seq, hash } = await store.head('a');
  expect(seq).toBe(7);
  expect(await headOf(path)).toEqual({ seq, hash });
  expect(await headOf(killed(path))).toEqual({ seq, hash });
  expect((await (await load(urlOf(killed(path)), { runId: 'a' })).head()).hash).toBe(hash);
  expect((await doctor(urlOf(killed(path)))).state).toBe('whole');
});

test.each(['closing the store', 'releasing the run'] as const)(
  '%s writes the head into the row',
  async (how) => {
    const path = newPath();
    const store = await waitedFor(path, 1);
    const lease = await store.acquire('a');
    for (let seq = 1; seq < 4; seq += 1) {
      await store.commit([{ logId: 'a', expected: seq, epoch: lease.epoch, events: sampleRows(seq + 1, 1) }]);
    }
    const { seq, hash } = await store.head('a');
    expect(rowOf(path)).not.toEqual({ seq, hash });
    await (how === 'closing the store' ? store.close() : store.release(lease));
    expect(rowOf(path)).toEqual({ seq, hash });
  },
);

describe('a tail that is lost', () => {
  test.each([1, 2, 3, 4])('is found when the last %i of 6 events are gone', async (lost) => {
    const path = newPath();
    const store = await waitedFor(path, 4);
    await appendTo(store, 4, 2);
    const broken = killed(path);
    tamper(broken, `DELETE FROM events WHERE seq > ${6 - lost}`);
    await expect(load(urlOf(broken), { runId: 'a' })).rejects.toBeInstanceOf(DamagedHistoryError);
    const report = await doctor(urlOf(broken));
    expect([report.state, ...report.findings.map(({ code }) => code)]).toContain('head-ahead');
    expect(report.state).toBe('damaged');
  });

  test('is found by the next commit of who remembers it, and nothing is written over it', async () => {
    const path = newPath();
    const store = await waitedFor(path, 4);
    tamper(path, 'DELETE FROM events WHERE seq = 4');
    await expect(appendTo(store, 4)).rejects.toBeInstanceOf(DamagedHistoryError);
    expect(tableRow(path, 'SELECT count(*) AS events FROM events')).toEqual({ events: 3 });
  });
});

describe('two handles on one file', () => {
  test('go on after each other, and who comes late is told where the run stands', async () => {
    const path = newPath();
    const one = await waitedFor(path, 3);
    const two = await openForTest({ path, mode: 'write' });
    for (let seq = 3; seq < 12; seq += 1) {
      const writer = seq % 2 === 0 ? one : two;
      const late = { logId: 'a', expected: seq - 1, epoch: null, events: sampleRows(seq + 1, 1) };
      await expect(writer.commit([late])).rejects.toBeInstanceOf(ConcurrentWriterError);
      // What is asked for together shares a transaction, and that writes the row.
      if (seq % 3 === 0) await Promise.all([appendTo(writer, seq), writer.create(logCalled(`b${seq}`))]);
      else await appendTo(writer, seq);
    }
    expect((await two.head('a')).seq).toBe(12);
    expect((await (await load(urlOf(killed(path)), { runId: 'a' })).head()).seq).toBe(12);
  });

  test('refuse the one whose run was taken over between two of its commits', async () => {
    const path = newPath();
    const one = await waitedFor(path, 3);
    const two = await openForTest({ path, mode: 'write' });
    await two.acquire('a');
    await expect(appendTo(one, 3)).rejects.toBeInstanceOf(FencedError);
    expect((await one.head('a')).seq).toBe(3);
  });

  test.each([
    ['alone', false],
    ['beside another write', true],
  ] as const)('go on in a run that was made anew as in another one, %s', async (_how, isShared) => {
    const path = newPath();
    const one = await waitedFor(path, 3);
    const two = await openSqliteStore({ path, mode: 'write', warn: () => undefined });
    await two.remove(await two.head('a'));
    await two.create(logCalled('a'));
    for (let seq = 0; seq < 3; seq += 1) {
      const events = sampleRows(seq + 1, 1).map((row) => ({ ...row, payload: '{"n":"other"}' }));
      await two.commit([{ logId: 'a', expected: seq, epoch: null, events }]);
    }
    await two.close();
    // What the first handle remembers has the place of this head, and another hash.
    await Promise.all([appendTo(one, 3), ...(isShared ? [one.create(logCalled('b'))] : [])]);
    expect((await doctor(urlOf(killed(path)))).state).toBe('whole');
  });
});

test('the doctor sees the head beside the events when the index is wrong', async () => {
  const path = newPath();
  const store = await waitedFor(path, 3);
  checkpointed(path);
  const page = rootPageOf(path, 'sqlite_autoindex_events_1');
  const old = Buffer.from(readPage(path, page));
  for (let seq = 3; seq < 6; seq += 1) await appendTo(store, seq);
  const broken = killed(path);
  checkpointed(broken);
  writePage(broken, page, old);
  const report = await doctor(urlOf(broken));
  expect([report.state, ...new Set(report.findings.map(({ code }) => code))]).toEqual([
    'repairable',
    'index-wrong',
  ]);
  expect(report.events).toBe(6);
  expect((await doctor(urlOf(broken), { repair: true })).state).toBe('whole');
  expect((await headOf(broken)).seq).toBe(6);
});
