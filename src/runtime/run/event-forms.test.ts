/** Proves that a run reads its past in the form that its program knows, leaves what is stored alone, and keeps newer forms from behaviors. */
import { behavior, type LogEvent, type LogStore, UpcastError, InvalidUpcastError, upcast } from 'runlog';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventsOf, loadFixed, openFixed, openUnrepeatable } from '../../../test/harness/fixed-run.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';

const toTwo = upcast('order.placed', 1, 2, ({ qty = null }) => ({ quantity: qty }));

function reader(seen: unknown[]) {
  return behavior({
    name: 'reader',
    on: 'order.placed',
    run: ({ event, graph }) => {
      seen.push(event.payload);
      graph.addObject('order', { quantity: event.payload['quantity'] ?? null });
    },
  });
}

async function storedOf(store: LogStore): Promise<readonly (readonly [string, number | null])[]> {
  const found: (readonly [string, number | null])[] = [];
  for await (const page of store.read('run_x'))
    for (const { payload, schemaVersion, type } of page)
      if (type === 'order.placed') found.push([payload, schemaVersion]);
  return found;
}

/** A run with an order of version 1 that nobody has worked on. */
async function oldRun(): Promise<LogStore> {
  const store = memoryPlace().open();
  const run = await openFixed({}, store);
  await run.emit('order.placed', { qty: 3 });
  await run.close();
  return store;
}

/** A run that has gone on with a program that writes orders of version 2. */
async function newRun(): Promise<LogStore> {
  const store = memoryPlace().open();
  const run = await openFixed({ upcasts: [toTwo] }, store);
  await run.emit('order.placed', { quantity: 4 });
  await run.close();
  return store;
}

test('an older event reaches behaviors, events() and event() in the present form, and is stored as it was', async () => {
  const store = await oldRun();
  const before = await store.head('run_x');
  const seen: unknown[] = [];
  const run = await loadFixed(store, { behaviors: [reader(seen)], upcasts: [toTwo] });
  const [first] = await eventsOf(run);
  expect([first?.payload, first?.schemaVersion]).toEqual([{ quantity: 3 }, 2]);
  expect((await run.event('evt_001')).payload).toEqual({ quantity: 3 });
  expect(await run.head()).toEqual({ seq: before.seq, hash: before.hash });
  await run.runUntilIdle();
  expect(seen).toEqual([{ quantity: 3 }]);
  expect(await storedOf(store)).toEqual([['{"qty":3}', null]]);
});

test('an event of a type with upcasts is written in its present version', async () => {
  const store = await newRun();
  const run = await loadFixed(store, { upcasts: [toTwo] });
  await run.mutate((graph) => graph.emit('order.placed', { quantity: 5 }));
  await run.emit('order.cancelled', {});
  expect(await storedOf(store)).toEqual([
    ['{"quantity":4}', 2],
    ['{"quantity":5}', 2],
  ]);
  expect((await eventsOf(run)).map(({ schemaVersion }) => schemaVersion ?? 1)).toEqual([2, 2, 1]);
});

test('an event of a newer version is data, and a behavior that waits for it fails with the versions', async () => {
  const store = await newRun();
  const seen: unknown[] = [];
  const other = behavior({
    name: 'other',
    on: 'goal.created',
    run: ({ graph }) => graph.addObject('note', {}).id,
  });
  const run = await loadFixed(store, { behaviors: [reader(seen), other] });
  const status = await run.runGoal('go on');
  expect(seen).toEqual([]);
  expect((await eventsOf(run))[0]?.payload).toEqual({ quantity: 4 });
  expect(run.errors.map(({ behavior: name, reason }) => [name, reason])).toEqual([
    ['reader', 'schema.newer_version'],
  ]);
  const failed = (await eventsOf(run)).find(({ type }) => type === 'behavior.failed');
  expect(failed?.payload).toMatchObject({ event_type: 'order.placed', schema_version: 2, known_version: 1 });
  expect(failed?.payload['message']).toContain('declare the upcasts up to 2');
  expect([status.state, run.graph.objects('note').length]).toEqual(['idle', 1]);
});

test('an invocation that was put off on a newer event fails the same way', async () => {
  const store = memoryPlace().open();
  const seen: unknown[] = [];
  const later = behavior({
    name: 'later',
    on: 'order.placed',
    activateAfter: 1,
    run: ({ event }) => void seen.push(event.payload),
  });
  // No one program knows the form when the delay begins and does not when it ends.
  const first = await openUnrepeatable({ behaviors: [later], upcasts: [toTwo] }, store);
  await first.emit('order.placed', { quantity: 4 });
  await first.runUntilIdle();
  await first.close();
  const run = await loadFixed(store, { behaviors: [later] });
  await run.emit('note', {});
  await run.runUntilIdle();
  expect([seen, run.errors.map(({ reason }) => reason)]).toEqual([[], ['schema.newer_version']]);
});

test('an upcast that throws fails the load with event and step, and leaves the run as it was', async () => {
  const store = await oldRun();
  const before = await store.head('run_x');
  const broken = upcast('order.placed', 1, 2, () => {
    throw new Error('no qty');
  });
  const loading = loadFixed(store, { upcasts: [broken] });
  await expect(loading).rejects.toBeInstanceOf(UpcastError);
  await expect(loading).rejects.toMatchObject({ context: { event_id: 'evt_001', from: 1, to: 2 } });
  expect(await store.head('run_x')).toEqual(before);
  const again: LogEvent[] = await eventsOf(await loadFixed(store));
  expect(again).toHaveLength(1);
});

test('wrong upcasts are refused before a run is made', async () => {
  const store = memoryPlace().open();
  const opening = openFixed({ upcasts: [toTwo, toTwo] }, store);
  await expect(opening).rejects.toBeInstanceOf(InvalidUpcastError);
  expect(await store.info('run_x')).toBeUndefined();
});

test('the graph is projected from the present form', async () => {
  const store = memoryPlace().open();
  const maker = await openFixed({}, store);
  await maker.mutate((graph) => graph.addObject('order', { qty: 3 }));
  await maker.close();
  const renamed = upcast('object.created', 1, 2, ({ object, ...rest }) => {
    const { data, ...others } = z.looseObject({ data: z.object({ qty: z.number() }) }).parse(object);
    return { ...rest, object: { ...others, data: { quantity: data.qty } } };
  });
  const run = await loadFixed(store, { upcasts: [renamed] });
  expect(run.graph.object('order#1')?.data).toEqual({ quantity: 3 });
});
