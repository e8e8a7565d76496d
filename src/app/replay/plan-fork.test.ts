import { expect, it } from 'vitest';
import { z } from 'zod';
import { type ModelProvider, scriptedModel, tool } from '../../effects/index.ts';
import { IncompatibleRuntimeState, InvalidRuntimeConfiguration } from '../../base/index.ts';
import {
  EventNotFoundError,
  type LogStore,
  openMemoryStore,
  RunExistsError,
  RunNotFoundError,
} from '../../log/index.ts';
import { pack } from '../../packs/index.ts';
import { behavior, type Behavior, llmBehavior } from '../../runtime/index.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { open } from '../open.ts';
import { type ForkToPlan, planFork } from './plan-fork.ts';

const parent = 'run_x';

const planner = behavior({
  name: 'planner',
  on: 'goal.created',
  run: ({ graph }) => {
    for (const title of ['a', 'b']) graph.addObject('task', { title });
  },
});

function reader(description = 'Read.'): Behavior {
  return llmBehavior({
    name: 'reader',
    description,
    on: 'object.created',
    where: { 'object.type': 'task' },
    output: z.object({ text: z.string() }),
    maxTokens: 100,
    run: ({ output, graph }) => void graph.addObject('note', output),
  });
}

const look = tool({ name: 'look', costPerCallUsd: '0.03', run: () => 'seen' });

const looker = behavior({
  name: 'looker',
  on: 'object.created',
  where: { 'object.type': 'note' },
  tools: [look],
  run: async ({ ctx, event, graph }) => {
    await ctx.callTool('look', { at: event.payload.id });
    await ctx.callTool('look', { again: event.payload.id });
    graph.emit('looked');
  },
});

const behaviors = [planner, reader(), looker];

async function recorded(): Promise<LogStore> {
  const store = openMemoryStore({ sha256, nowMs: nodePlatform.nowMs });
  const answer = { json: { text: 'T' }, costUsd: '0.002', inputTokens: 9, outputTokens: 5 };
  const model = scriptedModel({ defaultModel: 'm-1', respond: () => answer });
  const run = await open(store, { runId: parent, behaviors, model });
  await run.runGoal('g');
  await run.close();
  return store;
}

/** The id of the last event of a type that tells of a behavior. */
async function lastOf(store: LogStore, type: string, name: string): Promise<string> {
  let found = '';
  for await (const page of store.read(parent, { types: [type] }))
    for (const { id, payload } of page) if (payload.includes(`"behavior":"${name}"`)) found = id;
  return found;
}

/** Everything that the store holds of its runs. */
async function fingerprint(store: LogStore): Promise<unknown> {
  const logs = await store.logs();
  return { logs, records: await store.records('opening', '') };
}

const at = (store: LogStore, atEvent: string) => ({ store, fork: { parent, atEvent } });

it('says that a fork which asks what its parent asked costs nothing', async () => {
  const { store, fork } = at(await recorded(), 'evt_001');
  expect(await planFork(store, fork, { behaviors })).toEqual({
    ...fork,
    sharedEvents: 1,
    servedFromRecord: 6,
    live: [],
    diverging: [],
    stoppedAfterEvents: null,
    estimatedCostUsd: '0',
    isComplete: true,
  });
});

it('refuses an id that a run of the store has, or none could have', async () => {
  const { store, fork } = at(await recorded(), 'evt_001');
  const other = await open(store, { runId: 'other' });
  await other.close();
  const plan = async (runId: string) => planFork(store, { ...fork, runId }, { behaviors });
  await expect(plan('other')).rejects.toBeInstanceOf(RunExistsError);
  await expect(plan('x'.repeat(257))).rejects.toMatchObject({ name: 'InvalidEventError' });
  expect(await plan('free')).toMatchObject({ servedFromRecord: 6, isComplete: true });
});

it('lists what the record cannot answer, by what the same behavior cost before', async () => {
  const { store, fork } = at(await recorded(), 'evt_001');
  const plan = await planFork(store, fork, { behaviors: [planner, reader('Read aloud.'), looker] });
  expect(plan).toMatchObject({
    servedFromRecord: 0,
    isComplete: false,
    estimatedCostUsd: '0.004',
    live: [
      {
        kind: 'model',
        name: 'm-1',
        behavior: 'reader',
        eventId: 'evt_003',
        estimatedOutputTokens: 5,
        estimatedCostUsd: '0.002',
        basis: { kind: 'recorded' },
      },
      { behavior: 'reader', eventId: 'evt_004', estimatedCostUsd: '0.002' },
    ],
  });
});

it('takes the price of the provider where there is one, and asks it for nothing else', async () => {
  const { store, fork } = at(await recorded(), 'evt_001');
  const refused = async (): Promise<never> => {
    throw new Error('nobody may ask');
  };
  const model: ModelProvider = {
    defaultModel: 'm-2',
    recognizesModel: () => true,
    estimateCost: ({ model: name, outputTokens }) => (name === 'm-2' ? `0.${outputTokens}` : '9'),
    complete: refused,
    countTokens: refused,
  };
  const { live, estimatedCostUsd } = await planFork(store, fork, { behaviors, model });
  expect(live.map(({ name, basis }) => [name, basis.kind])).toEqual([
    ['m-2', 'provider'],
    ['m-2', 'provider'],
  ]);
  expect(estimatedCostUsd).toBe('1');
});

it('lists the first call of an invocation, and goes on with the rest of the queue', async () => {
  const { store, fork } = at(await recorded(), 'evt_001');
  const plan = await planFork(store, { ...fork, record: true }, { behaviors });
  expect(plan.live.map(({ behavior: name, eventId }) => `${name} ${eventId}`)).toEqual([
    'reader evt_004',
    'reader evt_005',
  ]);
  expect([plan.sharedEvents, plan.servedFromRecord]).toEqual([1, 0]);
});

it('lists calls of tools with what they declare to cost', async () => {
  const store = await recorded();
  const atEvent = await lastOf(store, 'behavior.completed', 'reader');
  const { live } = await planFork(store, { parent, atEvent, record: true }, { behaviors });
  expect(live.map(({ kind, name, estimatedCostUsd: cost, basis }) => [kind, name, cost, basis.kind])).toEqual(
    [
      ['tool', 'look', '0.03', 'declared'],
      ['tool', 'look', '0.03', 'declared'],
    ],
  );
});

it('lists a question that was put before the fork point and not answered by then', async () => {
  const store = await recorded();
  const atEvent = await lastOf(store, 'llm.requested', 'reader');
  const { live } = await planFork(store, { parent, atEvent, record: true }, { behaviors });
  expect(live.map(({ kind, behavior: name, eventId }) => [kind, name, eventId])).toEqual([
    ['model', 'reader', 'evt_004'],
    ['tool', 'looker', 'evt_009'],
  ]);
});

it('keeps behaviors that answer failures from answering those of the plan', async () => {
  const store = await recorded();
  const retry = behavior({
    name: 'retry',
    on: ['behavior.failed'],
    tools: [look],
    run: async ({ ctx }) => void (await ctx.callTool('look', {})),
  });
  const { live } = await planFork(
    store,
    { parent, atEvent: 'evt_001', record: true },
    { behaviors: [...behaviors, retry] },
  );
  expect(live.map(({ behavior: name }) => name)).toEqual(['reader', 'reader']);
});

const counted = pack({
  name: 'counted',
  version: '1.0.0',
  settings: z.object({ count: z.number().default(1) }),
  tools: [look],
  behaviors: [
    behavior<'goal.created', { count: number }>({
      name: 'looker',
      on: 'goal.created',
      tools: ['look'],
      run: async ({ ctx }) => {
        for (let n = 0; n < ctx.settings.count; n += 1) await ctx.callTool('look', { n });
      },
    }),
  ],
});

it('plans under other settings, for a fork of a fork too', async () => {
  const store = openMemoryStore({ sha256, nowMs: nodePlatform.nowMs });
  const run = await open(store, { runId: parent, packs: [counted] });
  await run.runGoal('g');
  const fork = await run.fork({ atEvent: 'evt_002', runId: 'fork' });
  await fork.runUntilIdle();
  await fork.close();
  await run.close();
  const of = { name: 'counted', version: '1.0.0' };
  const overrides = [{ pack: of, key: 'count', value: 2 }];
  const plan = await planFork(store, { parent: 'fork', atEvent: 'evt_002', overrides }, { packs: [counted] });
  expect(plan).toMatchObject({
    servedFromRecord: 1,
    live: [{ kind: 'tool', name: 'counted.look', behavior: 'counted.looker', eventId: 'evt_002' }],
    estimatedCostUsd: '0.03',
    isComplete: false,
  });
});

it('gives up on behaviors that feed themselves, and says so', async () => {
  const feeder = behavior({
    name: 'feeder',
    on: ['goal.created', 'fed'],
    run: ({ graph }) => graph.emit('fed'),
  });
  const store = openMemoryStore({ sha256, nowMs: nodePlatform.nowMs });
  const run = await open(store, { runId: parent, behaviors: [feeder], budget: { maxEvents: 20 } });
  await run.runGoal('g');
  await run.close();
  const plan = await planFork(store, { parent, atEvent: 'evt_001' }, { behaviors: [feeder] });
  expect(plan).toMatchObject({ live: [], stoppedAfterEvents: 20_000, isComplete: false });
});

it('lists an interrupted invocation that would ask something else than before', async () => {
  const store = await recorded();
  const asked = await lastOf(store, 'llm.requested', 'reader');
  const plan = await planFork(
    store,
    { parent, atEvent: asked },
    { behaviors: [planner, reader('Read aloud.'), looker] },
  );
  expect(plan).toMatchObject({ live: [], diverging: [{ behavior: 'reader' }], isComplete: true });
});

it('writes nothing', async () => {
  const store = await recorded();
  const before = await fingerprint(store);
  await planFork(store, { parent, atEvent: 'evt_001' }, { behaviors });
  await planFork(store, { parent, atEvent: 'evt_001', record: true }, { behaviors });
  expect(await fingerprint(store)).toEqual(before);
});

it('refuses what a fork refuses', async () => {
  const store = await recorded();
  const plan = (fork: ForkToPlan) => planFork(store, fork, { behaviors });
  await expect(plan({ parent: 'nobody', atEvent: 'evt_001' })).rejects.toBeInstanceOf(RunNotFoundError);
  await expect(plan({ parent, atEvent: 'evt_999' })).rejects.toBeInstanceOf(EventNotFoundError);
  await expect(plan({ parent, atEvent: 'evt_003' })).rejects.toBeInstanceOf(InvalidRuntimeConfiguration);
  await expect(planFork(store, { parent, atEvent: 'evt_001' }, {})).rejects.toBeInstanceOf(
    IncompatibleRuntimeState,
  );
});
