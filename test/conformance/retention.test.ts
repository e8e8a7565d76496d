// Runs that leave a store: only those that may, proved in the archive before they go, and whatever was ended is completed by the
// same call.
import { dirname, join } from 'node:path';
import {
  archiveRuns,
  backupStore,
  deleteRuns,
  detachRun,
  doctor,
  migrateStore,
  open,
  openStore,
  pinRun,
  type RetentionReport,
  unpinRun,
  whyKept,
} from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { retentionText, retentionToJson, whyKeptText } from '../../src/view/index.ts';
import { scratchUrl } from './postgres-scratch.ts';
import { scratchFolder, tamper } from './sqlite-scratch.ts';

const urlOf = (path: string): string => `sqlite:///${path}`;
/** Everything that has ended. */
const all = { keepLast: 0 } as const;

/** Run `a`, its fork `b`, a fork `c` of that, and `d` by itself; all idle. */
async function family(url: string): Promise<string> {
  const a = await open(url, { runId: 'a' });
  for (let n = 1; n <= 4; n += 1) await a.emit('note', { n });
  await a.runUntilIdle();
  const b = await a.fork({ atEvent: 'evt_002', runId: 'b', label: 'try' });
  await b.emit('note', {});
  await b.runUntilIdle();
  const c = await b.fork({ atEvent: 'evt_003', runId: 'c' });
  await c.runUntilIdle();
  const d = await open(url, { runId: 'd', label: 'try' });
  await d.emit('note', {});
  await d.runUntilIdle();
  for (const run of [a, b, c, d]) await run.close();
  return url;
}

const made = (): Promise<string> => family(urlOf(join(scratchFolder(), 'runs.db')));

const gone = ({ leaving }: RetentionReport) =>
  leaving.filter(({ problem }) => problem === null).map(({ runId }) => runId);

async function idsIn(url: string): Promise<readonly string[]> {
  const store = await openStore(url, { mode: 'read' });
  const ids = (await store.logs()).map(({ id }) => id);
  await store.close();
  return ids;
}

async function headsIn(url: string): Promise<unknown> {
  const store = await openStore(url, { mode: 'read' });
  const heads = (await store.logs()).map(({ head, parent, label }) => ({ head, parent, label }));
  await store.close();
  return heads;
}

test.each([false, true])(
  'a parent that goes into the archive in part is told of (apply: %s)',
  async (apply) => {
    const url = await made();
    const report = await archiveRuns(url, urlOf(join(scratchFolder(), 'archive.db')), { ids: ['c'], apply });
    expect([report.ok, gone(report)]).toEqual([true, ['c']]);
    expect(report.partial).toMatchObject([
      { runId: 'a', events: 2 },
      { runId: 'b', events: 3 },
    ]);
    const text = retentionText(report).join('\n');
    expect(text).toMatch(/in part {3}a {2}2 of \d+ events {2}\(as far as a fork of it needs it\)/);
    expect(text).toContain('A run that goes in part is not archived: deleting it here loses the rest.');
    expect(retentionToJson(report)).toMatchObject({ partial: [{ run_id: 'a', events: 2 }, { run_id: 'b' }] });
  },
);

test('a run that was asked for by its id and stays is a failure, and what it needs is said', async () => {
  const url = await made();
  const run = await open(url, { runId: 'e' });
  await run.emit('note', {});
  await run.close();
  expect((await deleteRuns(url, { ids: ['e'] })).ok).toBe(true);
  const report = await deleteRuns(url, { ids: ['e'], apply: true });
  expect([report.ok, gone(report)]).toEqual([false, []]);
  expect(retentionText(report).join('\n')).toMatch(/stays {5}e {2}.*\(needs --status stopped\)/);
  expect((await deleteRuns(url, { ids: ['e'], statuses: ['stopped'], apply: true })).ok).toBe(true);
});

test('a run that somebody has open is not said to need a state that nobody can ask for', async () => {
  const url = await made();
  const run = await open(url, { runId: 'e' });
  const text = retentionText(await deleteRuns(url, { ids: ['e'], statuses: ['stopped'] })).join('\n');
  await run.close();
  expect(text).toContain('its state is running');
  expect(text).not.toContain('--status running');
});

describe('without being told to apply', () => {
  it('nothing is changed, no archive is made, and it is said what would go', async () => {
    const url = await made();
    const archive = urlOf(join(dirname(url.slice('sqlite:///'.length)), 'archive.db'));
    const report = await archiveRuns(url, archive, all);
    expect([report.isDryRun, gone(report)]).toEqual([true, ['d', 'c', 'b', 'a']]);
    expect(await idsIn(url)).toEqual(['a', 'b', 'c', 'd']);
    await expect(openStore(archive, { mode: 'read' })).rejects.toThrow('no store');
  });
});

describe.each([
  ['SQLite', made],
  ['PostgreSQL', () => family(scratchUrl())],
] as const)('a store in %s', (_name, makeStore) => {
  it('archives runs with their forks as pointers and their pins, and is whole without them', async () => {
    const url = await makeStore();
    const archive = urlOf(join(scratchFolder(), 'archive.db'));
    const before = await headsIn(url);
    const report = await archiveRuns(url, archive, { ...all, apply: true });
    expect([report.ok, gone(report)]).toEqual([true, ['d', 'c', 'b', 'a']]);
    expect([await idsIn(url), await headsIn(archive)]).toEqual([[], before]);
    expect([(await doctor(url)).state, (await doctor(archive)).state]).toEqual(['whole', 'whole']);
  });

  it('keeps what a fork that stays reads, until the fork is detached', async () => {
    const url = await makeStore();
    await pinRun(url, 'c', 'evidence');
    expect(gone(await deleteRuns(url, { ...all, apply: true }))).toEqual(['d']);
    expect(await whyKept(url, 'a', all)).toEqual([{ code: 'needed', forks: ['c', 'b'] }]);
    expect((await detachRun(url, 'c')).copied).toBeGreaterThan(0);
    expect(gone(await deleteRuns(url, { ...all, apply: true }))).toEqual(['b', 'a']);
    expect([await idsIn(url), (await doctor(url)).state]).toEqual([['c'], 'whole']);
    expect(await whyKept(url, 'c', all)).toEqual([{ code: 'pinned', pin: 'evidence' }]);
    expect([await unpinRun(url, 'c'), await unpinRun(url, 'c')]).toEqual([true, false]);
    expect(await whyKept(url, 'c', all)).toEqual([]);
  });

  it('keeps a run that somebody is writing', async () => {
    const url = await makeStore();
    const store = await openStore(url, { mode: 'write' });
    await store.acquire('d');
    const report = await deleteRuns(url, { statuses: ['idle', 'running'], apply: true });
    expect(report.kept.map(({ id, reasons }) => [id, reasons[0]?.code])).toEqual([['d', 'held']]);
    expect(await idsIn(url)).toEqual(['d']);
    await store.close();
  });
});

test('a policy by label and by age takes what it names', async () => {
  const url = await made();
  expect(gone(await deleteRuns(url, { label: 'try' }))).toEqual(['d']);
  expect(gone(await deleteRuns(url, { olderThanMs: 3_600_000 }))).toEqual([]);
  expect(gone(await deleteRuns(url, { olderThanMs: -3_600_000, ids: ['c', 'd'] }))).toEqual(['d', 'c']);
});

test('a run whose copy is in conflict, or damaged in the archive, stays, and so does what it reads', async () => {
  const url = await made();
  const path = join(scratchFolder(), 'archive.db');
  const other = await open(urlOf(path), { runId: 'd' });
  await other.emit('note', { of: 'another' });
  await other.close();
  const first = await archiveRuns(url, urlOf(path), { ...all, apply: true });
  expect([first.ok, gone(first), await idsIn(url)]).toEqual([false, ['c', 'b', 'a'], ['d']]);

  const again = await made();
  const damaged = join(scratchFolder(), 'archive.db');
  const store = await openStore(urlOf(damaged));
  await store.close();
  await archiveRuns(again, urlOf(damaged), { ...all, apply: true, ids: ['c'] });
  tamper(damaged, "UPDATE events SET actor = 'x' WHERE seq = 2");
  const report = await archiveRuns(again, urlOf(damaged), { ...all, apply: true, ids: ['a', 'b'] });
  expect([report.ok, gone(report), await idsIn(again)]).toEqual([false, [], ['a', 'b', 'd']]);
});

test('a copy that is in the archive already, and is damaged there, is no reason to remove the run', async () => {
  const url = await made();
  const path = join(scratchFolder(), 'archive.db');
  await migrateStore(url, urlOf(path), { runIds: ['d'] });
  tamper(path, "UPDATE events SET actor = 'x' WHERE seq = 1");
  const report = await archiveRuns(url, urlOf(path), { ...all, apply: true, ids: ['d'] });
  expect([report.ok, gone(report), await idsIn(url)]).toEqual([false, [], ['a', 'b', 'c', 'd']]);
  expect(report.leaving[0]?.problem).toContain('What was read back has head');
});

test('a pin that is set after the runs were looked at keeps its run', async () => {
  const url = await made();
  let looks = 0;
  const signal = {
    get aborted(): boolean {
      // Asked before each run goes: `d` is the first.
      looks += 1;
      if (looks === 1)
        tamper(
          url.slice('sqlite:///'.length),
          `INSERT INTO records (kind, id, version, value) VALUES ('pin', 'd/pin', 1, '{"reason":"late"}')`,
        );
      return false;
    },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  };
  const report = await deleteRuns(url, {
    ...all,
    apply: true,
    signal,
  });
  expect(report.leaving.find(({ runId }) => runId === 'd')?.problem).toBe('It was pinned meanwhile.');
  expect(await idsIn(url)).toEqual(['d']);
});

test('a run that somebody else removes meanwhile is gone, and no failure', async () => {
  const url = await made();
  const path = url.slice('sqlite:///'.length);
  let looks = 0;
  const signal = {
    get aborted(): boolean {
      looks += 1;
      if (looks === 1) tamper(path, "DELETE FROM logs WHERE id = 'd'");
      return false;
    },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  };
  const report = await deleteRuns(url, { ...all, apply: true, signal });
  expect([report.ok, gone(report), await idsIn(url)]).toEqual([true, ['d', 'c', 'b', 'a'], []]);
});

test('two archives of one store at once lose nothing, and both end well', async () => {
  const url = await made();
  const archive = urlOf(join(scratchFolder(), 'archive.db'));
  const before = await headsIn(url);
  await (await openStore(archive)).close();
  const reports = await Promise.all([1, 2].map(() => archiveRuns(url, archive, { ...all, apply: true })));
  expect(reports.map(({ ok }) => ok)).toEqual([true, true]);
  expect([await idsIn(url), await headsIn(archive)]).toEqual([[], before]);
});

test('why-kept without a policy and delete of the run by its id name the same forks, each with its command', async () => {
  const url = await made();
  const reasons = await whyKept(url, 'a');
  const report = await deleteRuns(url, { ids: ['a'] });
  expect(reasons).toEqual([{ code: 'needed', forks: ['b', 'c'] }]);
  expect(report.kept.find(({ id }) => id === 'a')?.reasons).toEqual(reasons);
  const commands = ['b', 'c'].map((fork) => `          \`runlog detach ${url} --run-id ${fork}\``);
  expect(whyKeptText('a', reasons, { url }).slice(2)).toEqual(commands);
  expect(retentionText(report, { url }).slice(0, 3)).toEqual([
    "stays     a  it is read by 2 forks: 'b', 'c'",
    ...commands,
  ]);
  for (const fork of ['b', 'c']) await detachRun(url, fork);
  expect(gone(await deleteRuns(url, { ids: ['a'], apply: true }))).toEqual(['a']);
});

test('what is in the archive already is proved and removed: so an ended call is completed', async () => {
  const url = await made();
  const archive = urlOf(join(scratchFolder(), 'archive.db'));
  const end = new AbortController();
  const ended = archiveRuns(url, archive, {
    ...all,
    apply: true,
    signal: end.signal,
    onProgress: ({ runId }) => runId === 'c' && end.abort(new Error('ended')),
  });
  await ended.catch(() => undefined);
  expect(await idsIn(url)).toEqual(['a', 'b', 'c', 'd']);
  expect((await archiveRuns(url, archive, { ...all, apply: true })).ok).toBe(true);
  expect([await idsIn(url), await idsIn(archive)]).toEqual([[], ['a', 'b', 'c', 'd']]);
});

test('an archive that is the store itself takes nothing', async () => {
  const url = await made();
  await expect(archiveRuns(url, url, { ...all, apply: true })).rejects.toThrow('into itself');
  expect(await idsIn(url)).toHaveLength(4);
});

test('an archive that is the store itself, under another name of its server, takes nothing', async () => {
  const url = await family(scratchUrl());
  const again = url.replace('127.0.0.1', 'localhost');
  expect(again).not.toBe(url);
  const report = archiveRuns(url, again, { ...all, apply: true });
  await expect(report).rejects.toThrow('into itself');
  expect(await idsIn(url)).toHaveLength(4);
  expect((await doctor(url)).state).toBe('whole');
});

test('an archive that was a backup of the store is another place', async () => {
  const url = await made();
  const archive = join(scratchFolder(), 'archive.db');
  await backupStore(url, archive);
  const report = await archiveRuns(url, urlOf(archive), { ...all, apply: true });
  expect([report.ok, await idsIn(url), await idsIn(urlOf(archive))]).toEqual([
    true,
    [],
    ['a', 'b', 'c', 'd'],
  ]);
});
