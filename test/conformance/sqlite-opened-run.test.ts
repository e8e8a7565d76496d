/** A run on SQLite is opened by its places: what is wrong with an event of its graph is told when the graph is wanted, and nothing is written. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { behavior, CorruptedEventPayloadError, DamagedHistoryError, load, openStore, sha256 } from 'runlog';
import type { LogStore } from 'runlog/log';
import { loadState } from 'runlog/runtime';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { moment } from '../harness/fixed-run.ts';
import { objectPayload, writeLog } from '../harness/raw-log.ts';

/** More than are read again at once. */
const length = 2500;

let folder: string;
let path: string;
let store: LogStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runlog-opened-'));
  path = join(folder, 'runs.db');
  store = await openStore(`sqlite:///${path}`);
  const events = Array.from({ length }, (_, index) => ({
    type: 'object.created',
    payload: objectPayload(`note#${index + 1}`, 'note', { n: index + 1 }),
  }));
  await writeLog(store, 'run', events);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function damage(sql: string): void {
  using database = new DatabaseSync(path);
  expect(database.prepare(sql).run().changes).toBe(1);
}

test('the whole graph is there when somebody asks, however long the run is', async () => {
  const run = await load(store, { runId: 'run' });
  expect(run.graph.objects('note').map(({ data }) => data['n'])).toEqual(
    Array.from({ length }, (_, index) => index + 1),
  );
  await run.close();
});

test('a graph that was made while the run was opened is not read again', async () => {
  const run = await load(store, { runId: 'run', graph: 'eager', snapshots: false });
  damage(`UPDATE events SET payload = '{}' WHERE seq = 1800`);
  expect(run.graph.objects('note')).toHaveLength(length);
  expect((await run.status({ recent: 1 })).recentEvents[0]?.timestamp).toBe(moment);
  await run.close();
});

/** How often others had a turn while something was under way. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isOver = true;
  return turns;
}

test('others have turns while the graph of a run is made', async () => {
  const pause = vi.fn(async () => {});
  const { tables } = await loadState(store, 'run', { wantsGraph: { pause } });
  expect(pause).toHaveBeenCalledTimes(1);
  expect(tables.isDeferred).toBe(false);
});

test('others have turns while a long log is read', async () => {
  const tick = { type: 'tick', payload: {} };
  await writeLog(
    store,
    'long',
    Array.from({ length: 30_000 }, () => tick),
  );
  const turns = await turnsDuring(async () => {
    let read = 0;
    for await (const page of store.read('long')) read += page.length;
    expect(read).toBe(30_000);
  });
  expect(turns).toBeGreaterThan(1);
});

test('the last events are told without making the graph', async () => {
  const run = await load(store, { runId: 'run' });
  const { recentEvents } = await run.status({ recent: 300 });
  expect(recentEvents).toHaveLength(300);
  expect(recentEvents.at(-1)).toMatchObject({ id: `evt_${length}`, type: 'object.created' });
  await run.close();
});

test('who drove it last is found without reading the records of all who drove it before', async () => {
  const drive = async (): Promise<void> => {
    const run = await load(store, { runId: 'run' });
    await run.runGoal('g');
    await run.close();
  };
  await drive();
  await drive();
  const records = vi.spyOn(store, 'records');
  await drive();
  expect(records.mock.calls.filter(([kind]) => kind === 'opening')).toEqual([]);
  expect((await store.records('opening', 'run/')).map(({ id }) => id)).toHaveLength(3);
});

describe.each([
  [
    'that is no JSON',
    `UPDATE events SET payload = '{"object":}' WHERE seq = 1800`,
    CorruptedEventPayloadError,
  ],
  ['that is gone', 'DELETE FROM events WHERE seq = 1800', DamagedHistoryError],
])('an event %s', (_, sql, refusal) => {
  test('is told again and again by a run that was open before', async () => {
    const run = await load(store, { runId: 'run', snapshots: false });
    damage(sql);
    expect(() => run.graph.object('note#1')).toThrow(refusal);
    expect(() => run.graph.object('note#1')).toThrow(refusal);
    await run.close();
  });

  test('keeps the run from being added to', async () => {
    const run = await load(store, { runId: 'run', snapshots: false });
    damage(sql);
    await expect(run.emit('more')).rejects.toBeInstanceOf(refusal);
    await expect(run.runGoal('more')).rejects.toBeInstanceOf(refusal);
    await expect(run.mutate((graph) => graph.addObject('note', {}))).rejects.toBeInstanceOf(refusal);
    await run.close();
    expect((await store.head('run')).seq).toBe(length);
  });
});

test('a payload that was cut off is told when the run is opened', async () => {
  damage(`UPDATE events SET payload = substr(payload, 1, 20) WHERE seq = 1800`);
  await expect(load(store, { runId: 'run' })).rejects.toMatchObject({ context: { event_id: 'evt_1800' } });
});

test('whoever reads a run beside its writer sees it as it was when it was opened', async () => {
  const { tables } = await loadState(store, 'run');
  const writer = await load(store, { runId: 'run', snapshots: false });
  await writer.mutate((graph) => graph.addObject('note', { n: 'later' }));
  await writer.close();
  expect([...tables.objects('note')]).toHaveLength(length);
});

test('a payload that is no JSON says more than its hash, which does not fit either', async () => {
  damage(`UPDATE events SET payload = 'no JSON' WHERE seq = 1800`);
  await expect(loadState(store, 'run', { verifyWith: sha256 })).rejects.toMatchObject({
    code: 'corrupted-event-payload-error',
    context: { event_id: 'evt_1800' },
  });
});

test('an event whose type was changed is told with its stretch of the log', async () => {
  const run = await load(store, { runId: 'run', snapshots: false });
  damage(`UPDATE events SET type = 'other' WHERE seq = 1800`);
  expect(() => run.graph.objects()).toThrow(
    expect.objectContaining({ context: { run_id: 'run', seq: 1001 } }),
  );
  expect(() => run.graph.objects()).toThrow(
    'The stretch up to place 2000 holds 999 events of the graph, held 1000 when the run was opened',
  );
  await run.close();
});

test('a missing event is told with its place', async () => {
  const run = await load(store, { runId: 'run', snapshots: false });
  damage('DELETE FROM events WHERE seq = 1800');
  expect(() => run.graph.objects()).toThrow(
    expect.objectContaining({ context: { run_id: 'run', seq: 1800 } }),
  );
  await run.close();
});

test('an event of a program that is no JSON is told when the run is opened', async () => {
  const run = await load(store, { runId: 'run', snapshots: false });
  await run.emit('x.y', { k: 1 });
  await run.close();
  damage(`UPDATE events SET payload = '{oops}' WHERE seq = ${length + 1}`);
  await expect(load(store, { runId: 'run' })).rejects.toBeInstanceOf(CorruptedEventPayloadError);
});

describe('what is handed in before the graph is made', () => {
  test('is done in the order in which it came', async () => {
    const run = await load(store, { runId: 'run', snapshots: false });
    const done: string[] = [];
    const noted = async (name: string): Promise<void> => run.mutate(() => void done.push(name));
    await Promise.all([
      noted('first'),
      noted('second'),
      noted('third'),
      run.head().then(() => done.push('head')),
    ]);
    expect(done.filter((name) => name !== 'head')).toEqual(['first', 'second', 'third']);
    await run.close();
  });

  test('is worked off by a run until idle that was asked for behind it', async () => {
    const seen: number[] = [];
    const watch = behavior({ name: 'watch', on: 'x.y', run: ({ event }) => void seen.push(event.seq) });
    const run = await load(store, { runId: 'run', snapshots: false, behaviors: [watch] });
    const handed = run.emit('x.y');
    await run.runUntilIdle();
    expect(seen).toEqual([(await handed).seq]);
    await run.close();
  });

  test.each(['head', 'status', 'close'] as const)('is there for %s', async (name) => {
    const run = await load(store, { runId: 'run', snapshots: false });
    const handed = run.emit('x.y');
    if (name === 'head') expect((await run.head()).seq).toBe(length + 1);
    if (name === 'status') expect((await run.status()).eventsProcessed).toBe(length + 1);
    await run.close();
    expect((await handed).seq).toBe(length + 1);
    expect((await store.head('run')).seq).toBe(length + 1);
  });

  test('can be forked at', async () => {
    const run = await load(store, { runId: 'run', snapshots: false });
    const handed = run.mutate((graph) => graph.addObject('note', {}));
    const fork = await run.fork({ atEvent: `evt_${length + 1}` });
    expect((await handed).id).toBe(`note#${length + 1}`);
    await fork.close();
    await run.close();
  });
});
