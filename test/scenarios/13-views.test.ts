/** Scenario 13: what part of the graph a behavior is shown. */
import { behavior, InvalidRuntimeConfiguration, type Runtime } from 'runlog';
import type { View, ViewSpec } from 'runlog/graph';
import { expect, test } from 'vitest';
import { openFixed } from '../harness/fixed-run.ts';

/** a -> b -> c -> d */
async function chainOfFour(): Promise<Runtime> {
  const run = await openFixed();
  await run.mutate((graph) => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((type) => graph.addObject(type, {}).id);
    graph.addRelation(a ?? '', b ?? '', 'next');
    graph.addRelation(b ?? '', c ?? '', 'next');
    graph.addRelation(c ?? '', d ?? '', 'next');
  });
  return run;
}

function idsNear(run: Runtime, id: string, depth: number): readonly [readonly string[], readonly string[]] {
  const { objects, relations } = run.graph.neighborhood(id, depth);
  return [objects.map((object) => object.id), relations.map((relation) => relation.id)];
}

test('a neighborhood grows by one step of relations with each depth', async () => {
  const run = await chainOfFour();
  expect(idsNear(run, 'a#1', 0)).toEqual([['a#1'], []]);
  expect(idsNear(run, 'a#1', 1)).toEqual([['a#1', 'b#2'], ['rel_001']]);
  expect(idsNear(run, 'a#1', 2)).toEqual([
    ['a#1', 'b#2', 'c#3'],
    ['rel_001', 'rel_002'],
  ]);
  expect(idsNear(run, 'c#3', 1)).toEqual([
    ['c#3', 'b#2', 'd#4'],
    ['rel_002', 'rel_003'],
  ]);
});

test('an unknown id has no neighborhood', async () => {
  expect(idsNear(await chainOfFour(), 'x#9', 3)).toEqual([[], []]);
});

/** The view that a behavior gets for an `object.created` of `a`, in a graph a -> b -> c. */
async function seen<Result>(view: ViewSpec, look: (view: View) => Result): Promise<Result> {
  const found: Result[] = [];
  const looker = behavior({
    name: 'looker',
    on: 'object.created',
    where: { 'object.type': 'a' },
    view,
    run: (input) => void found.push(look(input.view)),
  });
  const run = await openFixed({ behaviors: [looker] });
  await run.mutate((graph) => {
    const [a, b, c] = ['a', 'b', 'c'].map((type) => graph.addObject(type, {}).id);
    graph.addRelation(a ?? '', b ?? '', 'next');
    graph.addRelation(b ?? '', c ?? '', 'next');
  });
  await run.runUntilIdle();
  const [result] = found;
  if (result === undefined) throw new Error('the behavior did not run');
  return result;
}

const near: ViewSpec = { around: 'event.payload.object.id', depth: 2, includeTypes: ['b'], recentEvents: 2 };

test('a view around an object shows the types that it names, all relations, and the last events', async () => {
  expect(await seen(near, (view) => view.objects().map(({ id }) => id))).toEqual(['b#2']);
  expect(await seen(near, (view) => view.relations().map(({ id }) => id))).toEqual(['rel_001', 'rel_002']);
  expect(await seen(near, (view) => view.events().map(({ type }) => type))).toEqual([
    'relation.created',
    'behavior.started',
  ]);
});

test('a path that leads nowhere shows no objects', async () => {
  const lost: ViewSpec = { around: 'event.payload.nothing.id' };
  expect(await seen(lost, (view) => [view.aroundId, view.objects(), view.relations()])).toEqual([
    null,
    [],
    [],
  ]);
});

test('recentEvents 0 shows no events', async () => {
  expect(await seen({ recentEvents: 0 }, (view) => view.events())).toEqual([]);
});

test('a view without a path shows the whole graph and fifty events', async () => {
  expect(await seen({}, (view) => view.objects().map(({ id }) => id))).toEqual(['a#1', 'b#2', 'c#3']);
  expect(await seen({}, (view) => view.events().length)).toBe(6);
});

test('a view filters by type and by where', async () => {
  expect(await seen({}, (view) => view.objects('c', { id: 'c#3' }).map(({ id }) => id))).toEqual(['c#3']);
  expect(await seen(near, (view) => view.relations('other'))).toEqual([]);
});

test.each<ViewSpec>([
  { around: 'payload.id' },
  { depth: -1 },
  { depth: 0.5 },
  { recentEvents: -1 },
  { recentEvents: 100_000 },
])('a view that could not be shown is refused: %j', (view) => {
  expect(() => behavior({ name: 'b', view, run: () => {} })).toThrow(InvalidRuntimeConfiguration);
});
