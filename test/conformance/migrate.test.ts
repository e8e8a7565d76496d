// Moving runs between stores of our own: all of a run or nothing, what is there is left alone, what differs is never overwritten.
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { behavior, load, migrate, type MigrationReport, migrateStore, openStore } from 'runlog';
import { type EventRow, type WholeLogStore, MemoryDatabase, openMemoryStore } from 'runlog/log';
import { nearestOpening } from 'runlog/runtime';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { hash } from 'node:crypto';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import { logSource } from '../../src/migrate/index.ts';
import { schemaName } from '../harness/postgres/scratch-schema.ts';
import { sharedEngine } from '../harness/postgres/shared-engine.ts';
import { overlaid } from '../harness/stopping-store.ts';
import { poolOf } from './pglite-places.ts';
import { openForTest, scratchSchema } from './postgres-scratch.ts';
import { createdAt, sampleRows, scratchFolder } from './sqlite-scratch.ts';

const sha256 = (text: string): string => hash('sha256', text, 'hex');

function memoryStore(id: string): WholeLogStore {
  return openMemoryStore({ sha256, nowMs: () => 0, database: new MemoryDatabase(id) });
}

/** Run `a` of ten events with a document, its fork `f` at 4 with three of its own, and a fork `g` of `f` at 6. */
async function family(store: WholeLogStore): Promise<WholeLogStore> {
  await store.create({ id: 'a', kind: 'run', label: 'first', createdAt });
  await store.commit(
    [{ logId: 'a', expected: 0, epoch: null, events: sampleRows(1, 10) }],
    [{ kind: 'opening', id: 'a/00000001', expectedVersion: 0, value: '{"epoch":1}' }],
  );
  await store.fork({ parent: 'a', atSeq: 4, id: 'f', label: 'fork', createdAt });
  await store.commit([{ logId: 'f', expected: 4, epoch: null, events: sampleRows(5, 3) }]);
  await store.fork({ parent: 'f', atSeq: 6, id: 'g', label: null, createdAt });
  await store.commit([{ logId: 'g', expected: 6, epoch: null, events: sampleRows(7, 2) }]);
  return store;
}

async function move(from: WholeLogStore, to: WholeLogStore, options: object = {}): Promise<MigrationReport> {
  return migrate(logSource({ store: from, location: 'from' }), to, { sha256, location: 'to', ...options });
}

const told = ({ runs }: MigrationReport) => runs.map(({ runId, status, events }) => [runId, status, events]);

async function contents(store: WholeLogStore): Promise<unknown> {
  const logs = await Promise.all(
    (await store.logs()).map(async ({ id, label, kind, parent, lineage, head }) => {
      const events: EventRow[] = [];
      for await (const page of store.read(id)) events.push(...page);
      return { id, label, kind, parent, lineage, seq: head.seq, hash: head.hash, events };
    }),
  );
  return { logs, records: await store.recordsBelow('') };
}

async function openOnEngine(): Promise<WholeLogStore> {
  const pool = poolOf(await sharedEngine());
  onTestFinished(() => pool.end());
  return openPostgresStore({ mode: 'create', schema: schemaName(), pool });
}

const places = [
  ['memory', async () => memoryStore('to')],
  ['SQLite', async () => openStore(`sqlite:///${join(scratchFolder(), 'to.db')}`)],
  ['PostgreSQL', async () => openForTest(scratchSchema())],
  ['PostgreSQL on PGlite', async () => openOnEngine()],
] as const;

describe.each(places)('a destination in %s', (_name, makePlace) => {
  it('holds what the source holds: events, forks as pointers, labels, documents', async () => {
    const [from, to] = [await family(memoryStore('from')), await makePlace()];
    const report = await move(from, to);
    expect(told(report)).toEqual([
      ['a', 'copied', 10],
      ['f', 'copied', 3],
      ['g', 'copied', 2],
    ]);
    expect(await contents(to)).toEqual(await contents(from));
    expect(report.runs.map(({ verifiedHash }) => verifiedHash)).toEqual(
      (await from.logs()).map(({ head }) => head.hash),
    );
    await to.close();
  });

  it('is left as it is by the same call again', async () => {
    const [from, to] = [await family(memoryStore('from')), await makePlace()];
    await move(from, to);
    const before = await contents(to);
    expect(told(await move(from, to)).map(([, status]) => status)).toEqual(['present', 'present', 'present']);
    expect(await contents(to)).toEqual(before);
    await to.close();
  });

  it('gets the rest of a run whose beginning it has', async () => {
    const [from, to] = [await family(memoryStore('from')), await makePlace()];
    await move(from, to);
    await from.commit([{ logId: 'a', expected: 10, epoch: null, events: sampleRows(11, 5) }]);
    expect(told(await move(from, to, { runIds: ['a'] }))).toEqual([['a', 'continued', 5]]);
    expect(await contents(to)).toMatchObject({ logs: [{ seq: 15 }, {}, {}] });
    await to.close();
  });

  it('keeps a run that went on there, and calls it present', async () => {
    const [from, to] = [await family(memoryStore('from')), await makePlace()];
    await move(from, to);
    await to.commit([{ logId: 'a', expected: 10, epoch: null, events: sampleRows(11, 1) }]);
    expect(told(await move(from, to, { runIds: ['a'] }))).toEqual([['a', 'present', 0]]);
    await to.close();
  });

  it('keeps a run of the same id with other events, and calls it a conflict', async () => {
    const [from, to] = [await family(memoryStore('from')), await makePlace()];
    await to.create({ id: 'a', kind: 'run', label: null, createdAt });
    const other = sampleRows(1, 10).map((row) => ({ ...row, actor: 'somebody else' }));
    await to.commit([{ logId: 'a', expected: 0, epoch: null, events: other }]);
    const before = await contents(to);
    const report = await move(from, to);
    expect(told(report).map(([, status]) => status)).toEqual(['conflict', 'failed', 'failed']);
    expect(report.ok).toBe(false);
    expect(await contents(to)).toEqual(before);
    await to.close();
  });

  it('gets of the ancestors of a run no more than the run shares with them', async () => {
    const [from, to] = [await family(memoryStore('from')), await makePlace()];
    const report = await move(from, to, { runIds: ['g'] });
    expect(report.runs.map(({ runId, events, isAncestor }) => [runId, events, isAncestor])).toEqual([
      ['a', 4, true],
      ['f', 2, true],
      ['g', 2, false],
    ]);
    expect((await to.head('g')).hash).toBe((await from.head('g')).hash);
    expect(told(await move(from, to)).map(([, status]) => status)).toEqual([
      'continued',
      'continued',
      'present',
    ]);
    expect((await to.head('a')).hash).toBe((await from.head('a')).hash);
    await to.close();
  });

  it('gets a fork alone when that is asked for, with the same head', async () => {
    const [from, to] = [await family(memoryStore('from')), await makePlace()];
    expect(told(await move(from, to, { runIds: ['g'], detach: true }))).toEqual([['g', 'copied', 8]]);
    expect((await to.info('g'))?.parent).toBeNull();
    expect((await to.head('g')).hash).toBe((await from.head('g')).hash);
    await to.close();
  });

  it('is not written by a dry run', async () => {
    const [from, to] = [await family(memoryStore('from')), await makePlace()];
    expect(told(await move(from, to, { dryRun: true }))).toEqual([
      ['a', 'copied', 10],
      ['f', 'copied', 3],
      ['g', 'copied', 2],
    ]);
    expect(await to.logs()).toEqual([]);
    await to.close();
  });

  it.each(Array.from({ length: 10 }, (_, index) => index))(
    'has nothing of a run whose reading fails at event %i, and all of it after the next call',
    async (failAt) => {
      const [from, to] = [await family(memoryStore('from')), await makePlace()];
      const read: WholeLogStore['read'] = (logId, options) =>
        logId === 'a' ? brokenAt(from, failAt, options) : from.read(logId, options);
      const failing = { ...wholeLogs(from), ...overlaid(from, { read }) };
      const report = await move(failing, to, { runIds: ['a'] });
      expect(told(report)).toEqual([['a', 'failed', 0]]);
      expect(await contents(to)).toEqual({ logs: [], records: [] });
      expect(told(await move(from, to)).map(([, status]) => status)).toEqual(['copied', 'copied', 'copied']);
      await to.close();
    },
  );
});

/** What `overlaid` leaves out. */
function wholeLogs(store: WholeLogStore): Pick<WholeLogStore, 'copyIn' | 'remove' | 'recordsBelow'> {
  return {
    copyIn: async (copy) => store.copyIn(copy),
    remove: async (head) => store.remove(head),
    recordsBelow: async (prefix) => store.recordsBelow(prefix),
  };
}

async function* brokenAt(
  store: WholeLogStore,
  place: number,
  options: Parameters<WholeLogStore['read']>[1],
): ReturnType<WholeLogStore['read']> extends AsyncIterable<infer Page> ? AsyncGenerator<Page> : never {
  for await (const page of store.read('a', options)) {
    for (const event of page) {
      if (event.seq > place) throw new Error('the disk is gone');
      yield [event];
    }
  }
}

test('a run whose stored hashes are not those of its events does not come over', async () => {
  const path = join(scratchFolder(), 'damaged.db');
  await (await family(await openStore(`sqlite:///${path}`))).close();
  const database = new DatabaseSync(path);
  database.exec("UPDATE events SET payload = '{}' WHERE log = 2 AND seq = 6");
  database.close();
  const to = `sqlite:///${join(scratchFolder(), 'to.db')}`;
  const report = await migrateStore(`sqlite:///${path}`, to);
  expect(told(report)).toEqual([
    ['a', 'copied', 10],
    ['f', 'failed', 0],
    ['g', 'failed', 0],
  ]);
});

test('documents of a run a/b are left alone when the run a is moved and replaced', async () => {
  const [from, to] = [
    await family(memoryStore('from')),
    await openStore(`sqlite:///${join(scratchFolder(), 'to.db')}`),
  ];
  for (const [store, value] of [
    [from, '"of the source"'],
    [to, '"of the destination"'],
  ] as const) {
    await store.create({ id: 'a/b', kind: 'run', label: null, createdAt });
    const record = { kind: 'opening', id: 'a/b/00000001', expectedVersion: 0, value };
    await store.commit([{ logId: 'a/b', expected: 0, epoch: null, events: sampleRows(1, 1) }], [record]);
  }
  await move(from, to, { runIds: ['a'] });
  expect((await to.record('opening', 'a/b/00000001'))?.value).toBe('"of the destination"');
  await to.remove(await to.head('a'));
  expect((await to.record('opening', 'a/b/00000001'))?.value).toBe('"of the destination"');
  expect(await to.record('opening', 'a/00000001')).toBeUndefined();
  await to.close();
});

test('a store is not moved into itself', async () => {
  const store = await family(memoryStore('one'));
  await expect(move(store, store)).rejects.toThrow('would be moved into itself');
});

test('a source that cannot be looked at is an error of the store, and no other', async () => {
  const path = join(scratchFolder(), 'loop.db');
  symlinkSync(path, path);
  const moved = migrateStore(`sqlite:///${path}`, `sqlite:///${path}.to`);
  await expect(moved).rejects.toMatchObject({ code: 'store-unavailable-error' });
});

test('a run that the source does not have is an error, and nothing is moved', async () => {
  const [from, to] = [await family(memoryStore('from')), memoryStore('to')];
  await expect(move(from, to, { runIds: ['a', 'zzz'] })).rejects.toMatchObject({
    code: 'run-not-found-error',
  });
  expect(await to.logs()).toEqual([]);
});

describe('a database with an event that cannot be kept', () => {
  const copy = (): string => {
    const path = join(scratchFolder(), 'old.db');
    const database = new DatabaseSync(path);
    database.exec(readFileSync('test/fixtures/activegraph/broken.sql', 'utf8'));
    database.close();
    return path;
  };
  const repaired = (path: string): void => {
    const database = new DatabaseSync(path);
    database.exec(`UPDATE events SET payload = '{"n": 2}' WHERE id = 'evt_002'`);
    database.close();
  };

  it('moves the other runs, and says what is wrong with this one', async () => {
    const to = `sqlite:///${join(scratchFolder(), 'to.db')}`;
    const report = await migrateStore(`sqlite:///${copy()}`, to);
    expect(told(report)).toEqual([
      ['r1', 'failed', 0],
      ['r2', 'copied', 4],
      ['r3', 'copied', 4],
    ]);
    expect(report.runs[0]?.problem).toMatch(/evt_002.*--skip-corrupted/);
  });

  it('is moved without it when that is asked for, with the links to it listed', async () => {
    const to = `sqlite:///${join(scratchFolder(), 'to.db')}`;
    const report = await migrateStore(`sqlite:///${copy()}`, to, { skipCorrupted: true });
    expect(report.runs[0]).toMatchObject({
      status: 'copied',
      events: 3,
      skipped: [{ eventId: 'evt_002' }],
      brokenLinks: [{ eventId: 'evt_003', causedBy: 'evt_002' }],
    });
    const again = await migrateStore(`sqlite:///${copy()}`, to, { skipCorrupted: true });
    expect(told(again).map(([, status]) => status)).toEqual(['present', 'present', 'present']);
    expect(again.runs[0]?.skipped).toMatchObject([{ eventId: 'evt_002' }]);
  });

  it('is moved in part again when it has gone on', async () => {
    const [from, to] = [copy(), `sqlite:///${join(scratchFolder(), 'to.db')}`];
    await migrateStore(`sqlite:///${from}`, to, { skipCorrupted: true });
    const database = new DatabaseSync(from);
    database.exec(
      `INSERT INTO events (id, type, actor, payload, frame_id, caused_by, timestamp, run_id)
        VALUES ('evt_005', 'note.added', 'user', '{}', NULL, NULL, '2026-05-15T10:32:01Z', 'r1')`,
    );
    database.close();
    expect(told(await migrateStore(`sqlite:///${from}`, to, { skipCorrupted: true }))[0]).toEqual([
      'r1',
      'replaced',
      4,
    ]);
  });

  it('brings a run without events, and refuses bytes that are no text', async () => {
    const from = copy();
    const database = new DatabaseSync(from);
    database.exec("INSERT INTO runs (run_id, created_at) VALUES ('r0', '2026-01-01T00:00:00Z')");
    database.exec(
      "UPDATE events SET payload = CAST(x'7b2261223a22ff227d' AS TEXT) WHERE run_id = 'r2' AND id = 'evt_002'",
    );
    database.close();
    const report = await migrateStore(`sqlite:///${from}`, `sqlite:///${join(scratchFolder(), 'to.db')}`);
    expect(told(report)).toEqual([
      ['r1', 'failed', 0],
      ['r2', 'failed', 0],
      ['r3', 'copied', 4],
      ['r0', 'copied', 0],
    ]);
    expect(report.runs[1]?.problem).toContain('no UTF-8');
  });

  it('replaces what was moved in part when it has been repaired', async () => {
    const [from, to] = [copy(), `sqlite:///${join(scratchFolder(), 'to.db')}`];
    await migrateStore(`sqlite:///${from}`, to, { skipCorrupted: true });
    repaired(from);
    expect(told(await migrateStore(`sqlite:///${from}`, to))[0]).toEqual(['r1', 'replaced', 4]);
    const store = await openStore(to, { mode: 'read' });
    expect((await store.get('r1', 'evt_002'))?.payload).toBe('{"n": 2}');
    await store.close();
  });

  it('leaves a run alone that was moved in part and has gone on since', async () => {
    const [from, to] = [copy(), `sqlite:///${join(scratchFolder(), 'to.db')}`];
    await migrateStore(`sqlite:///${from}`, to, { skipCorrupted: true });
    const store = await openStore(to, { mode: 'write' });
    await store.commit([{ logId: 'r1', expected: 3, epoch: null, events: sampleRows(5, 1) }]);
    await store.close();
    repaired(from);
    expect(told(await migrateStore(`sqlite:///${from}`, to))[0]).toEqual(['r1', 'conflict', 0]);
  });
});

describe('who drove a run that was copied', () => {
  const runId = 'run_x';
  const counts = behavior({
    name: 'counts',
    on: 'goal.created',
    run: ({ graph }) => void graph.addObject('a', {}),
  });
  const drive = async (store: WholeLogStore, goal: string): Promise<void> => {
    const run = await load(store, { runId, behaviors: [counts], frame: { goal } });
    await run.runGoal(goal);
    await run.close();
  };
  const last = async (store: WholeLogStore): Promise<string | undefined> => {
    const info = await store.info(runId);
    return info === undefined ? undefined : (await nearestOpening(store, info))?.frame?.goal;
  };

  it('is known under epochs that begin anew, and is written down beside those before', async () => {
    const [from, to] = [memoryStore('from'), memoryStore('to')];
    await from.create({ id: runId, kind: 'run', label: null, createdAt });
    for (const goal of ['one', 'two', 'three']) await drive(from, goal);
    await move(from, to);
    const found = [await last(to)];
    await (await load(to, { runId, behaviors: [counts] })).close();
    found.push(await last(to));
    await drive(to, 'four');
    found.push(await last(to));
    const records = await to.records('opening', '');
    const goals = records.map(({ value }) => (JSON.parse(value) as { frame: { goal: string } }).frame.goal);
    expect([found, goals]).toEqual([
      ['three', 'three', 'four'],
      ['one', 'two', 'three', 'four'],
    ]);
  });
});
