/** Proves that nobody outside sees what is not durable, and that a runtime whose store fails ends there. */
import { type LogEvent, RunOwnedError, RuntimeClosedError } from 'runlog';
import { expect, test } from 'vitest';
import { eventsOf, loadFixed, openFixed } from '../../../test/harness/fixed-run.ts';
import { graphJson, replayed } from '../../../test/harness/graph-json.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';
import { BreakdownError, overlaid, slowStore, stoppingStore } from '../../../test/harness/stopping-store.ts';
import { UnknownCommitError } from '../../log/index.ts';
import { behavior } from '../behavior.ts';

/** Grows by three objects an event, over several commits. */
const grower = behavior({
  name: 'grower',
  on: ['goal.created', 'object.created'],
  run: async ({ graph }) => {
    const size = graph.objects('t').length;
    if (size > 60) return;
    for (let n = 0; n < 3; n += 1) graph.addObject('t', { size });
    await new Promise((resolve) => setTimeout(resolve, 1));
  },
});

test('the graph is that of the events that listeners were told of, at every moment', async () => {
  const run = await openFixed({ behaviors: [grower] }, slowStore(memoryPlace().open()));
  const told: LogEvent[] = [];
  let checks = 0;
  run.onEvents((events) => {
    told.push(...events);
    expect(graphJson(run.graph)).toEqual(graphJson(replayed(told)));
    checks += 1;
  });
  await run.runGoal('g');
  expect(checks).toBeGreaterThan(10);
  expect(told.map(({ id }) => id)).toEqual((await eventsOf(run)).map(({ id }) => id));
});

test('a store that fails leaves a graph that is not ahead of the log, whichever commit it is', async () => {
  for (let stopAt = 1; stopAt <= 12; stopAt += 1) {
    const place = memoryPlace();
    const { store } = stoppingStore(place.open(), stopAt, 'before');
    const run = await openFixed({ behaviors: [grower] }, store);
    await expect(run.runGoal('g')).rejects.toBeInstanceOf(RuntimeClosedError);
    const stored: LogEvent[] = [];
    await run.close();
    const loaded = await loadFixed(place.open(), { behaviors: [grower] });
    stored.push(...(await eventsOf(loaded)));
    expect(graphJson(run.graph), `stopped at commit ${stopAt}`).toEqual(graphJson(replayed(stored)));
  }
});

test('every call after a failed commit is refused with the cause, and nothing more is written', async () => {
  const inner = memoryPlace().open();
  let commits = 0;
  const store = overlaid(inner, {
    commit: async (parts, records) => {
      commits += 1;
      if (commits === 3) throw new BreakdownError('the disk is full');
      return inner.commit(parts, records);
    },
  });
  const run = await openFixed({ behaviors: [grower] }, store);
  const failed = run.runGoal('g');
  await expect(failed).rejects.toBeInstanceOf(RuntimeClosedError);
  await expect(failed).rejects.toMatchObject({ cause: { message: 'the disk is full' } });
  const calls: readonly (() => Promise<unknown>)[] = [
    () => run.emit('x'),
    () => run.mutate((graph) => graph.addObject('t', {})),
    () => run.runUntilIdle(),
    () => run.runUntil(() => true),
    () => run.status(),
    () => run.head(),
    () => run.approvals(),
    () => run.approve('1', { by: 'jane' }),
    () => run.deny('1', { by: 'jane' }),
    () => run.fork({ atEvent: 'evt_001' }),
    () => run.event('evt_001'),
    () => eventsOf(run),
  ];
  for (const call of calls) await expect(call()).rejects.toBeInstanceOf(RuntimeClosedError);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(commits).toBe(3);
});

test('a run whose store failed once is loaded again on the same handle', async () => {
  const inner = memoryPlace().open();
  let isBroken = true;
  const store = overlaid(inner, {
    commit: async (parts, records) => {
      if (isBroken) throw new BreakdownError('for a moment');
      return inner.commit(parts, records);
    },
  });
  const run = await openFixed({}, store);
  await expect(run.emit('x')).rejects.toBeInstanceOf(RuntimeClosedError);
  isBroken = false;
  await run.close();
  const loaded = await loadFixed(store);
  expect(await loaded.emit('x')).toMatchObject({ id: 'evt_001' });
});

test('a store that does not know whether it committed is asked once more', async () => {
  const inner = memoryPlace().open();
  let commits = 0;
  const store = overlaid(inner, {
    commit: async (parts, records) => {
      commits += 1;
      const heads = await inner.commit(parts, records);
      if (commits !== 1) return heads;
      throw new UnknownCommitError({ summary: 's', whatFailed: 'w', why: 'w', howToFix: 'h' });
    },
  });
  const run = await openFixed({}, store);
  expect(await run.emit('x')).toMatchObject({ id: 'evt_001' });
  expect(await run.emit('y')).toMatchObject({ id: 'evt_002' });
  expect(commits).toBe(3);
});

test('a run has one writer: the second is refused, and the first goes on', async () => {
  const place = memoryPlace();
  const run = await openFixed({}, place.open());
  await run.emit('x');
  const { hash } = await run.head();
  await expect(loadFixed(place.open())).rejects.toBeInstanceOf(RunOwnedError);
  expect((await run.head()).hash).toBe(hash);
  expect(await run.emit('y')).toMatchObject({ id: 'evt_002' });
});

test('the second of two runtimes on one handle is refused as well', async () => {
  const store = memoryPlace().open();
  const run = await openFixed({}, store);
  await expect(loadFixed(store)).rejects.toBeInstanceOf(RunOwnedError);
  await run.close();
  await (await loadFixed(store)).close();
});

test('a writer that slept through a takeover closes itself and has written nothing', async () => {
  const place = memoryPlace();
  const sleeper = await openFixed({}, place.open());
  await sleeper.emit('x');
  place.lapse();
  const successor = await loadFixed(place.open());
  await successor.emit('y');
  const late = sleeper.mutate((graph) => graph.addObject('late', {}));
  await expect(late).rejects.toBeInstanceOf(RuntimeClosedError);
  await expect(late).rejects.toMatchObject({ cause: { name: 'FencedError' } });
  expect(sleeper.graph.objects()).toEqual([]);
  await sleeper.close();
  expect((await eventsOf(successor)).map(({ type }) => type)).toEqual(['x', 'y']);
});

test('failures are listed when they are durable', async () => {
  const breaker = behavior({
    name: 'breaker',
    on: 'goal.created',
    run: () => {
      throw new Error('no');
    },
  });
  const inner = memoryPlace().open();
  const listedMeanwhile: number[] = [];
  const store = overlaid(inner, {
    commit: async (parts, records) => {
      const holdsFailure = parts.some(({ events }) => events.some(({ type }) => type === 'behavior.failed'));
      if (holdsFailure) listedMeanwhile.push(run.errors.length);
      return inner.commit(parts, records);
    },
  });
  const run = await openFixed({ behaviors: [breaker] }, store);
  await run.runGoal('g');
  expect(listedMeanwhile).toEqual([0]);
  expect(run.errors).toHaveLength(1);
});
