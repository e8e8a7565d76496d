// Files of events: what an export writes, an import takes in, whole or not at all; and everything else is refused by its line.
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { exportTrace, openStore } from 'runlog';
import { type EventRow, type WholeLogStore, MemoryDatabase, openMemoryStore } from 'runlog/log';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { type ImportReport, importRuns, type ImportRunsOptions } from '../../src/migrate/index.ts';
import { scratchUrl } from './postgres-scratch.ts';
import { createdAt, sampleRows, scratchFolder, tamper } from './sqlite-scratch.ts';

const sha256 = (text: string): string => hash('sha256', text, 'hex');
const memoryStore = (id = 'to'): WholeLogStore =>
  openMemoryStore({ sha256, nowMs: () => 0, database: new MemoryDatabase(id) });
const sqliteUrl = (): string => `sqlite:///${join(scratchFolder(), 'a.db')}`;

/** Run `a` of ten events, its fork `f` at 4 with three of its own, a fork `g` of `f` at 6, and a session `s`. */
async function family(): Promise<string> {
  const url = sqliteUrl();
  const store = await openStore(url);
  await store.create({ id: 'a', kind: 'run', label: 'first', createdAt });
  await store.commit([{ logId: 'a', expected: 0, epoch: null, events: sampleRows(1, 10) }]);
  await store.fork({ parent: 'a', atSeq: 4, id: 'f', label: 'fork', createdAt });
  await store.commit([{ logId: 'f', expected: 4, epoch: null, events: sampleRows(5, 3) }]);
  await store.fork({ parent: 'f', atSeq: 6, id: 'g', label: null, createdAt });
  await store.commit([{ logId: 'g', expected: 6, epoch: null, events: sampleRows(7, 2) }]);
  await store.create({ id: 's', kind: 'session', label: null, createdAt });
  const own = {
    runId: 'e1',
    provider: 'claude',
    correlationId: 'c',
    metadata: '{"m": 1.0}',
    schemaVersion: 2,
  };
  const events = sampleRows(1, 3).map((row) => ({ ...row, ...own }));
  await store.commit([{ logId: 's', expected: 'any', epoch: null, events }]);
  await store.close();
  return url;
}

async function exported(url: string, ...runIds: readonly string[]): Promise<string> {
  let text = '';
  for (const runId of runIds)
    await exportTrace(url, { runId, format: 'jsonl', write: async (piece) => void (text += piece) });
  return text;
}

async function imported(
  text: string,
  to: WholeLogStore,
  options: Partial<ImportRunsOptions> = {},
): Promise<ImportReport> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  return importRuns(chunks(), async () => to, { sha256, source: 'file', location: 'to', ...options });
}

const told = ({ runs }: ImportReport): unknown =>
  runs.map(({ runId, status, events }) => [runId, status, events]);

async function contents(store: WholeLogStore): Promise<readonly unknown[]> {
  return Promise.all(
    (await store.logs()).map(async ({ id, label, kind, createdAt: at, parent, head }) => {
      const events: EventRow[] = [];
      for await (const page of store.read(id)) events.push(...page);
      return { id, label, kind, at, parent, seq: head.seq, hash: head.hash, events };
    }),
  );
}

describe.each([
  ['memory', async () => memoryStore()],
  ['SQLite', async () => openStore(sqliteUrl())],
  ['PostgreSQL', async () => openStore(scratchUrl())],
] as const)('a destination in %s', (_name, makePlace) => {
  it('has what the source has, forks as pointers, sessions with their fields; and the same call changes nothing', async () => {
    const [url, to] = [await family(), await makePlace()];
    const text = await exported(url, 'a', 'f', 'g', 's');
    const report = await imported(text, to);
    expect(told(report)).toEqual([
      ['a', 'copied', 10],
      ['f', 'copied', 3],
      ['g', 'copied', 2],
      ['s', 'copied', 3],
    ]);
    const from = await openStore(url, { mode: 'read' });
    const expected = await contents(from);
    expect(await contents(to)).toEqual(expected);
    expect(report.runs.map(({ verifiedHash }) => verifiedHash)).toEqual(
      (await from.logs()).map(({ head }) => head.hash),
    );
    expect(told(await imported(text, to))).toEqual([
      ['a', 'present', 0],
      ['f', 'present', 0],
      ['g', 'present', 0],
      ['s', 'present', 0],
    ]);
    expect(await contents(to)).toEqual(expected);
    await from.close();
    await to.close();
  });

  it('gets a fork without its parent as a run of its own, with the same head and a note', async () => {
    const [url, to] = [await family(), await makePlace()];
    const report = await imported(await exported(url, 'g'), to);
    expect(told(report)).toEqual([['g', 'copied', 8]]);
    expect(report.runs[0]?.notes).toEqual([expect.stringContaining("its parent 'f' is not there")]);
    expect((await to.info('g'))?.parent).toBeNull();
    const from = await openStore(url, { mode: 'read' });
    expect((await to.head('g')).hash).toBe((await from.head('g')).hash);
    await from.close();
    await to.close();
  });

  it('has nothing of a run whose last line was altered', async () => {
    const [url, to] = [await family(), await makePlace()];
    const text = (await exported(url, 'a')).replace('"payload":{"n":10}', '"payload":{"n":11}');
    const report = await imported(text, to);
    expect(told(report)).toEqual([['a', 'failed', 0]]);
    expect(report.refused).toMatchObject([{ line: 11, runId: 'a' }]);
    expect(await to.logs()).toEqual([]);
    await to.close();
  });
});

test('a run that has gone on is continued, and one that went on elsewhere is left alone', async () => {
  const [url, to] = [await family(), memoryStore()];
  await imported(await exported(url, 'a'), to);
  const from = await openStore(url);
  await from.commit([{ logId: 'a', expected: 10, epoch: null, events: sampleRows(11, 5) }]);
  await from.close();
  const longer = await exported(url, 'a');
  expect(told(await imported(longer, to))).toEqual([['a', 'continued', 5]]);
  await to.commit([{ logId: 'a', expected: 15, epoch: 1, events: sampleRows(16, 1) }]);
  expect(told(await imported(longer, to))).toEqual([['a', 'present', 0]]);
});

test.each([
  ['longer', 12],
  ['as long', 10],
  ['shorter', 8],
])('another run of the same id that is %s is a conflict, and stays', async (_name, length) => {
  const [url, to] = [await family(), memoryStore()];
  await to.create({ id: 'a', kind: 'run', label: null, createdAt });
  const events = sampleRows(1, length).map((row) => ({ ...row, actor: 'somebody else' }));
  await to.commit([{ logId: 'a', expected: 0, epoch: null, events }]);
  const before = await contents(to);
  const report = await imported(await exported(url, 'a', 's'), to);
  expect(told(report)).toEqual([
    ['a', 'conflict', 0],
    ['s', 'copied', 3],
  ]);
  expect(report.ok).toBe(false);
  expect((await contents(to)).slice(0, 1)).toEqual(before);
});

test('a fork whose parent has another history there comes with the events that it shares', async () => {
  const [url, to] = [await family(), memoryStore()];
  await to.create({ id: 'a', kind: 'run', label: null, createdAt });
  const events = sampleRows(1, 10).map((row) => ({ ...row, actor: 'somebody else' }));
  await to.commit([{ logId: 'a', expected: 0, epoch: null, events }]);
  const report = await imported(await exported(url, 'f'), to);
  expect(told(report)).toEqual([['f', 'copied', 7]]);
  expect(report.runs[0]?.notes).toEqual([expect.stringContaining('has another history')]);
});

describe('a file is refused', () => {
  const lines = (text: string): string[] => text.trimEnd().split('\n');
  const changes: readonly (readonly [string, (given: string[]) => string[], number, string])[] = [
    ['that ends early', (given) => given.slice(0, 8), 8, 'the file ends after 7'],
    ['that is cut in a line', (given) => [...given.slice(0, 8), '{"id":"evt_0'], 9, 'it is no JSON'],
    [
      'with a line left out',
      (given) => given.toSpliced(5, 1),
      6,
      'place 5 was expected here, and this is place 6',
    ],
    ['with a line twice', (given) => given.toSpliced(5, 0, given[5] ?? ''), 7, 'place 6 was expected'],
    [
      'with two lines exchanged',
      (given) => given.toSpliced(4, 2, given[5] ?? '', given[4] ?? ''),
      5,
      'place 4 was',
    ],
    ['with a line too many', (given) => [...given, (given[10] ?? '').replaceAll('10', '11')], 12, 'one more'],
    [
      'with another actor',
      (given) => given.with(3, (given[3] ?? '').replace('"actor":null', '"actor":"x"')),
      4,
      'was altered',
    ],
    [
      'with a blank in a payload',
      (given) => given.with(3, (given[3] ?? '').replace('{"n":3}', '{"n": 3}')),
      4,
      'was altered',
    ],
    [
      'with another hash',
      (given) => given.with(3, (given[3] ?? '').replace(/[0-9a-f]{4}"\}$/, '0000"}')),
      4,
      'was altered',
    ],
  ];
  it.each(changes)('%s, with the line and the reason', async (_name, change, line, reason) => {
    const [url, to] = [await family(), memoryStore()];
    const text = `${change(lines(await exported(url, 'a'))).join('\n')}\n${await exported(url, 's')}`;
    const report = await imported(text, to);
    expect(report.refused).toEqual([{ line, runId: 'a', reason: expect.stringContaining(reason) as string }]);
    // The other run of the file is whole.
    expect(told(report)).toEqual([
      ['a', 'failed', 0],
      ['s', 'copied', 3],
    ]);
    expect((await to.logs()).map(({ id }) => id)).toEqual(['s']);
  });

  it.each([
    [
      'without a version line',
      (text: string) => text.slice(text.indexOf('\n') + 1),
      'a version line was expected',
    ],
    [
      'with an altered label',
      (text: string) => text.replace('"first"', '"First"'),
      'the version line was altered',
    ],
    [
      'of a later version',
      (text: string) => text.replace('"version":1', '"version":2'),
      'it has version 2 of the format',
    ],
    ['of another format', (text: string) => text.replace('runlog.events', 'other'), 'its format is "other"'],
    ['that is empty', () => '', 'it holds no run'],
    ['that is something else', () => 'SQLite format 3\0', 'it is no JSON'],
  ])('%s, before a destination is opened', async (_name, change, reason) => {
    const text = change(await exported(await family(), 'a'));
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text);
    }
    const open = async (): Promise<WholeLogStore> => Promise.reject(new Error('it was opened'));
    const importing = importRuns(chunks(), open, { sha256, source: 'file', location: 'to' });
    await expect(importing).rejects.toThrow(reason);
    await expect(importing).rejects.toMatchObject({ code: 'damaged-export-error', context: { line: 1 } });
  });

  it('with a line that is too long, with its length', async () => {
    const [url, to] = [await family(), memoryStore()];
    const text = (await exported(url, 'a')).replace('{"n":7}', `{"n":"${'x'.repeat(2000)}"}`);
    const report = await imported(text, to, { lineBytesAtMost: 1000 });
    expect(report.refused).toMatchObject([
      { line: 8, reason: expect.stringMatching(/^it has 2\d+ bytes, and/) as string },
    ]);
    expect(await to.logs()).toEqual([]);
  });
});

test('what is there is read again before it is called present: an import may have been killed before its proof', async () => {
  const from = await family();
  const text = await exported(from, 'a');
  const path = join(scratchFolder(), 'to.db');
  const to = await openStore(`sqlite:///${path}`);
  onTestFinished(() => to.close());
  await imported(text, to);
  tamper(path, "UPDATE events SET actor = 'x' WHERE seq = 2");
  const { ok, runs } = await imported(text, to);
  expect([ok, runs[0]?.status]).toEqual([false, 'failed']);
  expect(runs[0]?.problem).toContain('read back');
});

test('an import that is stopped leaves nothing of the run under way, and says so', async () => {
  const [url, to] = [sqliteUrl(), memoryStore()];
  const from = await openStore(url);
  await from.create({ id: 'a', kind: 'run', label: null, createdAt });
  await from.commit([{ logId: 'a', expected: 0, epoch: null, events: sampleRows(1, 5000) }]);
  await from.close();
  const controller = new AbortController();
  const text = await exported(url, 'a');
  const options = {
    signal: controller.signal,
    onProgress: ({ events }: { readonly events: number }) => {
      if (events === 2000) controller.abort(new Error('enough'));
    },
  };
  expect(await imported(text, to, options)).toMatchObject({ ok: false, isStopped: true, runs: [] });
  expect(await to.logs()).toEqual([]);
  expect(told(await imported(text, to))).toEqual([['a', 'copied', 5000]]);
});
