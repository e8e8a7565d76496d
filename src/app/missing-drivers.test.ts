import { afterEach, beforeEach, expect, test } from 'vitest';
import { IncompatibleRuntimeState } from '../base/index.ts';
import type { LogStore } from '../log/index.ts';
import { pack } from '../packs/index.ts';
import { behavior } from '../runtime/index.ts';
import { load, open } from './open.ts';
import { openStore } from './open-store.ts';

const first = behavior({
  name: 'first',
  on: 'goal.created',
  run: ({ graph }) => void graph.addObject('a', {}),
});
const second = behavior({ name: 'second', on: 'object.created', run: ({ graph }) => graph.emit('seen') });

let store: LogStore;

beforeEach(async () => {
  store = await openStore('memory:');
  const run = await open(store, { runId: 'run', behaviors: [first, second] });
  await run.emit('goal.created', { goal: 'g' });
  await run.close();
});

afterEach(() => store.close());

test('a run with work left is not driven without the behaviors that it was driven by', async () => {
  const run = await load(store, { runId: 'run' });
  const before = await run.head();
  await expect(run.runUntilIdle()).rejects.toBeInstanceOf(IncompatibleRuntimeState);
  await expect(run.runGoal('another')).rejects.toBeInstanceOf(IncompatibleRuntimeState);
  expect(await run.head()).toEqual(before);
  await run.close();
});

test('a run with work left is not driven by half of its behaviors', async () => {
  const run = await load(store, { runId: 'run', behaviors: [first] });
  await expect(run.runUntilIdle()).rejects.toThrow("behavior 'second'");
  await run.close();
});

test('after a refusal the right behaviors find everything that was left', async () => {
  const refused = await load(store, { runId: 'run' });
  await expect(refused.runUntilIdle()).rejects.toBeInstanceOf(IncompatibleRuntimeState);
  await refused.close();
  const run = await load(store, { runId: 'run', behaviors: [first, second] });
  expect(await run.runUntilIdle()).toMatchObject({ state: 'idle' });
  expect(run.graph.objects('a')).toHaveLength(1);
  await run.close();
});

test('whoever asks for it goes on without what is missing', async () => {
  const run = await load(store, { runId: 'run', withoutMissing: true });
  expect(await run.runUntilIdle()).toMatchObject({ state: 'idle' });
  await run.close();
});

test('an idle run may lose a behavior', async () => {
  const whole = await load(store, { runId: 'run', behaviors: [first, second] });
  await whole.runUntilIdle();
  await whole.close();
  const run = await load(store, { runId: 'run', behaviors: [first] });
  expect(await run.runGoal('another')).toMatchObject({ state: 'idle' });
  await run.close();
});

test('a run is not driven without a pack that its log names', async () => {
  const run = await open(store, {
    runId: 'packed',
    packs: [pack({ name: 'small', version: '1', behaviors: [first] })],
  });
  await run.emit('goal.created', { goal: 'g' });
  await run.close();
  const bare = await load(store, { runId: 'packed', behaviors: [second] });
  await expect(bare.runUntilIdle()).rejects.toThrow("pack 'small'");
  await bare.close();
});
