// From one SQLite file to another the rows are copied by SQLite itself: what comes is what would have come page by page, and nothing
// comes unproved.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type MigrationReport, migrateStore, openStore } from 'runlog';
import type { EventRow } from 'runlog/log';
import { describe, expect, it, test } from 'vitest';
import { createdAt, sampleRows, scratchFolder } from './sqlite-scratch.ts';

const events = 1200;

const urlOf = (path: string): string => `sqlite:///${path}`;
const scratchPath = (name: string): string => join(scratchFolder(), name);

/** Run `a`, and its fork `f` at 100 with as many events of its own. */
async function familyOf(rows: readonly EventRow[] = sampleRows(1, events)): Promise<string> {
  const path = scratchPath('from.db');
  const store = await openStore(urlOf(path));
  await store.create({ id: 'a', kind: 'run', label: 'first', createdAt });
  await store.commit(
    [{ logId: 'a', expected: 0, epoch: null, events: rows }],
    [{ kind: 'opening', id: 'a/00000001', expectedVersion: 0, value: '{"epoch":1}' }],
  );
  await store.fork({ parent: 'a', atSeq: 100, id: 'f', label: null, createdAt });
  await store.commit([{ logId: 'f', expected: 100, epoch: null, events: sampleRows(101, events) }]);
  await store.close();
  return path;
}

function change(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

interface Moved {
  readonly report: MigrationReport;
  readonly to: string;
  /** False when they were read and written page by page: only then a proof follows the copy. */
  readonly wereRowsTaken: boolean;
}

async function moved(from: string, to = scratchPath('to.db')): Promise<Moved> {
  const phases = new Set<string>();
  const report = await migrateStore(urlOf(from), urlOf(to), { onProgress: ({ phase }) => phases.add(phase) });
  return { report, to, wereRowsTaken: phases.has('copy') && !phases.has('verify') };
}

const told = ({ runs }: MigrationReport) => runs.map(({ runId, status }) => [runId, status]);

/** Every cell of the store that history is made of. */
function cells(path: string): unknown {
  const database = new DatabaseSync(path);
  const all = (sql: string): unknown => database.prepare(sql).all();
  const found = [
    all('SELECT * FROM logs ORDER BY log'),
    all('SELECT * FROM events ORDER BY log, seq'),
    all('SELECT * FROM records ORDER BY kind, id'),
  ];
  database.close();
  return found;
}

test('runs and forks come with every cell as it was, and their bytes are counted', async () => {
  const from = await familyOf();
  const { report, to, wereRowsTaken } = await moved(from);
  expect(wereRowsTaken).toBe(true);
  expect(report.runs).toMatchObject([
    { runId: 'a', status: 'copied', events, bytes: bytesOf(1, events) },
    { runId: 'f', status: 'copied', events, bytes: bytesOf(101, events) },
  ]);
  expect(cells(to)).toEqual(cells(from));
});

function bytesOf(first: number, count: number): number {
  return sampleRows(first, count).reduce((sum, { payload }) => sum + Buffer.byteLength(payload), 0);
}

describe('what is not ordinary is copied page by page:', () => {
  const rowsWith = (change: Partial<EventRow>): EventRow[] =>
    sampleRows(1, events).map((row, index) => (index === 700 ? { ...row, ...change } : row));

  it.each([
    ['a name that takes an escape', { actor: 'a "quoted" name' }],
    ['long names', { actor: 'a'.repeat(250) }],
    ['a canonical id at another place', { id: 'evt_9999' }],
    ['a version of the form', { schemaVersion: 2 }],
  ])('%s', async (_name, changed) => {
    const from = await familyOf(rowsWith(changed));
    const { report, to, wereRowsTaken } = await moved(from);
    expect(wereRowsTaken).toBe(false);
    expect(told(report)).toEqual([
      ['a', 'copied'],
      ['f', 'copied'],
    ]);
    expect(cells(to)).toEqual(cells(from));
  });

  it('a stored hash that is not the one of its row, which is not brought along', async () => {
    const from = await familyOf();
    const before = cells(from);
    change(from, "UPDATE events SET hash = x'" + 'ab'.repeat(32) + "' WHERE log = 1 AND seq = 700");
    const { to, wereRowsTaken } = await moved(from);
    expect(wereRowsTaken).toBe(false);
    expect(cells(to)).toEqual(before);
  });

  it('a table that has another column', async () => {
    const from = await familyOf();
    change(from, 'ALTER TABLE events ADD COLUMN note TEXT');
    expect(await moved(from)).toMatchObject({ wereRowsTaken: false, report: { ok: true } });
  });
});

test('a run comes with ids of its own', async () => {
  const from = await familyOf(sampleRows(1, events).map((row) => ({ ...row, id: `own-${row.id}` })));
  const { to, wereRowsTaken } = await moved(from);
  expect(wereRowsTaken).toBe(true);
  expect(cells(to)).toEqual(cells(from));
});

test.each([
  ['a changed payload', `UPDATE events SET payload = '{}' WHERE log = 1 AND seq = 700`],
  ['a changed actor', `UPDATE events SET actor = 'other' WHERE log = 1 AND seq = 1200`],
  ['a missing event', 'DELETE FROM events WHERE log = 1 AND seq = 700'],
])('of a run with %s nothing comes', async (_name, sql) => {
  const from = await familyOf();
  change(from, sql);
  const { report, to } = await moved(from);
  expect(told(report)).toEqual([
    ['a', 'failed'],
    ['f', 'failed'],
  ]);
  expect(cells(to)).toEqual([[], [], []]);
});

test('rows are not taken where a trigger may change on the way what no hash holds', async () => {
  const [from, to] = [await familyOf(), scratchPath('to.db')];
  await (await openStore(urlOf(to))).close();
  change(
    to,
    `CREATE TRIGGER lies AFTER INSERT ON events WHEN new.seq = 700 BEGIN
       UPDATE events SET subject = 'other' WHERE position = new.position; END`,
  );
  expect(await moved(from, to)).toMatchObject({ wereRowsTaken: false });
});

describe('a run that is there already', () => {
  it('is not called present when its events are not those of its head: a call that was killed had not proved it', async () => {
    const from = await familyOf();
    const { to } = await moved(from);
    change(to, `UPDATE events SET payload = '{}' WHERE log = 1 AND seq = 700`);
    const { report } = await moved(from, to);
    expect(told(report)).toEqual([
      ['a', 'failed'],
      ['f', 'failed'],
    ]);
    expect(report.runs[0]?.problem).toContain("'a'");
  });

  it('is proved with what it took with it, when it was detached there', async () => {
    const from = await familyOf();
    const { to } = await moved(from);
    const store = await openStore(urlOf(to), { mode: 'write' });
    await store.detach('f');
    await store.close();
    expect(told((await moved(from, to)).report)).toEqual([
      ['a', 'present'],
      ['f', 'present'],
    ]);
    change(to, `UPDATE events SET payload = '{}' WHERE log = 2 AND seq = 50`);
    expect(told((await moved(from, to)).report)).toEqual([
      ['a', 'present'],
      ['f', 'failed'],
    ]);
  });

  it('says with which hash it was proved', async () => {
    const from = await familyOf();
    const { report, to } = await moved(from);
    const again = (await moved(from, to)).report;
    expect(again.runs.map(({ verifiedHash }) => verifiedHash)).toEqual(
      report.runs.map(({ verifiedHash }) => verifiedHash),
    );
  });
});
