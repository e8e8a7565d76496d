/** Scenario 28: where a fork comes from is kept, for forks of forks and across a reload; its parent never changes. */
import { EventNotFoundError, type Runtime } from 'runlog';
import type { LogStore } from 'runlog/log';
import { expect, test } from 'vitest';
import { eventsOf, loadFixed, openFixed } from '../harness/fixed-run.ts';
import { graphJson } from '../harness/graph-json.ts';
import { memoryPlace } from '../harness/memory-store.ts';

async function withForks(): Promise<{ store: LogStore; run: Runtime; fork: Runtime; grandchild: Runtime }> {
  const store = memoryPlace().open();
  const run = await openFixed({ runId: 'run' }, store);
  await run.mutate((graph) => {
    graph.addObject('t', { x: 1 });
    graph.addObject('t', { x: 2 });
  });
  const fork = await run.fork({ atEvent: 'evt_001', runId: 'fork', label: 'branch-A' });
  await fork.mutate((graph) => graph.addObject('t', { x: 3 }));
  const grandchild = await fork.fork({ atEvent: 'evt_002', runId: 'grandchild' });
  return { store, run, fork, grandchild };
}

test('a fork has its parent, its place and its label, also after a reload', async () => {
  const { store, fork, grandchild } = await withForks();
  await fork.close();
  await grandchild.close();
  const again = await loadFixed(store, { runId: 'fork' });
  await again.emit('tick', {});
  await again.close();
  expect(await store.info('fork')).toMatchObject({ parent: { logId: 'run', atSeq: 1 }, label: 'branch-A' });
  expect(await store.info('grandchild')).toMatchObject({ parent: { logId: 'fork', atSeq: 2 }, label: null });
});

test('its lineage says what it shares', async () => {
  const { run, fork, grandchild } = await withForks();
  await grandchild.mutate((graph) => graph.patchObject('t#2', { x: 4 }));
  const diff = await run.diff(grandchild);
  expect(diff).toMatchObject({
    kinship: 'right-is-fork',
    forkPoint: { id: 'evt_001' },
    right: { runId: 'grandchild', parent: { runId: 'fork', atSeq: 2 } },
  });
  expect((await fork.diff(grandchild)).left).toMatchObject({
    label: 'branch-A',
    parent: { runId: 'run', atSeq: 1 },
  });
});

test('its parent is as it was, and two forks give the same next id', async () => {
  const { run, fork } = await withForks();
  const before = [await eventsOf(run), graphJson(run.graph), await run.head()];
  const twin = await run.fork({ atEvent: 'evt_001', runId: 'twin' });
  expect(await twin.mutate((graph) => graph.addObject('t', {}).id)).toBe('t#2');
  expect(fork.graph.objects().map(({ id }) => id)).toEqual(['t#1', 't#2']);
  expect([await eventsOf(run), graphJson(run.graph), await run.head()]).toEqual(before);
});

test('an event that is not there is not found', async () => {
  const { run } = await withForks();
  await expect(run.fork({ atEvent: 'evt_099' })).rejects.toBeInstanceOf(EventNotFoundError);
});
