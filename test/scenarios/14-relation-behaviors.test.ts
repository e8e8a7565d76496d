/** Scenario 14: for which edges a relation behavior fires. */
import { relationBehavior, type Runtime } from 'runlog';
import { expect, test } from 'vitest';
import { eventsOf, openFixed } from '../harness/fixed-run.ts';

const touched = relationBehavior({ name: 'touched', relationType: 'knows', on: 'ping', run: () => {} });

/** Edges: rel_001 a knows b, rel_002 a likes b, rel_003 c knows d, rel_004 d knows a. */
async function pinged(payload: object): Promise<unknown[]> {
  const run = await openFixed({ behaviors: [touched] });
  await run.mutate((graph) => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((type) => graph.addObject(type, {}).id);
    graph.addRelation(a ?? '', b ?? '', 'knows');
    graph.addRelation(a ?? '', b ?? '', 'likes');
    graph.addRelation(c ?? '', d ?? '', 'knows');
    graph.addRelation(d ?? '', a ?? '', 'knows');
  });
  await run.emit('ping', payload);
  await run.runUntilIdle();
  return startedEdges(run);
}

async function startedEdges(run: Runtime): Promise<unknown[]> {
  const events = await eventsOf(run);
  return events
    .filter(({ type }) => type === 'relation_behavior.started')
    .map(({ payload }) => payload['relation_id']);
}

test('once for each edge of its type that has an endpoint in the payload', async () => {
  expect(await pinged({ id: 'a#1' })).toEqual(['rel_001', 'rel_004']);
});

test('an endpoint may stand anywhere in the payload', async () => {
  expect(await pinged({ deep: [{ list: ['nothing', { here: 'b#2' }] }] })).toEqual(['rel_001']);
});

test('an edge with both ends in the payload fires once', async () => {
  expect(await pinged({ from: 'c#3', to: 'd#4' })).toEqual(['rel_003', 'rel_004']);
});

test('an event that names no endpoint fires nothing', async () => {
  expect(await pinged({ id: 'a#10', text: 'about a#1 and b#2' })).toEqual([]);
});

test('where is asked of the payload', async () => {
  const careful = relationBehavior({
    name: 'careful',
    relationType: 'knows',
    on: 'ping',
    where: { ok: true },
    run: () => {},
  });
  const run = await openFixed({ behaviors: [careful] });
  await run.mutate((graph) => {
    const a = graph.addObject('a', {}).id;
    graph.addRelation(a, a, 'knows');
    graph.emit('ping', { a, ok: false });
    graph.emit('ping', { a, ok: true });
  });
  await run.runUntilIdle();
  expect(await startedEdges(run)).toEqual(['rel_001']);
});

test('each edge is an invocation of its own: one that fails leaves the others', async () => {
  const picky = relationBehavior({
    name: 'picky',
    relationType: 'knows',
    on: 'ping',
    run: ({ relation, graph }) => {
      if (relation.target === 'b#2') throw new Error('not this one');
      graph.patchObject(relation.target, { seen: true });
    },
  });
  const run = await openFixed({ behaviors: [picky] });
  await run.mutate((graph) => {
    const [a, b, c] = ['a', 'b', 'c'].map((type) => graph.addObject(type, {}).id);
    graph.addRelation(a ?? '', b ?? '', 'knows');
    graph.addRelation(a ?? '', c ?? '', 'knows');
    graph.emit('ping', { id: a });
  });
  await run.runUntilIdle();
  expect(run.graph.object('c#3')?.data).toEqual({ seen: true });
  expect(run.errors.map(({ message }) => message)).toEqual(['not this one']);
});
