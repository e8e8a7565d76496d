/** Proves when snapshots are written, which of them are used, and that a run never depends on one. */
import { behavior, type Runtime, sha256 } from 'runlog';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { loadFixed, moment, openFixed, runId } from '../../../test/harness/fixed-run.ts';
import { type MemoryPlace, memoryPlace } from '../../../test/harness/memory-store.ts';
import { replaced, snapshotPlaces } from '../../../test/harness/snapshot-stores.ts';
import { firstForms, type LogStore, type RecordWrite } from '../../log/index.ts';
import { graphBefore } from '../run/past-graph.ts';
import { loadState } from '../run/load-state.ts';
import { RunState } from '../run/run-state.ts';
import { packState } from './packed-state.ts';

const snapshots = { everyEvents: 40 };
const noop = behavior({ name: 'noop', on: 'tick', run: () => undefined });

let warnings: string[] = [];
beforeEach(() => {
  warnings = [];
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void warnings.push(String(warning)));
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Three events a tick and one for idle. */
async function tickAll(run: Runtime, ticks: number): Promise<void> {
  await run.mutate((graph) => {
    for (let n = 0; n < ticks; n += 1) graph.emit('tick', { n });
  });
  await run.runUntilIdle();
}

const opened = async (store: LogStore, more: object = {}): Promise<Runtime> =>
  openFixed({ behaviors: [noop], snapshots, ...more }, store);

/** A run with a snapshot at place 61 and four events behind it. */
async function withSnapshot(place: MemoryPlace = memoryPlace()): Promise<LogStore> {
  const store = place.open();
  const run = await opened(store);
  await tickAll(run, 20);
  await run.close();
  const again = await loadFixed(store, { behaviors: [noop], snapshots: { everyEvents: 1000 } });
  await tickAll(again, 1);
  await again.close();
  expect(await snapshotPlaces(store, runId)).toEqual([61]);
  return store;
}

const warn = (message: string): void => void warnings.push(message);

async function beganAt(store: LogStore, id = runId): Promise<number> {
  const { snapshotSeq, state, tables } = await loadState(store, id, { snapshots: { sha256, warn } });
  const whole = await loadState(store, id);
  expect(state.queue.logged()).toEqual(whole.state.queue.logged());
  expect([...tables.objects()]).toEqual([...whole.tables.objects()]);
  return snapshotSeq;
}

describe('a snapshot is written', () => {
  it('at rest when enough has happened, and two are kept', async () => {
    const store = memoryPlace().open();
    const run = await opened(store);
    const places: (readonly number[])[] = [];
    for (const ticks of [5, 10, 14, 14]) {
      await tickAll(run, ticks);
      await vi.waitFor(async () =>
        expect((await snapshotPlaces(store, runId)).at(-1) ?? 0).toBeGreaterThan((await run.head()).seq - 47),
      );
      places.push(await snapshotPlaces(store, runId));
    }
    expect(places).toEqual([[], [47], [47, 90], [90, 133]]);
    const parts = (await store.records('snapshot-part', '')).map(({ id }) => id.split('/')[1]);
    expect([...new Set(parts)]).toEqual(['000000000090', '000000000133']);
  });

  it('at the end for a tenth of the events, and not for less', async () => {
    const store = memoryPlace().open();
    const run = await opened(store);
    await run.emit('tick');
    await run.emit('tick');
    await run.emit('tick');
    await run.close();
    expect(await snapshotPlaces(store, runId)).toEqual([]);
    const again = await loadFixed(store, { snapshots });
    await again.emit('tick');
    await again.close();
    expect(await snapshotPlaces(store, runId)).toEqual([4]);
  });

  it('less often when there is more to write', async () => {
    const store = memoryPlace().open();
    const run = await openFixed({ snapshots: { everyEvents: 10 } }, store);
    await run.mutate((graph) => {
      for (let n = 0; n < 400; n += 1) graph.addObject('o', { n });
    });
    await run.close();
    for (const [events, expected] of [
      [9, [400]],
      [10, [400, 410]],
    ] as const) {
      const next = await loadFixed(store, { snapshots: { everyEvents: 10 } });
      for (let n = (await next.head()).seq - 400; n < events; n += 1) await next.emit('x');
      await next.close();
      expect(await snapshotPlaces(store, runId)).toEqual(expected);
    }
  });

  it('not in memory unless it is asked for, and not where it is refused', async () => {
    for (const more of [{ snapshots: undefined }, { snapshots: false }]) {
      const store = memoryPlace().open();
      const run = await opened(store, more);
      await tickAll(run, 7000);
      await run.close();
      expect(await snapshotPlaces(store, runId)).toEqual([]);
    }
  });

  it('not while an invocation is under way', async () => {
    const store = memoryPlace().open();
    const never = new Promise<never>(() => undefined);
    const stuck = behavior({ name: 'stuck', on: 'tick', run: async () => never });
    const run = await openFixed({ behaviors: [stuck], snapshots: { everyEvents: 1 } }, store);
    await run.emit('tick');
    void run.runUntilIdle().catch(() => undefined);
    await vi.waitFor(async () => expect((await store.head(runId)).seq).toBe(2));
    await run.close();
    expect(await snapshotPlaces(store, runId)).toEqual([]);
  });

  it('not when the loop has passed over what the log still holds', () => {
    const state = new RunState();
    const event = { id: 'evt_001', eventSeq: 1 };
    state.schedule.add({
      ...{ key: 'k', behavior: 'b', relationId: 'rel_001', eventId: event.id, eventSeq: 1, event: null },
      ...{ fireAtTick: 2, delay: 1, seq: 2 },
    });
    expect(packState(state)).not.toBeNull();
    state.schedule.dropGone(2, () => true);
    expect(packState(state)).toBeNull();
  });

  it.each([0, -1, 1.5, Number.NaN])('every whole number of events, not every %d', async (everyEvents) => {
    await expect(openFixed({ snapshots: { everyEvents } })).rejects.toMatchObject({
      code: 'invalid-runtime-configuration',
    });
  });

  it('by nobody who has lost the run', async () => {
    const place = memoryPlace();
    const slept = place.open();
    const run = await opened(slept);
    await tickAll(run, 14);
    await vi.waitFor(async () => expect(await snapshotPlaces(slept, runId)).toEqual([43]));
    await run.mutate((graph) => {
      for (let n = 0; n < 60; n += 1) graph.emit('other');
    });
    place.lapse();
    const other = place.open();
    await other.acquire(runId);
    await run.close();
    expect(warnings).toEqual([expect.stringContaining("No snapshot of run 'run_x' could be written")]);
    expect(await snapshotPlaces(other, runId)).toEqual([43]);
  });
});

describe('a load', () => {
  it('reads the log from the snapshot on, and no more of it than is shown', async () => {
    const store = await withSnapshot();
    const after: number[] = [];
    const watched = replaced(store, {
      read: (logId, options = {}) => {
        if (options.limit === undefined) after.push(options.after ?? 0);
        return store.read(logId, options);
      },
    });
    expect(await beganAt(watched)).toBe(61);
    // One of the two loads that are compared reads everything; the run is shorter than what is shown of it.
    expect(after).toEqual([0, 0]);
  });

  it('of a fork begins with the snapshot of the run it was forked from, if that stands before the fork', async () => {
    const store = await withSnapshot();
    for (const [id, atSeq, expected] of [
      ['after', 63, 61],
      ['at', 61, 61],
      ['before', 60, 0],
    ] as const) {
      await store.fork({ parent: runId, atSeq, id, label: null, createdAt: moment });
      await store.fork({ parent: id, atSeq, id: `${id}-again`, label: null, createdAt: moment });
      expect([await beganAt(store, id), await beganAt(store, `${id}-again`)]).toEqual([expected, expected]);
    }
    await store.detach('after');
    expect(await beganAt(store, 'after')).toBe(0);
  });

  it('of a run whose id begins like that of another finds its own', async () => {
    const store = await withSnapshot();
    await store.create({ id: `${runId}/000000000061`, kind: 'run', label: null, createdAt: moment });
    const [first] = await store.records('snapshot', `${runId}/`);
    const otherId = `${runId}/000000000061/000000000001`;
    await put(store, 'snapshot', otherId, first?.value ?? '');
    expect(await beganAt(store)).toBe(61);
    const run = await loadFixed(store, { snapshots: { everyEvents: 1 } });
    await run.close();
    expect(await beganAt(store)).toBe(65);
    expect(await store.record('snapshot', otherId)).toBeDefined();
  });

  it('ignores all of them when it is told to', async () => {
    const store = await withSnapshot();
    const run = await loadFixed(replaced(store, { records: refuseSnapshots(store) }), { snapshots: false });
    expect((await run.head()).seq).toBe(65);
    await run.close();
  });

  it('without any of them knows the same', async () => {
    const store = await withSnapshot();
    const id = `${runId}/000000000061`;
    await put(store, 'snapshot', id, null);
    expect(await beganAt(store)).toBe(0);
    expect(warnings).toEqual([]);
  });
});

/** Each makes a snapshot useless; `isTold` says whether somebody should hear of it. */
const damages: readonly (readonly [
  what: string,
  isTold: boolean,
  damage: (store: LogStore) => Promise<void>,
])[] = [
  [
    'a changed part',
    true,
    (store) =>
      edit(store, 'snapshot-part', (text) => text.replace('"behavior_calls":20', '"behavior_calls":21')),
  ],
  ['a missing part', true, (store) => edit(store, 'snapshot-part', () => null)],
  [
    'an unknown version',
    false,
    (store) => edit(store, 'snapshot', (text) => text.replace('"version":1', '"version":2')),
  ],
  [
    'another chain hash',
    false,
    (store) => edit(store, 'snapshot', (text) => text.replace(/"hash":"[0-9a-f]{4}/, '"hash":"0123')),
  ],
  ['a head that is no JSON', false, (store) => edit(store, 'snapshot', () => '{')],
  ['a head that is something else', false, (store) => edit(store, 'snapshot', () => '[1]')],
  [
    'a head that was not finished',
    false,
    (store) => edit(store, 'snapshot', (text) => text.replace('"is_complete":true', '"is_complete":false')),
  ],
  ['parts that are no state', true, (store) => rewrite(store, '{"seq":61}')],
  ['parts that are no JSON', true, (store) => rewrite(store, '{"seq')],
  [
    'the state of another place',
    true,
    async (store) => {
      const [first] = await store.records('snapshot-part', '');
      await rewrite(store, first?.value.replace('"seq":61', '"seq":60') ?? '');
    },
  ],
];

async function put(store: LogStore, kind: string, id: string, value: string | null): Promise<void> {
  await store.commit([], [{ kind, id, expectedVersion: 'any', value }]);
}

async function edit(store: LogStore, kind: string, change: (text: string) => string | null): Promise<void> {
  const [first] = await store.records(kind, '');
  if (first === undefined) throw new Error(kind);
  const value = change(first.value);
  expect(value).not.toBe(first.value);
  await put(store, kind, first.id, value);
}

/** Another state under the right hash: what only a mistake of this product could write. */
async function rewrite(store: LogStore, state: string): Promise<void> {
  await edit(store, 'snapshot-part', () => state);
  await edit(store, 'snapshot', (text) =>
    text.replace(/"parts":\["[0-9a-f]+"/, `"parts":["${sha256(state)}"`),
  );
}

function refuseSnapshots(store: LogStore): LogStore['records'] {
  return async (kind, prefix) => {
    if (kind === 'snapshot') throw new Error('asked for snapshots');
    return store.records(kind, prefix);
  };
}

describe.each(damages)('a snapshot with %s', (_what, isTold, damage) => {
  it('is not used, and the next one takes its place', async () => {
    const store = await withSnapshot();
    await damage(store);
    expect(await beganAt(store)).toBe(0);
    expect(warnings).toHaveLength(isTold ? 1 : 0);
    if (isTold)
      expect(warnings[0]).toMatch(/snapshot of run 'run_x' at place 61 is damaged \(.+\) and is not used/);
    const run = await loadFixed(store, { behaviors: [noop], snapshots });
    await run.close();
    expect((await snapshotPlaces(store, runId)).at(-1)).toBe(65);
    expect(await beganAt(store)).toBe(65);
  });
});

test('a snapshot that cannot be written does not fail the run, and somebody hears of it', async () => {
  const store = memoryPlace().open();
  const isSnapshot = ({ kind }: RecordWrite): boolean => kind.startsWith('snapshot');
  const full = replaced(store, {
    commit: async (parts, records = []) => {
      if (records.some(isSnapshot)) throw new Error('the disk is full');
      return store.commit(parts, records);
    },
  });
  const run = await opened(full);
  await tickAll(run, 20);
  await tickAll(run, 1);
  await run.close();
  expect(warnings.length).toBeGreaterThan(0);
  expect(warnings[0]).toContain('the disk is full');
  const again = await loadFixed(store);
  expect((await again.head()).seq).toBe(65);
});

test('a graph of the past begins with the snapshot before it', async () => {
  const store = memoryPlace().open();
  const run = await openFixed({ snapshots }, store);
  for (let n = 0; n < 3; n += 1) await run.mutate((graph) => graph.addObject('o', { n }).id);
  await run.close();
  expect(await snapshotPlaces(store, runId)).toEqual([]);
  const again = await loadFixed(store, { snapshots: { everyEvents: 1 } });
  await again.close();
  expect(await snapshotPlaces(store, runId)).toEqual([3]);
  const last = await loadFixed(store, { snapshots: false });
  for (let n = 3; n < 6; n += 1) await last.mutate((graph) => graph.addObject('o', { n }).id);
  await last.close();
  for (const [seq, from] of [
    [3, 0],
    [4, 3],
    [6, 3],
  ] as const) {
    const after: number[] = [];
    const watched = replaced(store, {
      read: (logId, options = {}) => {
        if (options.types !== undefined) after.push(options.after ?? 0);
        return store.read(logId, options);
      },
    });
    const tables = await graphBefore(
      watched,
      { runId, forms: firstForms, snapshotReading: { sha256, warn } },
      seq,
    );
    expect([...tables.objects()].map(({ data }) => data['n'])).toEqual(
      Array.from({ length: seq - 1 }, (_, n) => n),
    );
    expect(after).toEqual([from]);
  }
});

test('what cannot be told in JSON is not written, and leaves nothing behind', async () => {
  const store = memoryPlace().open();
  await store.create({ id: runId, kind: 'run', label: null, createdAt: moment });
  const object = '{"object":{"id":"o#1","type":"o","data":{"x":-0},"version":1,"provenance":{}},"id":"o#1"}';
  const patch = '{"patch":{"id":"p","target":"o#1","op":"update","value":{}}}';
  const rows = [
    { id: 'evt_001', type: 'object.created', payload: object },
    { id: 'evt_002', type: 'patch.applied', payload: patch },
  ].map((row) => ({
    ...row,
    ...{ actor: null, causedBy: null, frameId: null, timestamp: moment, subject: null, runId: null },
    ...{ provider: null, correlationId: null, schemaVersion: null, metadata: null },
  }));
  await store.commit([{ logId: runId, expected: 0, epoch: null, events: rows }]);
  const run = await loadFixed(store, { snapshots: { everyEvents: 1 } });
  await run.close();
  expect([await store.records('snapshot', ''), await store.records('snapshot-part', '')]).toEqual([[], []]);
  expect(warnings).toEqual([]);
});

test('what a snapshot of this version holds has not changed: whoever changes it counts the version up', async () => {
  const store = memoryPlace().open();
  const failing = behavior({ name: 'failing', on: 'tick', run: () => Promise.reject(new Error('no')) });
  const run = await openFixed({ behaviors: [failing], snapshots: { everyEvents: 10 } }, store);
  await run.mutate((graph) => {
    const { id } = graph.addObject('o', { n: 1 });
    graph.addRelation(id, id, 'r');
    graph.patchObject(id, { n: 2 });
    graph.emit('tick');
  });
  await run.runUntilIdle();
  await run.emit('later');
  await run.close();
  const parts = await store.records('snapshot-part', '');
  const [head] = await store.records('snapshot', '');
  expect(head?.value).toContain('{"version":1,"seq":8,');
  expect(parts.map(({ value }) => value)).toMatchInlineSnapshot(`
    [
      "{"seq":8,"event_number":8,"frame_id":null,"counters":{"object":1,"relation":1,"patch":1,"approval":0},"usage":{"behavior_calls":1,"llm_calls":0,"tool_calls":0,"patches":1,"cost_usd":"0","goal_at_ms":null,"has_goal":false},"last_stop":{"type":"runtime.idle","seq":7,"exhaustedBy":null},"queue":{"taken":5,"current":null,"waiting":[8]},"schedule":[],"approvals":[],"failures":[[6,"failing","evt_004",null,"Error","no","evt_006"]],"failure_chains":[],"packs":[],"setting_overrides":[],"recording_seq":0,"promotions":[]}",
      "{"section":"objects","count":1}
    {"ids":["o#1"],"ends":[61]}
    ["o",{"n":2},2,["system",null,null,"2026-05-15T10:32:01Z",0]]",
      "{"section":"relations","count":1}
    {"ids":["rel_001"],"ends":[66]}
    ["o#1","o#1","r",{},["system",null,null,"2026-05-15T10:32:01Z",0]]",
      "{"section":"patches","count":1}
    {"ids":["patch_001"],"ends":[80]}
    ["o#1",0,{"n":2},1,"system","",[],1,null,[0,null,null,"2026-05-15T10:32:01Z",0]]",
      "{"section":"objectsByType","count":1}
    {"keys":["o"],"counts":[1],"ids":["o#1"]}
    ",
      "{"section":"relationsByType","count":1}
    {"keys":["r"],"counts":[1],"ids":["rel_001"]}
    ",
      "{"section":"relationsByObject","count":1}
    {"keys":["o#1"],"counts":[1],"ids":["rel_001"]}
    ",
    ]
  `);
});
