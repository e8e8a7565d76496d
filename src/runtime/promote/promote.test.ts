/** Proves that a promotion takes what the fork did, all of it or nothing, and never what the parent decided otherwise. */
import {
  ApprovalRequiredError,
  behavior,
  InvalidArgumentType,
  type JsonObject,
  objectType,
  PackSchemaViolation,
  PromoteConflictError,
  PromoteLineageError,
  ReservedEventTypeError,
  RunNotFoundError,
  type Runtime,
} from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { eventsOf, loadFixed, openFixed, theEvent, typesOf } from '../../../test/harness/fixed-run.ts';
import { graphJson, replayed } from '../../../test/harness/graph-json.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';
import type { GraphWriter } from '../../graph/index.ts';
import type { Bundle } from '../bundle.ts';
import { planPromotionOf } from './promote-fork.ts';

/** `t#1 --r--> t#2`, `t#3`; a fork behind that. */
async function forked(
  options: Parameters<typeof openFixed>[0] = {},
): Promise<{ run: Runtime; fork: Runtime }> {
  const run = await openFixed({ runId: 'run', ...options });
  await run.mutate((graph) => {
    for (const x of [1, 2, 3]) graph.addObject('t', { x, y: 0 });
    graph.addRelation('t#1', 't#2', 'r');
  });
  return { run, fork: await run.fork({ atEvent: 'evt_004', runId: 'fork' }) };
}

const dataOf = (run: Runtime): unknown => run.graph.objects().map(({ id, data }) => [id, data]);

async function conflictsOf(run: Runtime): Promise<unknown> {
  const before = await run.head();
  const refused: unknown = await run.promote('fork', { by: 'jane' }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(PromoteConflictError);
  expect(await run.head()).toEqual(before);
  return refused instanceof PromoteConflictError ? refused.context['conflicts'] : null;
}

test('evidence that names a new object names it by its id in the parent', async () => {
  const { run, fork } = await forked();
  await run.mutate((graph) => graph.addObject('own', {}));
  await fork.mutate((graph) => {
    const source = graph.addObject('source', {});
    graph.addObject('claim', {}, { evidence: [source.id, 'page 1'] });
  });
  await run.promote(fork, { by: 'jane' });
  expect(run.graph.objects('claim')[0]?.provenance['evidence']).toEqual(['source#5', 'page 1']);
});

test('a text of the parent that looks like an id which the fork gave later is no conflict', async () => {
  const run = await openFixed({ runId: 'run' });
  await run.mutate((graph) => graph.addObject('t', { next: 'n#2', z: 0 }));
  const fork = await run.fork({ atEvent: 'evt_001', runId: 'fork' });
  await fork.mutate((graph) => {
    graph.addObject('n', {});
    graph.patchObject('t#1', { next: 'done' });
  });
  await run.mutate((graph) => graph.patchObject('t#1', { z: 1 }));
  await run.promote(fork, { by: 'jane' });
  expect(run.graph.object('t#1')?.data).toEqual({ next: 'done', z: 1 });
});

test('objects, patches, relations and removals come in under one event, in one commit', async () => {
  const { run, fork } = await forked();
  await run.mutate((graph) => graph.addObject('own', {}));
  await fork.mutate((graph) => {
    graph.addObject(
      'u',
      { of: 't#1', also: ['u#5', { deep: 'u#4' }], text: 'see u#4' },
      { evidence: ['page 1'] },
    );
    graph.addObject('u', {});
    graph.addRelation('u#4', 't#2', 'names', { on: 'u#5' });
    graph.patchObject('t#1', { x: 10, by: 'u#5' });
    graph.removeObject('t#3');
    graph.removeRelation('rel_001');
  });
  const promotion = await run.promote(fork, { by: 'jane' });
  expect(promotion).toMatchObject({ by: 'jane', eventId: 'evt_006' });
  expect(dataOf(run)).toEqual([
    ['t#1', { x: 10, y: 0, by: 'u#6' }],
    ['t#2', { x: 2, y: 0 }],
    ['own#4', {}],
    ['u#5', { of: 't#1', also: ['u#6', { deep: 'u#5' }], text: 'see u#4' }],
    ['u#6', {}],
  ]);
  expect(run.graph.relations().map(({ id, source, target, data }) => [id, source, target, data])).toEqual([
    ['rel_002', 'u#5', 't#2', { on: 'u#6' }],
  ]);
  const events = (await eventsOf(run)).slice(5);
  expect(events.map(({ type, actor, causedBy }) => [type, actor, causedBy])).toEqual([
    ['promote.applied', 'jane', null],
    ['object.created', 'jane', 'evt_006'],
    ['object.created', 'jane', 'evt_006'],
    ['patch.applied', 'jane', 'evt_006'],
    ['relation.created', 'jane', 'evt_006'],
    ['relation.removed', 'jane', 'evt_006'],
    ['object.removed', 'jane', 'evt_006'],
  ]);
  expect(events[0]?.payload).toEqual({
    fork: 'fork',
    at_event: 'evt_004',
    fork_head: { seq: 10, hash: (await fork.head()).hash },
    by: 'jane',
    objects: { 'u#4': 'u#5', 'u#5': 'u#6' },
    relations: { rel_002: 'rel_002' },
    counts: {
      objects_created: 2,
      objects_patched: 1,
      objects_removed: 1,
      relations_created: 1,
      relations_removed: 1,
      events: 6,
    },
  });
  expect(graphJson(replayed(await eventsOf(run)))).toEqual(graphJson(run.graph));
});

test('a field that the fork took away is taken away', async () => {
  const { run, fork } = await forked();
  await run.mutate((graph) => graph.patchObject('t#1', { z: 5 }));
  await fork.mutate((graph) => {
    graph.proposePatch('t#1', { op: 'replace', value: { x: 1 } });
    graph.applyPatch('patch_001');
  });
  await run.promote(fork, { by: 'jane' });
  expect(run.graph.object('t#1')?.data).toEqual({ x: 1, z: 5 });
});

test('behaviors of the parent react to what came in, at the next run', async () => {
  const seen: unknown[] = [];
  const watcher = behavior({
    name: 'watcher',
    on: 'object.created',
    where: { 'object.type': 'u' },
    run: ({ event }) => void seen.push(event.payload.id),
  });
  const { run, fork } = await forked({ behaviors: [watcher] });
  await fork.mutate((graph) => graph.addObject('u', {}));
  await run.promote(fork, { by: 'jane' });
  expect(seen).toEqual([]);
  await run.runUntilIdle();
  expect(seen).toEqual(['u#4']);
});

describe('promoting again', () => {
  it('does nothing while the fork did nothing more', async () => {
    const { run, fork } = await forked();
    await fork.mutate((graph) => graph.addObject('u', {}));
    await run.promote(fork, { by: 'jane' });
    const before = await run.head();
    expect((await run.promote(fork, { by: 'jane' })).eventId).toBeNull();
    expect(await run.head()).toEqual(before);
  });

  it('takes what is new, under the ids that were given before, also after a reload', async () => {
    const store = memoryPlace().open();
    const run = await openFixed({ runId: 'run' }, store);
    await run.mutate((graph) => graph.addObject('t', { x: 1 }));
    const fork = await run.fork({ atEvent: 'evt_001', runId: 'fork' });
    await fork.mutate((graph) => graph.addObject('u', { n: 1 }));
    await run.mutate((graph) => graph.addObject('own', {}));
    await run.promote(fork, { by: 'jane' });
    await run.close();
    await fork.mutate((graph) => {
      graph.patchObject('u#2', { n: 2 });
      graph.addRelation('u#2', 't#1', 'r');
    });
    const again = await loadFixed(store, { runId: 'run' });
    const { plan } = await again.promote(fork, { by: 'joe' });
    expect([plan.created, plan.patched.map(({ forkId, id }) => [forkId, id])]).toEqual([
      [],
      [['u#2', 'u#3']],
    ]);
    expect(again.graph.object('u#3')?.data).toEqual({ n: 2 });
    expect(again.graph.relations().map(({ source, target }) => [source, target])).toEqual([['u#3', 't#1']]);
    await fork.mutate((graph) => graph.removeRelation('rel_001'));
    await again.promote(fork, { by: 'joe' });
    expect(again.graph.relations()).toEqual([]);
  });
});

describe('a conflict is refused with a report, and nothing is written:', () => {
  const cases: readonly {
    readonly name: string;
    readonly inParent: (graph: GraphWriter) => unknown;
    readonly inFork: (graph: GraphWriter) => unknown;
    readonly conflict: JsonObject;
  }[] = [
    {
      name: 'a field with two values',
      inParent: (graph) => graph.patchObject('t#1', { x: 7 }),
      inFork: (graph) => graph.patchObject('t#1', { x: 8 }),
      conflict: { kind: 'both_changed', id: 't#1', field: 'x', at_fork_point: 1, in_parent: 7, in_fork: 8 },
    },
    {
      name: 'a field that is new on both sides',
      inParent: (graph) => graph.patchObject('t#1', { z: null }),
      inFork: (graph) => graph.patchObject('t#1', { z: 8 }),
      conflict: { kind: 'both_changed', id: 't#1', field: 'z', in_parent: null, in_fork: 8 },
    },
    {
      name: 'changed and removed',
      inParent: (graph) => graph.removeObject('t#1'),
      inFork: (graph) => graph.patchObject('t#1', { x: 8 }),
      conflict: {
        kind: 'removed_in_parent',
        id: 't#1',
        field: null,
        at_fork_point: { x: 1, y: 0 },
        in_fork: { x: 8, y: 0 },
      },
    },
    {
      name: 'removed and changed',
      inParent: (graph) => graph.patchObject('t#3', { x: 8 }),
      inFork: (graph) => graph.removeObject('t#3'),
      conflict: {
        kind: 'removed_in_fork',
        id: 't#3',
        field: null,
        at_fork_point: { x: 3, y: 0 },
        in_parent: { x: 8, y: 0 },
      },
    },
    {
      name: 'a relation to what is gone',
      inParent: (graph) => graph.removeObject('t#3'),
      inFork: (graph) => graph.addRelation('t#3', 't#2', 'r'),
      conflict: {
        kind: 'dangling_relation',
        id: 'rel_002',
        field: null,
        in_fork: { source: 't#3', target: 't#2', type: 'r' },
      },
    },
    {
      name: 'a removal of what has been connected since',
      inParent: (graph) => graph.addRelation('t#3', 't#2', 'r'),
      inFork: (graph) => graph.removeObject('t#3'),
      conflict: {
        kind: 'orphaning_removal',
        id: 't#3',
        field: null,
        in_parent: { relation: 'rel_002', source: 't#3', target: 't#2', type: 'r' },
      },
    },
  ];

  it.each(cases)('$name', async ({ inParent, inFork, conflict }) => {
    const { run, fork } = await forked();
    await run.mutate((graph) => void inParent(graph));
    await fork.mutate((graph) => {
      inFork(graph);
      graph.addObject('u', {});
    });
    const parentEvent = conflict['kind'] === 'dangling_relation' || conflict['kind'] === 'orphaning_removal';
    expect(await conflictsOf(run)).toEqual([
      { ...conflict, parent_event: parentEvent ? null : 'evt_005', fork_event: 'evt_005' },
    ]);
  });
});

test('what both sides changed alike, or apart from each other, is no conflict', async () => {
  const { run, fork } = await forked();
  await run.mutate((graph) => {
    graph.patchObject('t#1', { x: 5, own: true });
    graph.removeObject('t#3');
  });
  await fork.mutate((graph) => {
    graph.patchObject('t#1', { x: 5, y: 9 });
    graph.removeObject('t#3');
  });
  const { plan } = await run.promote(fork, { by: 'jane' });
  expect(plan).toMatchObject({ patched: [{ id: 't#1', set: { y: 9 }, unset: [] }], removed: [] });
  expect(run.graph.object('t#1')?.data).toEqual({ x: 5, y: 9, own: true });
});

test('what the parent declares is checked', async () => {
  const { run, fork } = await forked();
  await fork.mutate((graph) => graph.addObject('u', { n: 'text' }));
  await run.install(
    bundleOf({ objectTypes: [objectType({ name: 'u', schema: z.object({ n: z.number() }) })] }),
  );
  const before = await run.head();
  await expect(run.promote(fork, { by: 'jane' })).rejects.toBeInstanceOf(PackSchemaViolation);
  expect(await run.head()).toEqual(before);
});

test('a policy is not got round by a fork, and what was granted there is granted', async () => {
  const { run, fork } = await forked();
  await fork.mutate((graph) => graph.addObject('memo', {}));
  const gate = bundleOf({ policies: [{ name: 'gate', requiresApproval: ['memo'] }] });
  await run.install(gate);
  await expect(run.promote(fork, { by: 'jane' })).rejects.toBeInstanceOf(ApprovalRequiredError);
  const proposer = behavior({
    name: 'p',
    on: 'goal.created',
    run: ({ ctx }) => ctx.proposeObject('memo', { n: 1 }),
  });
  const decided = await run.fork({ atEvent: 'evt_004', runId: 'decided', behaviors: [proposer] });
  await decided.runGoal('Propose');
  await decided.approve('1', { by: 'jane' });
  await run.promote(decided, { by: 'jane' });
  expect(run.graph.objects('memo').map(({ data }) => data)).toEqual([{ n: 1 }]);
});

test('whoever promotes is named, or nothing is promoted', async () => {
  const { run, fork } = await forked();
  const promote: (...given: unknown[]) => Promise<unknown> = run.promote.bind(run) as never;
  for (const given of [[fork], [fork, null], [fork, {}], [fork, { by: '' }]])
    await expect(promote(...given)).rejects.toBeInstanceOf(InvalidArgumentType);
});

test('a plan of more than one commit can take is refused, as the promotion is', async () => {
  const store = memoryPlace().open();
  const run = await openFixed({ runId: 'run' }, store);
  await run.mutate((graph) => graph.addObject('t', {}));
  const fork = await run.fork({ atEvent: 'evt_001', runId: 'fork' });
  for (const part of [0, 1])
    await fork.mutate((graph) => {
      for (let index = 0; index < 6_000; index += 1) graph.addObject('n', { part, index });
    });
  await fork.head();
  const refused = { name: 'InvalidEventError', context: { events: 12_001 } };
  await expect(run.promote(fork, { by: 'jane' })).rejects.toMatchObject(refused);
  await expect(planPromotionOf(store, 'fork')).rejects.toMatchObject(refused);
});

test('only a direct fork is promoted, and only one that is there', async () => {
  const { run, fork } = await forked();
  const grandchild = await fork.fork({ atEvent: 'evt_004', runId: 'grandchild' });
  await expect(run.promote(grandchild, { by: 'jane' })).rejects.toBeInstanceOf(PromoteLineageError);
  await expect(run.promote(run, { by: 'jane' })).rejects.toBeInstanceOf(PromoteLineageError);
  await expect(run.promote('nobody', { by: 'jane' })).rejects.toBeInstanceOf(RunNotFoundError);
});

test('nobody else writes that something was promoted', async () => {
  const { run } = await forked();
  await expect(run.emit('promote.applied', { fork: 'x' })).rejects.toBeInstanceOf(ReservedEventTypeError);
});

test('two promotions of one fork at the same time take it in once', async () => {
  const { run, fork } = await forked();
  await fork.mutate((graph) => graph.addObject('u', {}));
  const both = await Promise.all([run.promote(fork, { by: 'a' }), run.promote(fork, { by: 'b' })]);
  expect(both.filter(({ eventId }) => eventId !== null)).toHaveLength(1);
  expect(run.graph.objects('u')).toHaveLength(1);
  await theEvent(run, 'promote.applied');
});

test('a run is not forked inside of a promotion', async () => {
  const { run, fork } = await forked();
  await fork.mutate((graph) => {
    graph.addObject('u', {});
    graph.addObject('u', {});
  });
  await run.promote(fork, { by: 'jane' });
  await run.emit('after');
  expect((await typesOf(run)).slice(4)).toEqual([
    'promote.applied',
    'object.created',
    'object.created',
    'after',
  ]);
  for (const atEvent of ['evt_005', 'evt_006'])
    await expect(run.fork({ atEvent })).rejects.toMatchObject({
      context: { before: 'evt_004', after: 'evt_007' },
    });
  for (const atEvent of ['evt_004', 'evt_007', 'evt_008']) await (await run.fork({ atEvent })).close();
});

test('a run is not forked inside of a group of patches', async () => {
  const { run } = await forked();
  await run.mutate((graph) =>
    graph.patchObjects(['t#1', 't#2', 't#3'].map((target) => ({ target, updates: { x: 0 } }))),
  );
  for (const atEvent of ['evt_005', 'evt_006'])
    await expect(run.fork({ atEvent })).rejects.toMatchObject({
      context: { before: 'evt_004', after: 'evt_007' },
    });
  await (await run.fork({ atEvent: 'evt_007' })).close();
});

function bundleOf(parts: Partial<Bundle>): Bundle {
  return {
    owner: null,
    behaviors: [],
    tools: [],
    objectTypes: [],
    relationTypes: [],
    policies: [],
    settings: {},
    loadedPayload: null,
    ...parts,
  };
}
