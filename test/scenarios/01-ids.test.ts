/** Scenario 1: how the ids of a run are counted. */
import { expect, test } from 'vitest';
import { eventsOf, openFixed } from '../harness/fixed-run.ts';

test('objects of all types share one counter, relations, patches and events have their own', async () => {
  const run = await openFixed();
  const made = await run.mutate((graph) => {
    const first = graph.addObject('task', { title: 'A' });
    const second = graph.addObject('task', { title: 'B' });
    const third = graph.addObject('claim', { text: 'C' });
    const relation = graph.addRelation(first.id, second.id, 'depends_on');
    const patch = graph.patchObject(first.id, { title: 'D' });
    return [first.id, second.id, third.id, relation.id, patch.id];
  });
  expect(made).toEqual(['task#1', 'task#2', 'claim#3', 'rel_001', 'patch_001']);
  expect((await eventsOf(run)).map(({ id }) => id)).toEqual([
    'evt_001',
    'evt_002',
    'evt_003',
    'evt_004',
    'evt_005',
  ]);
});

test('an id that was drawn for an addition that failed is drawn again', async () => {
  const run = await openFixed();
  const failing = run.mutate((graph) => {
    graph.addObject('task', {});
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect((await run.mutate((graph) => graph.addObject('task', {}))).id).toBe('task#1');
});

test('a type whose name holds the mark of an id is counted like any other', async () => {
  const run = await openFixed();
  await run.mutate((graph) => graph.addObject('a#b', {}));
  expect((await run.mutate((graph) => graph.addObject('a#b', {}))).id).toBe('a#b#2');
});
