/** Proves what is written down when somebody drives a run, and that older records are read. */
import { behavior, load, verifyRun } from 'runlog';
import type { JsonObject } from 'runlog/base';
import type { LogStore } from 'runlog/log';
import { nearestOpening } from 'runlog/runtime';
import { describe, expect, it } from 'vitest';
import { moment, openUnrepeatable } from '../../../test/harness/fixed-run.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';

const runId = 'run_x';
const first = behavior({
  name: 'first',
  on: 'goal.created',
  run: ({ graph }) => void graph.addObject('a', {}),
});
const third = behavior({ name: 'third', on: 'goal.created', run: () => undefined });
const second = behavior({ name: 'second', on: 'goal.created', run: () => undefined });

function bundleOf(added: typeof second) {
  const none = { tools: [], objectTypes: [], relationTypes: [], policies: [] };
  return { owner: null, behaviors: [added], ...none, settings: undefined, loadedPayload: null };
}

async function recordOf(store: LogStore): Promise<JsonObject> {
  const [record] = await store.records('opening', `${runId}/`);
  return JSON.parse(record?.value ?? '{}') as JsonObject;
}

async function rewrite(store: LogStore, change: (record: JsonObject) => JsonObject): Promise<void> {
  const [record] = await store.records('opening', `${runId}/`);
  if (record === undefined) throw new Error('there is no record');
  const { kind, id } = record;
  const value = JSON.stringify(change(await recordOf(store)));
  await store.commit([], [{ kind, id, expectedVersion: 'any', value }]);
}

async function driven(): Promise<LogStore> {
  const store = memoryPlace().open();
  const run = await openUnrepeatable(
    { behaviors: [first], budget: { maxEvents: 9, maxCostUsd: '5' } },
    store,
  );
  await run.runGoal('g');
  await run.install(bundleOf(second));
  await run.runGoal('again');
  await run.close();
  return store;
}

describe('the record of an opening', () => {
  it('says from where it drives, under which budget, and since when each behavior was there', async () => {
    const store = await driven();
    expect(await recordOf(store)).toMatchObject({
      epoch: 1,
      from_seq: 0,
      budget: { max_events: 9, max_cost_usd: '5' },
      model: null,
      behaviors: [
        { name: 'first', from_seq: 0 },
        { name: 'second', from_seq: 5 },
      ],
    });
  });

  it('holds a hash of what a behavior declares and one of its code', async () => {
    const { behaviors } = await recordOf(await driven());
    const text = JSON.stringify(behaviors);
    const hashes = [...text.matchAll(/"(?:declared|code)_hash":"([0-9a-f]{64})"/g)].map(([, hash]) => hash);
    expect(new Set(hashes).size).toBe(3);
  });

  it('counts from the head of the log when the run is loaded', async () => {
    const store = await driven();
    const run = await load(store, { runId, behaviors: [first, second] });
    await run.runGoal('third');
    await run.close();
    const info = await store.info(runId);
    const opening = info === undefined ? null : await nearestOpening(store, info);
    expect(opening).toMatchObject({ epoch: 2, fromSeq: 12, budget: {} });
  });

  it('is found behind epochs in which nobody drove', async () => {
    const store = await driven();
    for (let times = 0; times < 5; times += 1)
      await (await load(store, { runId, behaviors: [first, second] })).close();
    const info = await store.info(runId);
    expect(info === undefined ? null : await nearestOpening(store, info)).toMatchObject({ epoch: 1 });
  });

  it.each(['of all', 'of the last'])(
    'is not taken for that of a run whose id goes on where this one ends, by a store that is asked for those %s',
    async (asked) => {
      const store = await driven();
      if (asked === 'of the last')
        store.recordBefore = async (kind) => (await store.records(kind, '')).at(-1);
      const value = JSON.stringify({ ...(await recordOf(store)), epoch: 7 });
      await store.commit([], [{ kind: 'opening', id: `${runId}/5/00000007`, expectedVersion: 0, value }]);
      const info = await store.info(runId);
      expect(info === undefined ? null : await nearestOpening(store, info)).toMatchObject({ epoch: 1 });
    },
  );

  it('of an older version is read, and the run is verified without it', async () => {
    const store = memoryPlace().open();
    const run = await openUnrepeatable({ behaviors: [first] }, store);
    await run.runGoal('g');
    await run.close();
    await rewrite(store, ({ epoch, engine_version: version, clock, seed, frame }) => ({
      ...{ epoch: epoch ?? 1, engine_version: version ?? '', clock: clock ?? '', seed: seed ?? 0 },
      frame: frame ?? null,
      behaviors: [{ name: 'first', kind: 'function', subscribed_to: ['goal.created'], activate_after: null }],
    }));
    const info = await store.info(runId);
    expect(info === undefined ? null : await nearestOpening(store, info)).toMatchObject({
      fromSeq: null,
      budget: null,
      behaviors: [{ name: 'first', fromSeq: null, fingerprint: null }],
    });
    expect((await verifyRun(store, { runId, behaviors: [first] })).divergence).toBeNull();
    expect((await verifyRun(store, { runId, behaviors: [] })).divergence).toMatchObject({
      eventId: 'evt_002',
    });
  });

  it('names another engine when the run is not made again', async () => {
    const store = await driven();
    await rewrite(store, (record) => ({ ...record, engine_version: '0.0.9' }));
    const other = behavior({
      name: 'first',
      on: 'goal.created',
      run: ({ graph }) => void graph.addObject('b', {}),
    });
    const { divergence } = await verifyRun(store, { runId, behaviors: [other, second] });
    expect(divergence?.probablyChanged).toEqual([
      "the code of behavior 'first'",
      expect.stringMatching(/^runlog itself: 0\.0\.9, now \d/) as unknown,
    ]);
  });
});

describe('a fork that nobody has driven', () => {
  /** Driven with one behavior up to the fifth event, with both up to the twelfth, and with another one from there on. */
  async function drivenByThree(): Promise<LogStore> {
    const store = await driven();
    const run = await load(store, { runId, behaviors: [third], withoutMissing: true });
    await run.runGoal('third');
    await run.close();
    return store;
  }

  async function namesAt(store: LogStore, seq: number): Promise<readonly string[]> {
    const { id } = await store.fork({
      ...{ parent: runId, atSeq: seq, id: `fork_${seq}`, label: null, createdAt: moment, events: [] },
    });
    const info = await store.info(id);
    const opening = info === undefined ? null : await nearestOpening(store, info);
    return opening?.behaviors.map(({ name }) => name) ?? [];
  }

  it.each(['of all', 'of the last'])(
    'has what drove its parent at the fork point, from a store that is asked for the records %s',
    async (asked) => {
      const store = await drivenByThree();
      if (asked === 'of the last')
        store.recordBefore = async (kind, id) =>
          (await store.records(kind, '')).findLast((record) => record.id < id);
      expect(await namesAt(store, 5)).toEqual(['first']);
      expect(await namesAt(store, 6)).toEqual(['first', 'second']);
      expect(await namesAt(store, 12)).toEqual(['first', 'second']);
      expect(await namesAt(store, 13)).toEqual(['third']);
    },
  );

  it('of a fork that was driven has what its own past was driven with', async () => {
    const store = await drivenByThree();
    const parent = await load(store, { runId, behaviors: [third] });
    const child = await parent.fork({ atEvent: 'evt_001', runId: 'child', behaviors: [second] });
    await child.runGoal('other');
    const below = await child.fork({ atEvent: 'evt_002' });
    const infos = [await store.info(child.runId), await store.info(below.runId)];
    for (const run of [below, child, parent]) await run.close();
    const found = infos.map(async (info) => (info === undefined ? null : nearestOpening(store, info)));
    expect((await Promise.all(found)).map((opening) => opening?.runId)).toEqual(['child', 'child']);
    await store.fork({
      ...{ parent: 'child', atSeq: 1, id: 'beside', label: null, createdAt: moment, events: [] },
    });
    const beside = await store.info('beside');
    const opening = beside === undefined ? null : await nearestOpening(store, beside);
    expect(opening).toMatchObject({ runId, behaviors: [{ name: 'first' }] });
  });
});
