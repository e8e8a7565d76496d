/** Scenario 8: a budget that stops a run, and the run that goes on from there. */
import { behavior } from 'runlog';
import { expect, test } from 'vitest';
import { eventsOf, loadFixed, openFixed, theEvent } from '../harness/fixed-run.ts';
import { memoryPlace } from '../harness/memory-store.ts';

const chain = behavior({
  name: 'chain',
  on: ['goal.created', 'tick'],
  run: ({ event, graph }) => {
    const n = 'n' in event.payload ? Number(event.payload['n']) : 0;
    if (n < 5) graph.emit('tick', { n: n + 1 });
  },
});

const options = { behaviors: [chain] };

test('the run stops at the third event and says why', async () => {
  const run = await openFixed({ ...options, budget: { maxEvents: 3 } });
  const status = await run.runGoal('g');
  expect((await eventsOf(run)).at(-1)?.type).toBe('runtime.budget_exhausted');
  expect((await theEvent(run, 'runtime.budget_exhausted')).payload).toMatchObject({
    exhausted_by: 'max_events',
    snapshot: { used: { max_events: 3, max_behavior_calls: 2 }, limits: { max_events: 3 } },
  });
  expect(status).toMatchObject({ state: 'exhausted', queueDepth: 1 });
});

test('the event that came too late waits, in the live run and in a loaded one', async () => {
  const store = memoryPlace().open();
  const run = await openFixed({ ...options, budget: { maxEvents: 3 } }, store);
  const live = await run.runGoal('g');
  await run.close();
  const loaded = await (await loadFixed(store, options)).status();
  expect([live.queueDepth, loaded.queueDepth]).toEqual([1, 1]);
  expect(loaded.budget).toMatchObject({ used: { max_events: 3, max_behavior_calls: 2 } });
});

test('without the limit the loaded run goes on to its end', async () => {
  const store = memoryPlace().open();
  const run = await openFixed({ ...options, budget: { maxEvents: 3 } }, store);
  await run.runGoal('g');
  await run.close();
  const resumed = await loadFixed(store, options);
  const status = await resumed.runUntilIdle();
  const events = await eventsOf(resumed);
  expect(events.filter(({ type }) => type === 'tick').map(({ payload }) => payload['n'])).toEqual([
    1, 2, 3, 4, 5,
  ]);
  expect(events.at(-1)).toMatchObject({ id: 'evt_020', type: 'runtime.idle' });
  expect(status).toMatchObject({ state: 'idle', queueDepth: 0 });
});

test('running again under the same limit writes nothing', async () => {
  const store = memoryPlace().open();
  const run = await openFixed({ ...options, budget: { maxEvents: 3 } }, store);
  await run.runGoal('g');
  const { hash } = await run.head();
  await run.runUntilIdle();
  await run.close();
  const loaded = await loadFixed(store, { ...options, budget: { maxEvents: 3 } });
  await loaded.runUntilIdle();
  expect((await loaded.head()).hash).toBe(hash);
});
