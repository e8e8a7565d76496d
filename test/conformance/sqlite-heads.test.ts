// Where a log ends in a SQLite file: in its row, or beside its events while one caller waits for commit after commit. Either way every
// handle sees the same head, and a tail that is lost is found.
import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { doctor, type DoctorReport, load } from 'runlog';
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
const codesOf = ({ findings }: DoctorReport): readonly string[] => findings.map(({ code }) => code);

interface Appended {
  readonly path: string;
  readonly store: LogStore;
  readonly epoch: number | null;
  /** The last place. */
  readonly seq: number;
}

async function appendTo(
  store: LogStore,
  expected: number,
  { count = 1, epoch = null }: { readonly count?: number; readonly epoch?: number | null } = {},
): Promise<void> {
  await store.commit([{ logId: 'a', expected, epoch, events: sampleRows(expected + 1, count) }]);
}

function tableRow(path: string, sql: string): Readonly<Record<string, unknown>> {
  const database = new DatabaseSync(path, { readOnly: true });
  const row = database.prepare(sql).get();
  database.close();
  return { ...row };
}

const rowOf = (path: string): Readonly<Record<string, unknown>> =>
  tableRow(path, "SELECT seq, lower(hex(hash)) AS hash FROM logs WHERE id = 'a'");

/** Run `a`, of which the last `behind` commits and more stand beside its events: each was waited for. The first of a turn does not. */
async function besideTheRow(behind: number, isOwned = false): Promise<Appended> {
  const path = newPath();
  const store = await openForTest({ path, mode: 'create', durability: 'process' });
  await store.create(logCalled('a'));
  const epoch = isOwned ? (await store.acquire('a')).epoch : null;
  let seq = 0;
  do {
    // Looking at the file takes as long as a turn.
    for (const end = seq + behind + 2; seq < end; seq += 1) await appendTo(store, seq, { epoch });
  } while (Number(rowOf(path)['seq']) > seq - behind);
  return { path, store, epoch, seq };
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

async function headOf(path: string): Promise<{ readonly seq: number; readonly hash: string }> {
  const store = await openSqliteStore({ path, mode: 'read', warn: () => undefined });
  const { seq, hash } = await store.head('a');
  await store.close();
  return { seq, hash };
}

test('commits that are waited for write two pages each: that of the events, and that of their index', async () => {
  const { path, store, seq } = await besideTheRow(1);
  const before = pagesWritten(path);
  for (let next = seq; next < seq + 200; next += 1) await appendTo(store, next);
  // The first of each turn writes the row as well, and now and then a page is full.
  expect(pagesWritten(path) - before).toBeLessThan(2.5 * 200);
});

test('another handle sees the head of each commit at once, and so does who comes after a kill', async () => {
  const { path, store, seq: before } = await besideTheRow(3);
  await appendTo(store, before, { count: 3 });
  const { seq, hash } = await store.head('a');
  expect(seq).toBe(before + 3);
  expect(await headOf(path)).toEqual({ seq, hash });
  expect(await headOf(killed(path))).toEqual({ seq, hash });
  expect((await (await load(urlOf(killed(path)), { runId: 'a' })).head()).hash).toBe(hash);
  expect((await doctor(urlOf(killed(path)))).state).toBe('whole');
});

describe('the head goes into the row', () => {
  test.each([
    ['when the store is closed', (store) => store.close()],
    ['when the run is released', (store, epoch) => store.release({ logId: 'a', epoch })],
    ['when the lease is renewed', (store) => store.renew()],
  ] satisfies readonly (readonly [string, (store: LogStore, epoch: number) => Promise<void>])[])(
    '%s',
    async (_when, end) => {
      const { path, store, epoch } = await besideTheRow(2, true);
      const { seq, hash } = await store.head('a');
      expect(rowOf(path)).not.toEqual({ seq, hash });
      await end(store, epoch ?? 0);
      expect(rowOf(path)).toEqual({ seq, hash });
    },
  );

  test('of every run that is not remembered any more', async () => {
    const { path, store } = await besideTheRow(1);
    const others = Array.from({ length: 1001 }, (_, index) => `b${index}`);
    await Promise.all(others.map((id) => store.create(logCalled(id))));
    const parts = others.map((logId) => ({ logId, expected: 0, epoch: null, events: sampleRows(1, 1) }));
    await Promise.all(parts.map((part) => store.commit([part])));
    expect(rowOf(path)).toMatchObject(await headOf(path));
  });
});

describe('a tail that is lost', () => {
  test.each([1, 2, 3, 4])('is found when the last %i events are gone', async (lost) => {
    const { path, store, seq } = await besideTheRow(4);
    await appendTo(store, seq, { count: 2 });
    const broken = killed(path);
    tamper(broken, `DELETE FROM events WHERE seq > ${seq + 2 - lost}`);
    await expect(load(urlOf(broken), { runId: 'a' })).rejects.toBeInstanceOf(DamagedHistoryError);
    const report = await doctor(urlOf(broken));
    expect([report.state, codesOf(report).includes('head-ahead')]).toEqual(['damaged', true]);
    expect((await doctor(urlOf(broken), { repair: true })).state).toBe('damaged');
  });

  test('is found by the next commit of who remembers it, and nothing is written over it', async () => {
    const { path, store, seq } = await besideTheRow(2);
    tamper(path, `DELETE FROM events WHERE seq = ${seq}`);
    await expect(appendTo(store, seq)).rejects.toBeInstanceOf(DamagedHistoryError);
    const guard = { logId: 'a', expected: seq, epoch: null, events: [] };
    await expect(store.commit([guard])).rejects.toBeInstanceOf(DamagedHistoryError);
    await expect(appendTo(store, seq, { count: 17 })).rejects.toBeInstanceOf(DamagedHistoryError);
    expect(tableRow(path, 'SELECT max(seq) AS last FROM events')).toEqual({ last: seq - 1 });
  });

  test('is not written over by who remembers the run without it', async () => {
    const { path, store, seq } = await besideTheRow(2);
    const other = await openForTest({ path, mode: 'write' });
    await Promise.all([appendTo(other, seq), other.create(logCalled('b'))]);
    tamper(path, `DELETE FROM events WHERE seq > ${seq} AND log = (SELECT log FROM logs WHERE id = 'a')`);
    // A caller who goes on alone, on another run first.
    await store.create(logCalled('d'));
    for (let place = 0; place < 5; place += 1)
      await store.commit([{ logId: 'd', expected: place, epoch: null, events: sampleRows(place + 1, 1) }]);
    await expect(appendTo(store, seq)).rejects.toBeInstanceOf(ConcurrentWriterError);
    const shared = [appendTo(store, seq), store.create(logCalled('c'))];
    expect((await Promise.allSettled(shared))[0]).toMatchObject({ status: 'rejected' });
    expect((await doctor(urlOf(killed(path)))).state).toBe('damaged');
  });

  test('is found when the page of its events went back, and no repair hides it', async () => {
    const { path, store, seq } = await besideTheRow(2);
    checkpointed(path);
    const page = rootPageOf(path, 'events');
    const old = Buffer.from(readPage(path, page));
    await appendTo(store, seq);
    await appendTo(store, seq + 1);
    const broken = killed(path);
    checkpointed(broken);
    writePage(broken, page, old);
    for (const repair of [false, true, false]) {
      const report = await doctor(urlOf(broken), { repair });
      expect([report.state, codesOf(report).includes('tail-lost')]).toEqual(['damaged', true]);
    }
  });
});

describe('two handles on one file', () => {
  test('go on after each other, and who comes late is told where the run stands', async () => {
    const { path, store: one, seq: start } = await besideTheRow(2);
    const two = await openForTest({ path, mode: 'write' });
    for (let seq = start; seq < start + 9; seq += 1) {
      const writer = seq % 2 === 0 ? one : two;
      const late = { logId: 'a', expected: seq - 1, epoch: null, events: sampleRows(seq + 1, 1) };
      await expect(writer.commit([late])).rejects.toBeInstanceOf(ConcurrentWriterError);
      // What is asked for together shares a transaction, and that writes the row.
      if (seq % 3 === 0) await Promise.all([appendTo(writer, seq), writer.create(logCalled(`b${seq}`))]);
      else await appendTo(writer, seq);
    }
    expect((await two.head('a')).seq).toBe(start + 9);
    expect((await (await load(urlOf(killed(path)), { runId: 'a' })).head()).seq).toBe(start + 9);
  });

  test('refuse the one whose run was taken over between two of its commits', async () => {
    const { path, store: one, seq } = await besideTheRow(2);
    const two = await openForTest({ path, mode: 'write' });
    await two.acquire('a');
    await expect(appendTo(one, seq)).rejects.toBeInstanceOf(FencedError);
    expect((await one.head('a')).seq).toBe(seq);
  });

  test.each([
    ['alone', false],
    ['beside another write', true],
  ] as const)('go on in a run that was made anew as in another one, %s', async (_how, isShared) => {
    const { path, store: one, seq: last } = await besideTheRow(2);
    const two = await openSqliteStore({ path, mode: 'write', warn: () => undefined });
    await two.remove(await two.head('a'));
    await two.create(logCalled('a'));
    for (let seq = 0; seq < last; seq += 1) {
      const events = sampleRows(seq + 1, 1).map((row) => ({ ...row, payload: '{"n":"other"}' }));
      await two.commit([{ logId: 'a', expected: seq, epoch: null, events }]);
    }
    await two.close();
    // What the first handle remembers has the place of this head, and another hash.
    await Promise.all([appendTo(one, last), ...(isShared ? [one.create(logCalled('b'))] : [])]);
    expect((await doctor(urlOf(killed(path)))).state).toBe('whole');
  });
});

test('a commit that is refused leaves the lease to be renewed by the next write', async () => {
  let nowMs = Date.parse(createdAt);
  const path = newPath();
  const store = await openForTest({ path, mode: 'create', nowMs: () => nowMs, durability: 'process' });
  await store.create(logCalled('a'));
  const { epoch } = await store.acquire('a');
  for (let seq = 0; seq < 3; seq += 1) await appendTo(store, seq, { epoch });
  for (let round = 0; round < 3; round += 1) {
    nowMs += 4000;
    await expect(appendTo(store, 40, { epoch })).rejects.toBeInstanceOf(ConcurrentWriterError);
    await store.renew();
    expect(tableRow(path, 'SELECT lease_ends FROM owners')).toEqual({ lease_ends: nowMs + 30_000 });
  }
});

test('a lease that was renewed in a transaction that had to be made again is renewed in that', async () => {
  let nowMs = Date.parse(createdAt);
  const path = newPath();
  const store = await openForTest({ path, mode: 'create', nowMs: () => nowMs });
  await store.create(logCalled('a'));
  await store.create(logCalled('b'));
  const { epoch } = await store.acquire('a');
  const onB = (of: LogStore, expected: number) =>
    of.commit([{ logId: 'b', expected, epoch: null, events: sampleRows(expected + 1, 1) }]);
  await onB(store, 0);
  await onB(await openForTest({ path, mode: 'write', nowMs: () => nowMs }), 1);
  nowMs += 4000;
  // What is remembered of the second run is older than the file.
  const late = { logId: 'b', expected: 1, epoch: null, events: sampleRows(2, 1) };
  await Promise.all([appendTo(store, 0, { epoch }), store.commit([late])]);
  const own = tableRow(path, 'SELECT max(lease_ends) AS ends FROM owners');
  expect(own).toEqual({ ends: nowMs + 30_000 });
});

test('the doctor sees the head beside the events when the index is wrong', async () => {
  const { path, store, seq } = await besideTheRow(2);
  checkpointed(path);
  const page = rootPageOf(path, 'sqlite_autoindex_events_1');
  const old = Buffer.from(readPage(path, page));
  for (let next = seq; next < seq + 3; next += 1) await appendTo(store, next);
  const broken = killed(path);
  checkpointed(broken);
  writePage(broken, page, old);
  const report = await doctor(urlOf(broken));
  expect([report.state, ...new Set(codesOf(report))]).toEqual(['repairable', 'index-wrong']);
  expect(report.events).toBe(seq + 3);
  expect((await doctor(urlOf(broken), { repair: true })).state).toBe('whole');
  expect((await headOf(broken)).seq).toBe(seq + 3);
});
