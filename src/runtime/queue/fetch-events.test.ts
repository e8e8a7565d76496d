/** Proves that a loaded run works off events of which it knows the places only, in their order, and says when one is missing. */
import { behavior } from 'runlog';
import { expect, test } from 'vitest';
import { loadFixed, openFixed, runId } from '../../../test/harness/fixed-run.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';
import { alsoDriven } from '../../../test/harness/verified-runs.ts';
import { replaced } from '../../../test/harness/snapshot-stores.ts';
import type { GraphWriter } from '../../graph/index.ts';
import { firstForms, type LogStore } from '../../log/index.ts';
import { fetchEvent } from './fetch-events.ts';

const adder = behavior({
  name: 'adder',
  on: 'tick',
  run: ({ event, graph }) => void graph.addObject('seen', { n: event.payload['n'] ?? null }),
});
const late = behavior({
  name: 'late',
  on: 'tick',
  where: { n: 7 },
  activateAfter: 700,
  run: ({ event, graph }) => graph.emit('late', { of: event.id }),
});
const behaviors = [adder, late];

function ticks(graph: GraphWriter, count: number): void {
  for (let n = 0; n < count; n += 1) graph.emit('tick', { n });
}

test('thousands of events that waited are worked off as if the run had never been closed', async () => {
  const heads: string[] = [];
  for (const isClosed of [false, true]) {
    const store = memoryPlace().open();
    let run = await openFixed({ behaviors }, store);
    await run.mutate((graph) => ticks(graph, 1500));
    for (const stopAt of [100, 1300]) {
      if (isClosed) {
        await run.close();
        run = await loadFixed(store, { behaviors });
      }
      await run.runUntil((graph) => graph.object(`seen#${stopAt}`) !== undefined);
    }
    if (isClosed) {
      await run.close();
      run = await loadFixed(store, { behaviors });
    }
    expect((await run.runUntilIdle()).state).toBe('idle');
    expect(run.graph.objects('seen').map(({ data }) => data['n'])).toEqual([...Array(1500).keys()]);
    heads.push((await run.head()).hash);
    await run.close();
  }
  expect(heads[1]).toBe(heads[0]);
});

test('a loaded run reads waiting events a few hundred at a time', async () => {
  const store = memoryPlace().open();
  const first = await openFixed({}, store);
  await first.mutate((graph) => ticks(graph, 2000));
  await first.close();
  let reads = 0;
  const watched: LogStore = replaced(store, {
    read: (logId, options = {}) => {
      reads += options.limit === undefined ? 0 : 1;
      return store.read(logId, options);
    },
  });
  const run = await loadFixed(watched, { behaviors: [adder], snapshots: false });
  alsoDriven(store, runId, { behaviors: [adder] });
  await run.runUntilIdle();
  expect(reads).toBeGreaterThan(1);
  expect(reads).toBeLessThan(20);
});

test('a place that is empty is damage', async () => {
  const store = memoryPlace().open();
  await openFixed({}, store);
  await expect(fetchEvent(store, { runId, forms: firstForms }, 5)).rejects.toMatchObject({
    code: 'damaged-history-error',
  });
});
