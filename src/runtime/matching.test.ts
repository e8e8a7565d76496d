/** Proves which behaviors an event wakes: by type, payload and graph, never by the loop's own events but for failures. */
import type { LogEvent, Runtime } from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { eventsOf, openFixed, openUnrepeatable, typesOf } from '../../test/harness/fixed-run.ts';
import { behavior, relationBehavior } from './behavior.ts';

function failing(name: string, on: string): ReturnType<typeof behavior> {
  return behavior({
    name,
    on,
    run: () => {
      throw new Error(`${name} broke`);
    },
  });
}

async function startedNames(run: Runtime): Promise<unknown[]> {
  const events = await eventsOf(run);
  return events.filter(({ type }) => type === 'behavior.started').map(({ payload }) => payload['behavior']);
}

describe('a failure', () => {
  it('wakes who subscribes to behavior.failed', async () => {
    const seen: unknown[] = [];
    const alert = behavior({
      name: 'alert',
      on: 'behavior.failed',
      run: ({ event }) =>
        void seen.push([event.payload.behavior, event.payload.event_id, event.payload.message]),
    });
    const run = await openFixed({ behaviors: [failing('broken', 'goal.created'), alert] });
    await run.runGoal('g');
    expect(seen).toEqual([['broken', 'evt_001', 'broken broke']]);
  });

  it('does not wake the behavior that failed', async () => {
    const run = await openFixed({
      behaviors: [failing('self', 'behavior.failed'), failing('first', 'goal.created')],
    });
    await run.runGoal('g');
    expect(await startedNames(run)).toEqual(['first', 'self']);
  });

  it('of two behaviors that fail on each other ends after both have seen the other', async () => {
    const run = await openFixed({
      behaviors: [
        failing('start', 'goal.created'),
        failing('left', 'behavior.failed'),
        failing('right', 'behavior.failed'),
      ],
    });
    await run.runGoal('g');
    expect(await startedNames(run)).toEqual(['start', 'left', 'right', 'right', 'left']);
    expect((await typesOf(run)).at(-1)).toBe('runtime.idle');
  });

  it('can be answered with another attempt', async () => {
    const retry = behavior({
      name: 'retry',
      on: 'behavior.failed',
      run: ({ event, graph }) => graph.emit('again', { attempt: event.payload.message.length }),
    });
    let attempts = 0;
    const flaky = behavior({
      name: 'flaky',
      on: ['goal.created', 'again'],
      run: () => {
        attempts += 1;
        if (attempts < 3) throw new Error('not yet');
      },
    });
    const run = await openUnrepeatable({ behaviors: [flaky, retry] });
    await run.runGoal('g');
    expect(attempts).toBe(3);
    expect(run.errors).toHaveLength(2);
  });
});

test('a behavior without types sees every event but those of the loop itself', async () => {
  const seen: string[] = [];
  const all = behavior({ name: 'all', run: ({ event }) => void seen.push(event.type) });
  const run = await openFixed({ behaviors: [all, failing('broken', 'goal.created')] });
  await run.mutate((graph) => {
    graph.addObject('t', {});
    graph.addRelation('t#1', 't#1', 'self');
    graph.proposePatch('t#1', { value: { x: 1 } });
    graph.applyPatch('patch_001');
    graph.proposePatch('t#1', { value: { x: 2 } });
    graph.rejectPatch('patch_002', 'no');
    graph.removeRelation('rel_001');
    graph.removeObject('t#1');
    graph.emit('mine');
  });
  await run.runGoal('g');
  expect(seen).toEqual([
    'object.created',
    'relation.created',
    'patch.proposed',
    'patch.applied',
    'patch.proposed',
    'patch.rejected',
    'relation.removed',
    'object.removed',
    'mine',
    'goal.created',
  ]);
});

test('behaviors react in the order in which they were given', async () => {
  const order: string[] = [];
  const named = (name: string) => behavior({ name, on: 'goal.created', run: () => void order.push(name) });
  const run = await openFixed({ behaviors: [named('c'), named('a'), named('b')] });
  await run.runGoal('g');
  expect(order).toEqual(['c', 'a', 'b']);
});

test('all behaviors are chosen before the first one runs', async () => {
  const first = behavior({
    name: 'first',
    on: 'goal.created',
    run: ({ graph }) => void graph.addObject('t', {}),
  });
  const whenEmpty = behavior({
    name: 'when empty',
    on: 'goal.created',
    when: ({ graph }) => graph.objects().length === 0,
    run: ({ graph }) => graph.emit('saw', { objects: graph.objects().length }),
  });
  const run = await openFixed({ behaviors: [first, whenEmpty] });
  await run.runGoal('g');
  expect((await eventsOf(run)).find(({ type }) => type === 'saw')?.payload).toEqual({ objects: 1 });
});

const undecided: readonly (readonly [string, () => boolean])[] = [
  [
    'throws',
    () => {
      throw new Error('cannot decide');
    },
  ],
  ['is asynchronous', (async () => true) as unknown as () => boolean],
];

test.each(undecided)(
  'a behavior whose `when` %s fails for that event, and the run goes on',
  async (_what, when) => {
    const torn = behavior({ name: 'torn', on: 'goal.created', when, run: () => {} });
    const sure = behavior({ name: 'sure', on: 'goal.created', run: ({ graph }) => graph.emit('done') });
    const run = await openFixed({ behaviors: [torn, sure] });
    const status = await run.runGoal('g');
    expect(status).toMatchObject({ state: 'idle', failures: 1 });
    expect(run.errors.map(({ behavior: name }) => name)).toEqual(['torn']);
    expect(await typesOf(run)).toContain('done');
  },
);

test('a relation behavior, too, may decide on the graph', async () => {
  const told: string[] = [];
  const tell = relationBehavior({
    name: 'tell',
    relationType: 'knows',
    on: 'ping',
    when: ({ graph }) => graph.objects('quiet').length === 0,
    run: ({ relation }) => void told.push(relation.id),
  });
  const run = await openFixed({ behaviors: [tell] });
  await run.mutate((graph) => {
    const { id } = graph.addObject('a', {});
    graph.addRelation(id, id, 'knows');
    graph.emit('ping', { id });
  });
  await run.runUntilIdle();
  await run.mutate((graph) => {
    graph.addObject('quiet', {});
    graph.emit('ping', { id: 'a#1' });
  });
  await run.runUntilIdle();
  expect(told).toEqual(['rel_001']);
});

test('edges are served in the order in which they were made', async () => {
  const told: string[] = [];
  const tell = relationBehavior({
    name: 'tell',
    relationType: 'r',
    on: 'ping',
    run: ({ relation }) => void told.push(relation.id),
  });
  const run = await openFixed({ behaviors: [tell] });
  await run.mutate((graph) => {
    const { id } = graph.addObject('a', {});
    for (let n = 0; n < 1001; n += 1) graph.addRelation(id, id, 'r');
  });
  await run.emit('ping', { id: 'a#1' });
  await run.runUntilIdle();
  expect(told.slice(-3)).toEqual(['rel_999', 'rel_1000', 'rel_1001']);
});

test('the process gets its turn while many events pass that nobody waits for', async () => {
  const run = await openFixed();
  await run.mutate((graph) => {
    for (let n = 0; n < 9000; n += 1) graph.emit('noise');
  });
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 0);
  const turn = (): void => {
    turns += 1;
    if (!isOver.value) setImmediate(turn);
  };
  const isOver = { value: false };
  setImmediate(turn);
  await run.runUntilIdle();
  isOver.value = true;
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
});

test('an event of one run is the same object for every behavior, and frozen', async () => {
  const got: LogEvent[] = [];
  const keep = (name: string) => behavior({ name, on: 'x', run: ({ event }) => void got.push({ ...event }) });
  const run = await openFixed({ behaviors: [keep('a'), keep('b')] });
  await run.emit('x', { list: [1] });
  await run.runUntilIdle();
  expect(got[0]).toEqual(got[1]);
});
