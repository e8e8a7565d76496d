/** Scenario 3: what a patch leaves in the log, and what goes with a removed object. */
import { ObjectNotFoundError } from 'runlog';
import { expect, test } from 'vitest';
import { openFixed, theEvent, typesOf } from '../harness/fixed-run.ts';

test('patchObject applies at once and says which fields changed', async () => {
  const run = await openFixed();
  await run.mutate((graph) => {
    graph.addObject('task', { title: 'A', status: 'open' });
    graph.patchObject('task#1', { status: 'done', new: 1, title: 'A' });
  });
  const applied = await theEvent(run, 'patch.applied');
  expect(applied.payload).toMatchObject({
    target: 'task#1',
    diff: { status: { old: 'open', new: 'done' }, new: { old: null, new: 1 } },
    patch: { id: 'patch_001', status: 'applied', op: 'update', expected_version: 1 },
  });
  expect(applied.payload['diff']).not.toHaveProperty('title');
  expect(applied.payload).not.toHaveProperty('approved_by');
  expect(run.graph.object('task#1')).toMatchObject({
    version: 2,
    data: { title: 'A', status: 'done', new: 1 },
  });
});

test('an object takes its relations with it, and only its own removal is logged', async () => {
  const run = await openFixed();
  await run.mutate((graph) => {
    const [a, b, c] = ['a', 'b', 'c'].map((type) => graph.addObject(type, {}).id);
    graph.addRelation(a ?? '', b ?? '', 'knows');
    graph.addRelation(b ?? '', c ?? '', 'knows');
    graph.addRelation(a ?? '', c ?? '', 'knows');
  });
  await run.mutate((graph) => graph.removeObject('b#2'));
  expect(run.graph.relations().map(({ id }) => id)).toEqual(['rel_003']);
  expect((await typesOf(run)).slice(6)).toEqual(['object.removed']);
});

test('a change of what is not there is refused', async () => {
  const run = await openFixed();
  await expect(run.mutate((graph) => graph.patchObject('task#9', {}))).rejects.toBeInstanceOf(
    ObjectNotFoundError,
  );
  await expect(run.mutate((graph) => graph.removeObject('task#9'))).rejects.toBeInstanceOf(
    ObjectNotFoundError,
  );
  await expect(run.mutate((graph) => graph.removeRelation('rel_9'))).rejects.toBeInstanceOf(
    ObjectNotFoundError,
  );
  expect(await typesOf(run)).toEqual([]);
});
