/** Scenario 9: a behavior that waits for further events. */
import { behavior, InvalidActivateAfter, type LogEvent, relationBehavior, type Runtime } from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { eventsOf, loadFixed, openFixed, theEvent, typesOf } from '../harness/fixed-run.ts';
import { memoryPlace } from '../harness/memory-store.ts';

const later = behavior({
  name: 'later',
  on: 'start',
  activateAfter: 2,
  run: ({ graph }) => graph.emit('done'),
});

async function emitAll(run: Runtime, types: readonly string[]): Promise<void> {
  await run.mutate((graph) => {
    for (const type of types) graph.emit(type);
  });
}

test('it fires when as many further events have been processed', async () => {
  const run = await openFixed({ behaviors: [later] });
  await emitAll(run, ['start', 'n1', 'n2', 'n3']);
  await run.runUntilIdle();
  expect(await typesOf(run)).toEqual([
    'start',
    'n1',
    'n2',
    'n3',
    'behavior.scheduled',
    'behavior.started',
    'done',
    'behavior.completed',
    'runtime.idle',
  ]);
  expect((await theEvent(run, 'behavior.scheduled')).payload).toEqual({
    behavior: 'later',
    event_id: 'evt_001',
    activate_after: 2,
    fire_at_tick: 3,
    current_tick: 1,
  });
  expect(await theEvent(run, 'behavior.started')).toMatchObject({
    id: 'evt_006',
    payload: { behavior: 'later', event_id: 'evt_001' },
  });
});

test('with too few events the run goes idle', async () => {
  const run = await openFixed({ behaviors: [later] });
  await emitAll(run, ['start']);
  const status = await run.runUntilIdle();
  expect(await typesOf(run)).toEqual(['start', 'behavior.scheduled', 'runtime.idle']);
  expect(status).toMatchObject({ state: 'idle', queueDepth: 0, scheduled: 1 });
});

test('what waits survives a reload and fires when the events come', async () => {
  const store = memoryPlace().open();
  const run = await openFixed({ behaviors: [later] }, store);
  await emitAll(run, ['start']);
  await run.runUntilIdle();
  await run.close();
  const loaded = await loadFixed(store, { behaviors: [later] });
  await emitAll(loaded, ['n1']);
  expect((await loaded.runUntilIdle()).scheduled).toBe(1);
  await emitAll(loaded, ['n2']);
  expect((await loaded.runUntilIdle()).scheduled).toBe(0);
  expect((await typesOf(loaded)).slice(3)).toEqual([
    'n1',
    'runtime.idle',
    'n2',
    'behavior.started',
    'done',
    'behavior.completed',
    'runtime.idle',
  ]);
});

test('a relation behavior can wait, too', async () => {
  const edges = relationBehavior({
    name: 'edges',
    relationType: 'knows',
    on: 'ping',
    activateAfter: 1,
    run: ({ relation, graph }) => graph.patchObject(relation.target, { seen: true }),
  });
  const run = await openFixed({ behaviors: [edges] });
  await run.mutate((graph) => {
    const [a, b, c] = ['a', 'b', 'c'].map((type) => graph.addObject(type, {}).id);
    graph.addRelation(a ?? '', b ?? '', 'knows');
    graph.addRelation(a ?? '', c ?? '', 'knows');
    graph.emit('ping', { of: a });
    graph.emit('next');
  });
  await run.runUntilIdle();
  expect(
    run.graph
      .objects()
      .filter(({ data }) => data['seen'] === true)
      .map(({ id }) => id),
  ).toEqual(['b#2', 'c#3']);
});

test('an edge that is gone when its time comes is left out', async () => {
  const edges = relationBehavior({
    name: 'edges',
    relationType: 'knows',
    on: 'ping',
    activateAfter: 1,
    run: () => {},
  });
  const run = await openFixed({ behaviors: [edges] });
  await run.mutate((graph) => {
    const a = graph.addObject('a', {}).id;
    graph.addRelation(a, a, 'knows');
    graph.emit('ping', { of: a });
  });
  await run.runUntilIdle();
  await run.mutate((graph) => {
    graph.removeRelation('rel_001');
    graph.emit('next');
  });
  expect(await run.runUntilIdle()).toMatchObject({ scheduled: 0, failures: 0 });
  expect(await typesOf(run)).not.toContain('relation_behavior.started');
});

test('two delays fire in the order in which they fall due', async () => {
  const order: string[] = [];
  const waiting = (name: string, activateAfter: number) =>
    behavior({ name, on: 'start', activateAfter, run: () => void order.push(name) });
  const run = await openFixed({
    behaviors: [waiting('slow', 3), waiting('quick', 1), waiting('also slow', 3)],
  });
  await emitAll(run, ['start', 'n', 'n', 'n']);
  await run.runUntilIdle();
  expect(order).toEqual(['quick', 'slow', 'also slow']);
});

test('a thousand waiting entries do not slow down the events that pass', async () => {
  const far = behavior({ name: 'far', on: 'start', activateAfter: 1_000_000, run: () => {} });
  const run = await openFixed({ behaviors: [far] });
  await emitAll(
    run,
    Array.from({ length: 5000 }, () => 'start'),
  );
  expect((await run.runUntilIdle()).scheduled).toBe(5000);
  const begun = process.cpuUsage();
  await emitAll(
    run,
    Array.from({ length: 5000 }, () => 'other'),
  );
  await run.runUntilIdle();
  // Of this process, in microseconds: others may keep the machine busy meanwhile.
  expect(process.cpuUsage(begun).user).toBeLessThan(1_000_000);
});

describe('activateAfter', () => {
  const refused: readonly unknown[] = [
    0,
    -1,
    1.5,
    Number.NaN,
    true,
    null,
    '',
    'soon',
    '0',
    '2 seconds',
    '5 ms',
    '1 day',
  ];
  it.each(refused)('refuses %j', (spec) => {
    const declaring = () => behavior({ name: 'b', activateAfter: spec as number, run: () => {} });
    expect(declaring).toThrow(InvalidActivateAfter);
  });

  const taken: readonly (readonly [number | string, number])[] = [
    [1, 1],
    ['3', 3],
    ['1 event', 1],
    ['4 EVENTS', 4],
  ];
  it.each(taken)('takes %j as %d', (spec, count) => {
    expect(behavior({ name: 'b', activateAfter: spec, run: () => {} }).activateAfter).toBe(count);
  });
});

test('a waiting behavior gets the event that it was put off for', async () => {
  const got: LogEvent['id'][] = [];
  const keeper = behavior({
    name: 'keeper',
    on: 'start',
    activateAfter: 1,
    run: ({ event }) => void got.push(event.id),
  });
  const run = await openFixed({ behaviors: [keeper] });
  await emitAll(run, ['start', 'other']);
  await run.runUntilIdle();
  expect(got).toEqual(['evt_001']);
  expect((await eventsOf(run)).at(-1)?.type).toBe('runtime.idle');
});
