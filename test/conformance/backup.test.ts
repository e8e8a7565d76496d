// Backups of stores that are being written: one moment, never over another file, told apart from the store, and a way back.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  archiveRuns,
  backupStore,
  deleteRuns,
  DamagedHistoryError,
  doctor,
  migrateStore,
  open,
  openStore,
  OutputFileError,
} from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { draftOf } from '../../src/app/draft-file.ts';
import { scratchUrl } from './postgres-scratch.ts';
import { scratchFolder, tamper } from './sqlite-scratch.ts';

const urlOf = (path: string): string => `sqlite:///${path}`;

interface Made {
  readonly path: string;
  readonly target: string;
}

async function family(url: string): Promise<void> {
  const root = await open(url, { runId: 'root', snapshots: { everyEvents: 1 } });
  for (let n = 1; n <= 6; n += 1) await root.emit('note', { n });
  const child = await root.fork({ atEvent: 'evt_004', runId: 'child', label: 'other' });
  await child.emit('note', { n: 'child' });
  await child.close();
  await root.close();
}

async function made(): Promise<Made> {
  const path = join(scratchFolder(), 'runs.db');
  await family(urlOf(path));
  return { path, target: join(dirname(path), 'backup.db') };
}

async function heads(url: string): Promise<unknown> {
  const store = await openStore(url, { mode: 'read' });
  const found = (await store.logs()).map(({ id, label, head, lineage }) => ({ id, label, head, lineage }));
  await store.close();
  return found;
}

test('a backup has every run, fork, document and the store id, and is whole', async () => {
  const { path, target } = await made();
  const report = await backupStore(urlOf(path), target);
  expect([report.kind, report.health.state, report.health.location]).toEqual(['file', 'whole', target]);
  expect(await heads(urlOf(target))).toEqual(await heads(urlOf(path)));
  const [from, to] = [
    await openStore(urlOf(path), { mode: 'read' }),
    await openStore(urlOf(target), { mode: 'read' }),
  ];
  expect([to.storeId, await to.recordsBelow('')]).toEqual([from.storeId, await from.recordsBelow('')]);
  await from.close();
  await to.close();
  expect(readdirSync(dirname(path)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('a backup of a store that is being written is one moment of it: every head fits its events', async () => {
  const { path, target } = await made();
  const run = await open(urlOf(path), { runId: 'busy' });
  const end = new AbortController();
  const writing = (async () => {
    for (let n = 0; !end.signal.aborted; n += 1) await run.emit('note', { n });
  })();
  for (let round = 0; round < 5; round += 1) {
    const { health } = await backupStore(urlOf(path), `${target}-${round}`);
    expect(health.state).toBe('whole');
  }
  end.abort();
  await writing;
  await run.close();
});

/** Six ended runs in families of three, and how each is. */
async function leavingFamilies(url: string): Promise<ReadonlyMap<string, string>> {
  for (let n = 0; n < 2; n += 1) {
    const root = await open(url, { runId: `root-${n}` });
    for (let k = 1; k <= 3; k += 1) await root.emit('note', { k });
    await root.runUntilIdle();
    const child = await root.fork({ atEvent: 'evt_002', runId: `child-${n}` });
    await child.emit('note', {});
    await child.runUntilIdle();
    const last = await child.fork({ atEvent: 'evt_003', runId: `last-${n}` });
    await last.runUntilIdle();
    for (const run of [last, child, root]) await run.close();
  }
  return headHashes(url);
}

async function headHashes(url: string): Promise<ReadonlyMap<string, string>> {
  const store = await openStore(url, { mode: 'read' });
  const found = (await store.logs()).map(({ id, head }) => [id, head.hash] as const);
  await store.close();
  return new Map(found);
}

/** Backs a store up again and again until something else is done; each backup is whole, and its runs are what they were. */
async function backedUpDuring(url: string, work: Promise<unknown>, heads: ReadonlyMap<string, string>) {
  const folder = scratchFolder();
  const end = new AbortController();
  const done = work.finally(() => end.abort());
  const sizes: number[] = [];
  try {
    for (let round = 0; !end.signal.aborted || round === 0; round += 1) {
      const target = join(folder, `${round}.db`);
      const { health } = await backupStore(url, target);
      expect([health.state, health.findings]).toEqual(['whole', []]);
      const there = await headHashes(urlOf(target));
      for (const [id, head] of there) expect([id, head]).toEqual([id, heads.get(id)]);
      sizes.push(there.size);
    }
  } finally {
    await done;
  }
  expect(sizes).toEqual(sizes.toSorted((left, right) => right - left));
  return sizes;
}

describe('of a store that runs leave', () => {
  it('a backup is whole while they are archived', async () => {
    const url = urlOf(join(scratchFolder(), 'runs.db'));
    const heads = await leavingFamilies(url);
    const archive = urlOf(join(scratchFolder(), 'archive.db'));
    await backedUpDuring(url, archiveRuns(url, archive, { keepLast: 0, apply: true }), heads);
    expect(await headHashes(archive)).toEqual(heads);
    expect((await headHashes(url)).size).toBe(0);
  });

  it.each([
    ['SQLite', () => urlOf(join(scratchFolder(), 'runs.db'))],
    ['PostgreSQL', scratchUrl],
  ])('a backup is whole while they are deleted from %s', async (_, newUrl) => {
    const url = newUrl();
    const heads = await leavingFamilies(url);
    await backedUpDuring(url, deleteRuns(url, { keepLast: 0, apply: true }), heads);
    expect((await headHashes(url)).size).toBe(0);
  });
});

test('nothing that is there is replaced, and nothing is put beside files that a database would take for its own', async () => {
  const { path, target } = await made();
  writeFileSync(target, 'mine');
  await expect(backupStore(urlOf(path), target)).rejects.toBeInstanceOf(OutputFileError);
  await expect(backupStore(urlOf(path), path)).rejects.toBeInstanceOf(OutputFileError);
  expect(readFileSync(target, 'utf8')).toBe('mine');
  const other = join(dirname(path), 'other.db');
  writeFileSync(`${other}-wal`, 'of another');
  await expect(backupStore(urlOf(path), other)).rejects.toBeInstanceOf(OutputFileError);
  await expect(backupStore(urlOf(path), join(dirname(path), 'none', 'x.db'))).rejects.toBeInstanceOf(
    OutputFileError,
  );
  expect(existsSync(other)).toBe(false);
});

test('what a killed backup left is taken away by the next one, and what somebody still writes is not', async () => {
  const { path, target } = await made();
  const folder = dirname(target);
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const draft = basename(draftOf(target));
  const left = draft.replace(`.${process.pid}.`, `.${dead}.`);
  const living = draft.replace(`.${process.pid}.`, `.${process.ppid}.`).replace(/\d+\.tmp$/, '.tmp');
  for (const name of [left, `${left}-journal`, living]) writeFileSync(join(folder, name), 'half');
  const { health } = await backupStore(urlOf(path), target);
  expect(health.state).toBe('whole');
  expect(readdirSync(folder).filter((name) => name.includes('.tmp'))).toEqual([living]);
});

test('a store whose history is damaged is backed up as it is, and the report says so', async () => {
  const { path, target } = await made();
  tamper(path, "UPDATE events SET actor = 'x' WHERE seq = 2");
  const { health } = await backupStore(urlOf(path), target);
  expect([health.state, existsSync(target)]).toEqual(['damaged', true]);
});

test('a store whose -wal file lost commits is not backed up: the copy would look whole', async () => {
  const { path, target } = await made();
  const run = await open(urlOf(path), { runId: 'more' });
  const copy = join(scratchFolder(), 'runs.db');
  for (const end of ['', '-wal', '-shm']) copyFileSync(`${path}${end}`, `${copy}${end}`);
  truncateSync(`${copy}-wal`, 0);
  await expect(backupStore(urlOf(copy), target)).rejects.toBeInstanceOf(DamagedHistoryError);
  expect(existsSync(target)).toBe(false);
  await run.close();
});

test('a backup is told apart from its store: runs are moved between them, and a link to the store is the store', async () => {
  const { path, target } = await made();
  await backupStore(urlOf(path), target);
  tamper(
    path,
    "DELETE FROM events WHERE log = (SELECT log FROM logs WHERE id = 'child'); DELETE FROM logs WHERE id = 'child'",
  );
  const report = await migrateStore(urlOf(target), urlOf(path), { runIds: ['child'] });
  expect(report.runs.map(({ runId, status }) => [runId, status])).toEqual([
    ['root', 'present'],
    ['child', 'copied'],
  ]);
  expect((await doctor(urlOf(path))).state).toBe('whole');
  mkdirSync(join(dirname(path), 'links'));
  const link = join(dirname(path), 'links', 'runs.db');
  linkSync(path, link);
  await expect(migrateStore(urlOf(link), urlOf(path))).rejects.toThrow('would be moved into itself');
});

test('a backup that is backed up is the store again, and can be gone on with', async () => {
  const { path, target } = await made();
  await backupStore(urlOf(path), target);
  const restored = join(dirname(path), 'restored.db');
  await backupStore(urlOf(target), restored);
  const run = await open(urlOf(restored), { runId: 'new' });
  await run.emit('note', {});
  await run.close();
  expect((await doctor(urlOf(restored))).logs).toBe(3);
});

test('every run of a PostgreSQL store comes into a new SQLite store', async () => {
  const url = scratchUrl();
  await family(url);
  const target = join(scratchFolder(), 'backup.db');
  const { kind, health } = await backupStore(url, target);
  expect([kind, health.state]).toEqual(['runs', 'whole']);
  expect(await heads(urlOf(target))).toEqual(await heads(url));
  expect(new DatabaseSync(target).prepare('SELECT count(*) AS n FROM records').get()?.['n']).toBeGreaterThan(
    0,
  );
});

test('a backup may be read by nobody who may not read the store', async () => {
  const { path, target } = await made();
  chmodSync(path, 0o600);
  await backupStore(urlOf(path), target);
  expect((statSync(target).mode & 0o777).toString(8)).toBe('600');
});
