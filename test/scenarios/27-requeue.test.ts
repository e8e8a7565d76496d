/** Scenario 27: which events wait in a loaded run. */
import { behavior } from 'runlog';
import { expect, test } from 'vitest';
import { eventsOf, loadFixed, openFixed, typesOf } from '../harness/fixed-run.ts';
import { memoryPlace } from '../harness/memory-store.ts';
import { objectPayload, writeLog } from '../harness/raw-log.ts';

const seen = behavior({
  name: 'seen',
  on: ['one', 'two', 'three'],
  run: ({ event, graph }) => graph.emit(`after ${event.type}`),
});

test('a run that was worked off has nothing queued', async () => {
  const store = memoryPlace().open();
  const run = await openFixed({ behaviors: [seen] }, store);
  await run.emit('one');
  await run.runUntilIdle();
  await run.close();
  expect(await (await loadFixed(store, { behaviors: [seen] })).status()).toMatchObject({
    state: 'idle',
    queueDepth: 0,
  });
});

test('events after the last idle are queued in their order', async () => {
  const store = memoryPlace().open();
  const run = await openFixed({ behaviors: [seen] }, store);
  await run.emit('one');
  await run.runUntilIdle();
  await run.emit('two');
  await run.emit('three');
  await run.close();
  const loaded = await loadFixed(store, { behaviors: [seen] });
  expect(await loaded.status()).toMatchObject({ state: 'stopped', queueDepth: 2 });
  await loaded.runUntilIdle();
  expect((await typesOf(loaded)).filter((type) => type.startsWith('after'))).toEqual([
    'after one',
    'after two',
    'after three',
  ]);
});

test('a run that stops early writes no idle event', async () => {
  const store = memoryPlace().open();
  const grower = behavior({
    name: 'grower',
    on: 'goal.created',
    run: ({ graph }) => void graph.addObject('t', {}),
  });
  const run = await openFixed({ behaviors: [grower, seen] }, store);
  await run.emit('goal.created', { goal: 'g' });
  await run.emit('one');
  const stopped = await run.runUntil((graph) => graph.objects('t').length > 0);
  expect(stopped).toMatchObject({ state: 'stopped', queueDepth: 2 });
  expect(await typesOf(run)).not.toContain('runtime.idle');
  await run.close();
  const loaded = await loadFixed(store, { behaviors: [grower, seen] });
  await loaded.runUntilIdle();
  expect(await typesOf(loaded)).toContain('after one');
});

test('runUntil ends idle when its condition never comes true', async () => {
  const run = await openFixed({ behaviors: [seen] });
  await run.emit('one');
  expect(await run.runUntil(() => false)).toMatchObject({ state: 'idle' });
  expect((await typesOf(run)).at(-1)).toBe('runtime.idle');
});

test('runUntil does nothing when its condition holds already', async () => {
  const run = await openFixed({ behaviors: [seen] });
  await run.emit('one');
  expect(await run.runUntil(() => true)).toMatchObject({ state: 'stopped', queueDepth: 1 });
  expect(await typesOf(run)).toEqual(['one']);
});

test('a log of another writer is taken up where it stopped', async () => {
  const store = memoryPlace().open();
  const lifecycle = { behavior: 'seen', event_id: 'evt_001' };
  await writeLog(store, 'old', [
    { type: 'one', payload: {} },
    { type: 'behavior.started', payload: lifecycle, actor: 'seen', causedBy: 'evt_001' },
    { type: 'object.created', payload: objectPayload('t#1', 't'), actor: 'seen', causedBy: 'evt_001' },
    { type: 'behavior.completed', payload: lifecycle, actor: 'seen', causedBy: 'evt_001' },
    { type: 'two', payload: {} },
  ]);
  const loaded = await loadFixed(store, { runId: 'old', behaviors: [seen] });
  await loaded.runUntilIdle();
  const started = (await eventsOf(loaded)).filter(({ type }) => type === 'behavior.started');
  expect(started.map(({ payload }) => payload['event_id'])).toEqual(['evt_001', 'evt_005']);
});

test('the ids of a log that skipped some are counted on from the highest', async () => {
  const store = memoryPlace().open();
  await writeLog(store, 'old', [
    { type: 'one', payload: {}, id: 'evt_002' },
    { type: 'object.created', payload: objectPayload('t#7', 't'), id: 'evt_003' },
  ]);
  const loaded = await loadFixed(store, { runId: 'old', behaviors: [seen] });
  await loaded.runUntilIdle();
  expect((await loaded.mutate((graph) => graph.addObject('t', {}))).id).toBe('t#8');
  const ids = (await eventsOf(loaded)).map(({ id }) => id);
  expect(ids.slice(0, 4)).toEqual(['evt_002', 'evt_003', 'evt_004', 'evt_005']);
  expect(new Set(ids).size).toBe(ids.length);
});
