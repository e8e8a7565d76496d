// What `doctor` says about a SQLite file below its rows: a wrong index, a broken page, a -wal file that lost commits.
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { doctor, type DoctorReport, open } from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { checkpointed, readPage, rootPageOf, writeAt, writePage } from '../harness/store-pages.ts';
import { append, bytesOf, sampleStore, scratchFolder, tamper } from './sqlite-scratch.ts';

const urlOf = (path: string): string => `sqlite:///${path}`;
const codesOf = ({ findings }: DoctorReport): readonly string[] => findings.map(({ code }) => code);

/** Run `a` of six events, whose index is that of the first three. */
async function withOldIndex(): Promise<string> {
  const path = await sampleStore();
  checkpointed(path);
  const page = rootPageOf(path, 'sqlite_autoindex_events_1');
  const old = Buffer.from(readPage(path, page));
  const store = await openSqliteStore({ path, mode: 'write', warn: () => undefined });
  await append(store, 3, 3);
  await store.close();
  checkpointed(path);
  writePage(path, page, old);
  return path;
}

test('a wrong index is found, its rows are seen in spite of it, and it is made anew', async () => {
  const path = await withOldIndex();
  const report = await doctor(urlOf(path));
  expect([report.state, ...new Set(codesOf(report))]).toEqual(['repairable', 'index-wrong']);
  expect(report.events).toBe(6);
  const repaired = await doctor(urlOf(path), { repair: true });
  expect([repaired.state, repaired.repaired.length > 0]).toEqual(['whole', true]);
});

test('tables and triggers that belong to no store are named, and are no damage', async () => {
  const path = await sampleStore();
  tamper(
    path,
    'CREATE TABLE notes (a); CREATE TRIGGER meddles AFTER INSERT ON events BEGIN DELETE FROM notes; END',
  );
  const report = await doctor(urlOf(path));
  expect([report.state, ...report.findings.map(({ code, what }) => [code, what])]).toEqual([
    'whole',
    ['foreign-object', 'The table notes belongs to no store.'],
    ['foreign-trigger', 'The trigger meddles belongs to no store.'],
  ]);
});

/** Puts a value where the table takes none of its type, as a broken byte of a row does. */
function mistype(path: string, table: string, change: string): void {
  // Newer Nodes keep a schema from being written unless they are told otherwise; the types do not know of it yet.
  const options = { open: true, defensive: false };
  const strictly = (sql: string): void => {
    const database = new DatabaseSync(path, options);
    database.exec(
      `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = ${sql} WHERE name = '${table}'`,
    );
    database.close();
  };
  strictly("replace(sql, ') STRICT', ')')");
  tamper(path, `UPDATE ${table} SET ${change}`);
  strictly("sql || ' STRICT'");
}

test.each([
  ['the number of the run of an event', 'events', "log = 'x' WHERE seq = 2"],
  ['the place of an event', 'events', "seq = 'x' WHERE seq = 3"],
  ['the kind of a document', 'records', "kind = x'00'"],
  ['the sequence number of a run', 'logs', "seq = 'x'"],
  ['the fork point of a run', 'logs', "fork_seq = 'x'"],
])('a value of another type is told as damage: %s', async (_what, table, change) => {
  const path = await sampleStore();
  tamper(path, "INSERT INTO records (kind, id, version, value) VALUES ('k', 'i', 1, '{}')");
  mistype(path, table, change);
  expect((await doctor(urlOf(path))).state).toBe('damaged');
});

test('it ends between two pages when somebody asks for that meanwhile', async () => {
  const path = await sampleStore();
  const controller = new AbortController();
  const asked = new Error('asked to end');
  const looked = doctor(urlOf(path), {
    signal: controller.signal,
    // As a signal of the operating system: heard in a turn of its own.
    onProgress: ({ phase }) => void (phase === 'file' && setImmediate(() => controller.abort(asked))),
  });
  await expect(looked).rejects.toBe(asked);
});

test('a broken page is found, and nothing is written into such a file', async () => {
  const path = await sampleStore();
  checkpointed(path);
  tamper(path, 'UPDATE logs SET seq = 2; PRAGMA wal_checkpoint(TRUNCATE)');
  writeAt(path, (rootPageOf(path, 'records') - 1) * 4096, Buffer.alloc(64, 0xee));
  const before = bytesOf(path);
  const report = await doctor(urlOf(path), { repair: true });
  expect([report.state, codesOf(report).includes('file-damaged')]).toEqual(['damaged', true]);
  expect(bytesOf(path)).toBe(before);
});

/** The files that a process leaves that was killed while it had the store open: six events, of which three are in the -wal alone. */
async function killedStore(): Promise<string> {
  const path = await sampleStore();
  checkpointed(path);
  const store = await openSqliteStore({ path, mode: 'write', warn: () => undefined });
  await append(store, 3, 3);
  const copy = join(scratchFolder(), 'runs.db');
  for (const end of ['', '-wal', '-shm']) copyFileSync(`${path}${end}`, `${copy}${end}`);
  await store.close();
  return copy;
}

describe('a store whose writer was killed', () => {
  it('is whole with its -wal file, of which not a byte changes', async () => {
    const path = await killedStore();
    const before = bytesOf(`${path}-wal`);
    const report = await doctor(urlOf(path));
    expect([report.state, report.events]).toEqual(['whole', 6]);
    expect(bytesOf(`${path}-wal`)).toBe(before);
  });

  it.each([
    ['removed', (path: string) => rmSync(`${path}-wal`)],
    ['emptied', (path: string) => truncateSync(`${path}-wal`, 0)],
    ['cut off', (path: string) => truncateSync(`${path}-wal`, statSync(`${path}-wal`).size - 5000)],
    ['changed in the middle', (path: string) => writeAt(`${path}-wal`, 3000, Buffer.from([1, 2, 3]))],
    ['changed in its header', (path: string) => writeAt(`${path}-wal`, 17, Buffer.from([1, 2, 3]))],
  ])('has lost its tail when the -wal is %s, and is told so again and again', async (_how, harm) => {
    const path = await killedStore();
    harm(path);
    for (const repair of [false, true, false]) {
      const report = await doctor(urlOf(path), { repair });
      expect([report.state, codesOf(report).includes('tail-lost')]).toEqual(['damaged', true]);
    }
  });
});

/** A store that was just made: every table is in the -wal alone, and the file itself is one page. */
async function youngStore(): Promise<string> {
  const path = join(scratchFolder(), 'young.db');
  const store = await openSqliteStore({ path, mode: 'create', warn: () => undefined });
  const copy = join(scratchFolder(), 'runs.db');
  for (const end of ['', '-wal', '-shm']) copyFileSync(`${path}${end}`, `${copy}${end}`);
  await store.close();
  expect(statSync(copy).size).toBe(4096);
  return copy;
}

it.each([
  ['removed', (path: string) => rmSync(`${path}-wal`)],
  ['cut off', (path: string) => truncateSync(`${path}-wal`, 5000)],
  ['changed in its header', (path: string) => writeAt(`${path}-wal`, 17, Buffer.from([1, 2, 3]))],
])('a store whose tables were all in the -wal that is %s has lost its tail', async (_how, harm) => {
  const path = await youngStore();
  harm(path);
  for (const repair of [false, true, false]) {
    const report = await doctor(urlOf(path), { repair });
    expect([report.state, report.logs, ...codesOf(report)]).toEqual(['damaged', 0, 'tail-lost']);
  }
});

test('a store that is being written is whole, with and without its shared index', async () => {
  const path = join(scratchFolder(), 'runs.db');
  const run = await open(path, { runId: 'a' });
  for (let n = 0; n < 20; n += 1) {
    await run.emit('note', { n });
    expect((await doctor(urlOf(path))).state).toBe('whole');
  }
  await run.close();
});

test('a process that dies in the middle of a commit leaves no damage', async () => {
  const path = await killedStore();
  // A frame whose page did not come: the header of the last one again, in front of nothing that fits it.
  const size = statSync(`${path}-wal`).size;
  const script = `const fs=require('fs');const f=fs.openSync(process.argv[1],'r+');const b=Buffer.alloc(4120);
    fs.readSync(f,b,0,24,${size}-4120);fs.writeSync(f,b,0,4120,${size});`;
  expect(spawnSync(process.execPath, ['-e', script, `${path}-wal`]).status).toBe(0);
  expect((await doctor(urlOf(path))).state).toBe('whole');
});

test.each([1, 2, 3])('a store of layout %i is looked at as it is', async (version) => {
  const path = join(scratchFolder(), 'old.db');
  tamper(path, readFileSync(`test/conformance/layouts/sqlite-${version}.sql`, 'utf8'));
  const report = await doctor(urlOf(path));
  expect([report.state, report.logs, report.events]).toEqual(['whole', 2, 6]);
});
