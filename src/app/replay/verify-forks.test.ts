/** Proves that verified replay knows what forks, promotions, groups and upcasts bring into a log. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { scriptedModel, tool } from '../../effects/index.ts';
import { type LogStore, openMemoryStore, upcast } from '../../log/index.ts';
import { pack } from '../../packs/index.ts';
import { behavior, type Behavior, llmBehavior } from '../../runtime/index.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { load, open } from '../open.ts';
import type { LoadOptions } from '../open-options.ts';
import { planFork } from './plan-fork.ts';
import { verifyRun } from './verify-run.ts';

function newStore(): LogStore {
  return openMemoryStore({ sha256, nowMs: nodePlatform.nowMs });
}

async function expectVerified(store: LogStore, runId: string, options: LoadOptions) {
  const { seq } = await store.head(runId);
  const report = await verifyRun(store, { ...options, runId });
  expect(report).toMatchObject({ divergence: null, events: seq, verified: seq });
  return report;
}

const planner = behavior({
  name: 'planner',
  on: 'goal.created',
  run: ({ graph }) => void graph.addObject('task', { n: 1 }),
});

/** Marks what comes in, its own marks aside. */
function marker(mark = true): Behavior {
  return behavior({
    name: 'marker',
    on: 'object.created',
    run: ({ event, graph }) => void graph.patchObject(event.payload.id, { marked: mark }),
  });
}

const reader = llmBehavior({
  name: 'reader',
  on: 'object.created',
  where: { 'object.type': 'task' },
  output: z.object({ text: z.string() }),
  run: ({ output, graph }) => void graph.addObject('note', output),
});

const answering = (text: string) => scriptedModel({ defaultModel: 'm', respond: () => ({ json: { text } }) });

it('verifies a run that took a fork in, and what its behaviors made of that', async () => {
  const store = newStore();
  const behaviors = [planner, marker()];
  const run = await open(store, { runId: 'main', behaviors });
  await run.runGoal('g');
  const fork = await run.fork({ atEvent: 'evt_001', runId: 'trial' });
  await fork.mutate((graph) => {
    graph.addObject('task', { n: 2 });
    graph.addObject('task', { n: 3 });
  });
  await fork.runUntilIdle();
  const { eventId } = await run.promote(fork, { by: 'ada' });
  await run.runUntilIdle();
  await run.runGoal('and on');
  await fork.close();
  await run.close();
  expect(eventId).not.toBeNull();
  await expectVerified(store, 'main', { behaviors });
  await expectVerified(store, 'trial', { behaviors });
  const { divergence } = await verifyRun(store, { runId: 'main', behaviors: [planner, marker(false)] });
  expect(divergence?.behavior).toBe('marker');
});

it('finds what a behavior makes of a promotion otherwise', async () => {
  const store = newStore();
  const run = await open(store, { runId: 'main' });
  await run.mutate((graph) => graph.addObject('task', {}));
  const fork = await run.fork({ atEvent: 'evt_001', runId: 'trial' });
  await fork.mutate((graph) => graph.patchObject('task#1', { done: true }));
  const { eventId } = await run.promote(fork, { by: 'watcher' });
  await fork.close();
  await run.close();
  const watcher = (seen: string): Behavior =>
    behavior({ name: 'watcher', on: 'promote.applied', run: ({ graph }) => graph.emit(seen) });
  const loaded = await load(store, { runId: 'main', behaviors: [watcher('seen')] });
  await loaded.runUntilIdle();
  await loaded.close();
  await expectVerified(store, 'main', { behaviors: [watcher('seen')] });
  const { divergence } = await verifyRun(store, { runId: 'main', behaviors: [watcher('noticed')] });
  expect(divergence).toMatchObject({ field: 'type', expected: 'seen', actual: 'noticed' });
  expect(divergence?.causeChain.map((link) => link.eventId)).toContain(eventId);
});

it('verifies a fork that asked again, on the answers that it was given itself', async () => {
  const store = newStore();
  const behaviors = [planner, reader];
  const run = await open(store, { runId: 'main', behaviors, model: answering('first') });
  await run.runGoal('g');
  const again = await run.fork({
    atEvent: 'evt_001',
    runId: 'again',
    record: true,
    model: answering('second'),
  });
  await again.runUntilIdle();
  expect(again.graph.objects('note').map(({ data }) => data)).toEqual([{ text: 'second' }]);
  const served = await again.fork({ atEvent: 'evt_001', runId: 'served', record: false });
  await served.runUntilIdle();
  for (const { close } of [served, again, run].map((one) => ({ close: async () => one.close() })))
    await close();
  for (const runId of ['main', 'again', 'served']) await expectVerified(store, runId, { behaviors });
  expect((await verifyRun(store, { runId: 'again', behaviors })).calls).toBe(1);
});

it('verifies a fork that asks again in the middle of an invocation', async () => {
  const store = newStore();
  const behaviors = [planner, reader];
  const run = await open(store, { runId: 'main', behaviors, model: answering('first') });
  await run.runGoal('g');
  const requested: string[] = [];
  for await (const { id, type } of run.events()) if (type === 'llm.requested') requested.push(id);
  const again = await run.fork({
    atEvent: requested[0] ?? '',
    runId: 'again',
    record: true,
    model: answering('second'),
  });
  await again.runUntilIdle();
  expect(again.graph.objects('note').map(({ data }) => data)).toEqual([{ text: 'second' }]);
  await again.close();
  await run.close();
  await expectVerified(store, 'again', { behaviors });
});

it('verifies a group of patches, of a person and of a behavior', async () => {
  const store = newStore();
  const closer = (state: string): Behavior =>
    behavior({
      name: 'closer',
      on: 'goal.created',
      run: ({ graph }) => {
        const targets = graph.objects('task').map(({ id }) => id);
        graph.patchObjects(targets.map((target) => ({ target, updates: { state } })));
      },
    });
  const run = await open(store, { runId: 'main', behaviors: [closer('done')] });
  await run.mutate((graph) => {
    for (const n of [1, 2]) graph.addObject('task', { n });
    graph.patchObjects([
      { target: 'task#1', updates: { n: 10 } },
      { target: 'task#2', updates: { n: 20 } },
    ]);
  });
  await run.runGoal('g');
  await run.close();
  await expectVerified(store, 'main', { behaviors: [closer('done')] });
  const { divergence } = await verifyRun(store, { runId: 'main', behaviors: [closer('open')] });
  expect(divergence).toMatchObject({ behavior: 'closer', expected: 'done', actual: 'open' });
});

it('verifies a run whose events came in two forms, read in the newer one', async () => {
  const store = newStore();
  const buyer = behavior({
    name: 'buyer',
    on: 'goal.created',
    run: ({ graph }) => graph.emit('order.placed', { quantity: 4 }),
  });
  const counter = behavior({
    name: 'counter',
    on: 'order.placed',
    run: ({ event, graph }) => void graph.addObject('order', { quantity: event.payload['quantity'] ?? null }),
  });
  const old = await open(store, { runId: 'main' });
  await old.emit('order.placed', { qty: 3 });
  await old.close();
  const upcasts = [upcast('order.placed', 1, 2, ({ qty = null }) => ({ quantity: qty }))];
  const behaviors = [buyer, counter];
  const run = await load(store, { runId: 'main', behaviors, upcasts });
  await run.runGoal('g');
  expect(run.graph.objects('order').map(({ data }) => data['quantity'])).toEqual([3, 4]);
  await run.close();
  await expectVerified(store, 'main', { behaviors, upcasts });
  const { divergence } = await verifyRun(store, { runId: 'main', behaviors });
  expect(divergence?.behavior).toBe('counter');
  await expect(
    verifyRun(store, { runId: 'main', behaviors, upcasts: [...upcasts, ...upcasts] }),
  ).rejects.toMatchObject({ code: 'invalid-upcast-error' });
});

const quote = tool({ name: 'quote', exportGlobally: true, run: () => 4 });
const prices = pack({
  name: 'prices',
  version: '1.0.0',
  settings: z.object({ times: z.number().default(1) }),
  tools: [quote],
  behaviors: [
    behavior<'goal.created', { times: number }>({
      name: 'asker',
      on: 'goal.created',
      tools: ['quote'],
      run: async ({ ctx, graph }) => {
        for (let n = 0; n < ctx.settings.times; n += 1) await ctx.callTool('quote', { n });
        graph.addObject('asked', { times: ctx.settings.times });
      },
    }),
  ],
});

/** Uses a tool that the pack exports. */
const guest = behavior({
  name: 'guest',
  on: 'goal.created',
  tools: ['quote'],
  run: async ({ ctx }) => void (await ctx.callTool('quote', { of: 'guest' })),
});

it('verifies and plans a program that uses the tools of its packs', async () => {
  const store = newStore();
  const program = { packs: [prices], behaviors: [guest] };
  const run = await open(store, { runId: 'main', ...program });
  await run.runGoal('g');
  await run.close();
  await expectVerified(store, 'main', program);
  const plan = await planFork(store, { parent: 'main', atEvent: 'evt_002' }, program);
  expect(plan).toMatchObject({ servedFromRecord: 2, live: [] });
});

it('verifies a fork of a fork, each with settings and a recording of its own', async () => {
  const store = newStore();
  const run = await open(store, { runId: 'main', packs: [prices] });
  await run.runGoal('g');
  const first = await run.fork({ atEvent: 'evt_002', runId: 'first', settings: { prices: { times: 2 } } });
  await first.runUntilIdle();
  const settings = { prices: { times: 3 } };
  const second = await first.fork({ atEvent: 'evt_003', runId: 'second', settings, record: true });
  await second.runUntilIdle();
  expect(second.graph.objects('asked').map(({ data }) => data['times'])).toEqual([3]);
  await second.close();
  await first.close();
  await run.close();
  for (const runId of ['main', 'first', 'second']) await expectVerified(store, runId, { packs: [prices] });
});
