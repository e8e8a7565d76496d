import { expect, it } from 'vitest';
import { z } from 'zod';
import { llmError, type ModelProvider, scriptedModel, type Tool, tool } from '../../effects/index.ts';
import { type LogStore, openMemoryStore } from '../../log/index.ts';
import { loadPack, pack, type PackOptions, type PackRequest } from '../../packs/index.ts';
import { behavior, type Behavior, llmBehavior, relationBehavior } from '../../runtime/index.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { load, open } from '../open.ts';
import type { LoadOptions, OpenOptions } from '../open-options.ts';
import { verifyRun } from './verify-run.ts';

const runId = 'run_x';

function newStore(): LogStore {
  return openMemoryStore({ sha256, nowMs: nodePlatform.nowMs });
}

async function recorded(options: OpenOptions, goals: readonly string[] = ['g']): Promise<LogStore> {
  const store = newStore();
  const run = await open(store, { ...options, runId });
  for (const goal of goals) await run.runGoal(goal);
  await run.close();
  return store;
}

async function divergenceOf(store: LogStore, options: LoadOptions) {
  const { divergence } = await verifyRun(store, { ...options, runId });
  return divergence;
}

async function expectVerified(store: LogStore, options: LoadOptions): Promise<void> {
  const { seq } = await store.head(runId);
  const report = await verifyRun(store, { ...options, runId });
  expect(report).toMatchObject({ divergence: null, events: seq, verified: seq });
}

const planner = behavior({
  name: 'planner',
  on: 'goal.created',
  run: ({ graph }) => void graph.addObject('task', { n: 1 }),
});
const marker = behavior({
  name: 'marker',
  on: 'object.created',
  run: ({ event, graph }) => void graph.patchObject(event.payload.id, { marked: true }),
});
const teller = behavior({ name: 'teller', on: 'object.created', run: ({ graph }) => graph.emit('told') });

function reader(options: { readonly description?: string; readonly maxTokens?: number } = {}): Behavior {
  return llmBehavior({
    name: 'reader',
    on: 'object.created',
    where: { 'object.type': 'task' },
    output: z.object({ text: z.string() }),
    run: ({ output, graph }) => void graph.addObject('note', output),
    ...options,
  });
}

const answering = () => scriptedModel({ respond: () => ({ json: { text: 'T' } }) });

it('finds a value that a behavior makes otherwise, deep in a payload', async () => {
  const store = await recorded({ behaviors: [planner, marker] });
  const other = behavior({
    name: 'marker',
    on: 'object.created',
    run: ({ event, graph }) => void graph.patchObject(event.payload.id, { marked: false }),
  });
  expect(await divergenceOf(store, { behaviors: [planner, other] })).toMatchObject({
    kind: 'payload_mismatch',
    eventId: 'evt_006',
    field: 'payload.patch.value.marked',
    expected: true,
    actual: false,
    behavior: 'marker',
    probablyChanged: ["the code of behavior 'marker'"],
  });
});

it('finds a changed prompt at the request, and says which part of it', async () => {
  const store = await recorded({ behaviors: [planner, reader()], model: answering() });
  const divergence = await divergenceOf(store, { behaviors: [planner, reader({ description: 'Be kind.' })] });
  expect(divergence).toMatchObject({ kind: 'prompt_hash_mismatch', field: 'payload.prompt_hash' });
  expect(divergence?.probablyChanged[0]).toMatch(/^the system prompt .* Be kind\./);
  expect(divergence?.probablyChanged[1]).toBe(
    "what behavior 'reader' declares: its filter, view, tools, or what it tells a model",
  );
});

it('finds another default model, when one is given', async () => {
  const model = scriptedModel({ defaultModel: 'old', respond: () => ({ json: { text: 'T' } }) });
  const store = await recorded({ behaviors: [planner, reader()], model });
  const now = scriptedModel({ defaultModel: 'new', respond: [] });
  expect(await divergenceOf(store, { behaviors: [planner, reader()], model: now })).toMatchObject({
    field: 'payload.model',
    expected: 'old',
    actual: 'new',
    probablyChanged: ['model of the request: "old", now "new"', 'the default model: old, now new'],
  });
  expect(now.calls).toBe(0);
});

it('reports a behavior that is not given at its first start', async () => {
  const store = await recorded({ behaviors: [planner, marker, teller] });
  expect(await divergenceOf(store, { behaviors: [planner, teller] })).toMatchObject({
    eventType: 'behavior.started',
    behavior: 'marker',
    field: 'payload.behavior',
    expected: 'marker',
    actual: 'teller',
    probablyChanged: ["behavior 'marker' is not given"],
  });
});

it('finds another order of behaviors', async () => {
  const store = await recorded({ behaviors: [planner, marker, teller] });
  expect(await divergenceOf(store, { behaviors: [planner, teller, marker] })).toMatchObject({
    field: 'payload.behavior',
    expected: 'marker',
    actual: 'teller',
    probablyChanged: ['the order of behaviors: planner, marker, teller; now planner, teller, marker'],
  });
});

it('finds a behavior that is new', async () => {
  const store = await recorded({ behaviors: [planner, marker] });
  expect(await divergenceOf(store, { behaviors: [planner, marker, teller] })).toMatchObject({
    kind: 'type_mismatch',
    expected: 'runtime.idle',
    actual: 'behavior.started',
    probablyChanged: ["behavior 'teller' is new: the run was driven without it"],
  });
});

it('finds another subscription', async () => {
  const store = await recorded({ behaviors: [planner, teller] });
  const later = behavior({ name: 'teller', on: 'patch.applied', run: ({ graph }) => graph.emit('told') });
  const divergence = await divergenceOf(store, { behaviors: [planner, later] });
  expect(divergence).toMatchObject({ kind: 'length_mismatch', behavior: 'teller', actual: null });
  expect(divergence?.probablyChanged).toEqual([
    `the subscription of behavior 'teller': ["object.created"], now ["patch.applied"]`,
  ]);
});

it('does not mind a traceback from another line', async () => {
  const broken = (message: string): Behavior =>
    behavior({
      name: 'broken',
      on: 'goal.created',
      run: () => {
        throw new Error(message);
      },
    });
  const store = await recorded({ behaviors: [broken('no')] });
  const elsewhere = behavior({
    name: 'broken',
    on: 'goal.created',
    run: () => {
      throw new Error('no');
    },
  });
  await expectVerified(store, { behaviors: [elsewhere] });
  expect(await divergenceOf(store, { behaviors: [broken('yes')] })).toMatchObject({
    field: 'payload.message',
    expected: 'no',
    actual: 'yes',
  });
});

const counted = (options: Partial<PackOptions<{ readonly count: number }>> = {}) =>
  pack({
    name: 'counted',
    version: '1.0.0',
    settings: z.object({ count: z.number().default(1) }),
    prompts: [{ name: 'adder', version: '1', body: 'Add.' }],
    behaviors: [
      behavior<'goal.created', { count: number }>({
        name: 'adder',
        on: 'goal.created',
        run: ({ graph, ctx }) => {
          for (let n = 0; n < ctx.settings.count; n += 1) graph.addObject('item', { n });
        },
      }),
    ],
    ...options,
  });

it('verifies a run with a pack, whose settings it takes from the log', async () => {
  const store = await recorded({ packs: [{ pack: counted(), settings: { count: 3 } }] }, ['a', 'b']);
  await expectVerified(store, { packs: [counted()] });
  await expectVerified(store, { packs: [{ pack: counted(), settings: { count: 3 } }] });
});

it.each<readonly [string, PackRequest, string, RegExp]>([
  [
    'setting',
    { pack: counted(), settings: { count: 2 } },
    'payload.settings',
    /^setting 'count' of pack 'counted': 3, now 2$/,
  ],
  [
    'version',
    counted({ version: '2.0.0' }),
    'payload.version',
    /^the version of pack 'counted': 1.0.0, now 2.0.0$/,
  ],
  [
    'prompt',
    counted({ prompts: [{ name: 'adder', version: '1', body: 'Subtract.' }] }),
    'payload.prompts.adder.hash',
    /^prompt 'adder' of pack 'counted': /,
  ],
  [
    'schema of settings',
    counted({ settings: z.object({ count: z.number().max(2) }) }),
    'payload.settings',
    /^the settings of pack 'counted' are refused now: /,
  ],
])('finds another %s of a pack where the pack is loaded', async (_what, request, field, text) => {
  const store = await recorded({ packs: [{ pack: counted(), settings: { count: 3 } }] });
  const divergence = await divergenceOf(store, { packs: [request] });
  expect(divergence).toMatchObject({ eventId: 'evt_001', eventType: 'pack.loaded', field });
  expect(divergence?.probablyChanged[0]).toMatch(text);
});

it('verifies a fork under other settings, with those in its log', async () => {
  const store = await recorded({ packs: [{ pack: counted(), settings: { count: 3 } }] });
  const run = await load(store, { runId, packs: [counted()] });
  const fork = await run.fork({ atEvent: 'evt_002', runId: 'fork' });
  await fork.close();
  await run.close();
  const changed = await load(store, { runId: 'fork', withoutMissing: true });
  const of = { name: 'counted', version: '1.0.0' };
  await changed.emit('pack.settings_overridden', { pack: of, key: 'count', value: 1 });
  await loadPack(changed, counted(), sha256);
  await changed.runUntilIdle();
  expect(changed.graph.objects('item')).toHaveLength(1);
  await changed.close();
  const report = await verifyRun(store, { runId: 'fork', packs: [counted()] });
  expect(report.divergence).toBeNull();
});

it('verifies a run whose behaviors came in and went between its openings', async () => {
  const store = await recorded({ behaviors: [planner] });
  const second = await load(store, { runId, behaviors: [planner, marker] });
  await second.runGoal('second');
  await second.close();
  const third = await load(store, { runId, behaviors: [marker] });
  await third.runGoal('third');
  await third.close();
  await expectVerified(store, { behaviors: [planner, marker] });
});

it('verifies a run in which a pack came in later, by the program that drove it', async () => {
  const store = newStore();
  const run = await open(store, { runId, behaviors: [planner] });
  await run.runGoal('first');
  await loadPack(run, counted(), sha256);
  await run.runGoal('second');
  await run.close();
  await expectVerified(store, { behaviors: [planner], packs: [counted()] });
});

it('verifies stops of a budget, and what was done under larger ones', async () => {
  const store = newStore();
  const behaviors = [planner, marker, teller];
  for (const maxBehaviorCalls of [1, 2, 3, 9]) {
    const isNew = (await store.info(runId)) === undefined;
    const options = { runId, behaviors, budget: { maxBehaviorCalls } };
    const run = await (isNew ? open : load)(store, options);
    if (isNew) await run.emit('goal.created', { goal: 'g' });
    await run.runUntilIdle();
    await run.close();
  }
  await expectVerified(store, { behaviors });
});

it('verifies what people did between two goals, and while a handler waited', async () => {
  const store = newStore();
  const waitingFor = (gate: () => Promise<void>): Behavior =>
    behavior({
      name: 'waiting',
      on: 'goal.created',
      run: async ({ graph }) => {
        await gate();
        graph.addObject('task', {});
      },
    });
  let isWaiting: () => void = () => undefined;
  let goOn: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (isWaiting = resolve));
  const opened = new Promise<void>((resolve) => (goOn = resolve));
  const gate = async (): Promise<void> => {
    isWaiting();
    await opened;
  };
  const run = await open(store, { runId, behaviors: [waitingFor(gate), marker] });
  const first = run.runGoal('first');
  await arrived;
  await run.emit('note', { from: 'outside' });
  const mutated = run.mutate((graph) => graph.addObject('thing', {}));
  goOn();
  await Promise.all([first, mutated]);
  await run.mutate((graph) => graph.addObject('thing', { again: true }), { actor: 'jane' });
  await run.runUntilIdle();
  const types: string[] = [];
  for await (const { type } of run.events()) types.push(type);
  await run.close();
  expect(types.slice(0, 4)).toEqual(['goal.created', 'behavior.started', 'note', 'object.created']);
  await expectVerified(store, { behaviors: [waitingFor(async () => undefined), marker] });
});

it('finds the estimate of a call also when somebody did something right before it', async () => {
  const store = newStore();
  const scripted = scriptedModel({ respond: () => ({ json: { text: 'T' } }), estimateCost: () => '0.125' });
  const model: ModelProvider = {
    ...scripted,
    countTokens: async () => {
      await run.emit('note', { from: 'outside' });
      return 77;
    },
  };
  const behaviors = [planner, reader()];
  const run = await open(store, { runId, behaviors, model, budget: { maxCostUsd: '1' } });
  await run.runGoal('g');
  await run.close();
  await expectVerified(store, { behaviors });
});

it('plays failures of models and tools as they were, reasons and costs included', async () => {
  let calls = 0;
  const model = scriptedModel({
    respond: () => {
      calls += 1;
      if (calls === 1) throw llmError('llm.rate_limited', 'slow down', { retry_after_seconds: 2 });
      if (calls === 2) throw new TypeError('socket');
      return { text: 'no json', costUsd: '0.5' };
    },
  });
  const counting = tool({
    name: 'count',
    costPerCallUsd: '0.25',
    outputSchema: z.object({ n: z.number().max(1) }),
    run: () => ({ n: calls }),
  });
  const callerOf = (called: Tool): Behavior =>
    behavior({
      name: 'caller',
      on: 'object.created',
      tools: [called],
      run: async ({ ctx }) => void (await ctx.callTool('count', {})),
    });
  const store = await recorded({ behaviors: [planner, reader(), callerOf(counting)], model }, [
    'a',
    'b',
    'c',
  ]);
  const never = tool({
    name: 'count',
    costPerCallUsd: '0.25',
    run: () => {
      throw new Error('nobody may ask');
    },
  });
  await expectVerified(store, { behaviors: [planner, reader(), callerOf(never)] });
});

it('plays a failure of a tool that has a class of its own as its handler saw it', async () => {
  const store = newStore();
  const failing = tool({
    name: 'look',
    run: () => {
      throw llmError('llm.auth_error', 'no key');
    },
  });
  const looker = behavior({
    name: 'looker',
    on: 'goal.created',
    tools: [failing],
    run: async ({ ctx, graph }) => {
      const name = await ctx.callTool('look', {}).catch((error: Error) => error.name);
      graph.addObject('caught', { name });
      await ctx.callTool('look', {});
    },
  });
  const run = await open(store, { runId, behaviors: [looker] });
  await run.runGoal('g');
  expect(run.errors[0]).toMatchObject({ reason: 'llm.auth_error', exceptionType: 'ToolError' });
  await run.close();
  await expectVerified(store, { behaviors: [looker] });
});

it('verifies limits of time and of cost by the time of the machine', async () => {
  const store = newStore();
  let nowMs = 1_700_000_000_000;
  const clock = { kind: 'system', start: null, nowMs: () => (nowMs += 400) } as const;
  const behaviors = [
    behavior({
      name: 'ticker',
      on: ['goal.created', 'tick'],
      run: ({ graph, ctx }) => graph.emit('tick', { at: ctx.timestamp }),
    }),
  ];
  const run = await open(store, { runId, clock, behaviors, budget: { maxSeconds: 5 } });
  await run.runGoal('g');
  const last = (await run.status({ recent: 1 })).recentEvents[0];
  await run.close();
  expect(last?.type).toBe('runtime.budget_exhausted');
  await expectVerified(store, { behaviors });
});

it('verifies relation behaviors and delays', async () => {
  const behaviors = [
    behavior({
      name: 'weaver',
      on: 'goal.created',
      run: ({ graph }) => {
        const [a, b] = [graph.addObject('a', {}), graph.addObject('b', {})];
        graph.addRelation(a.id, b.id, 'knows');
        graph.emit('ping', { of: a.id });
      },
    }),
    relationBehavior({
      name: 'echo',
      on: 'ping',
      relationType: 'knows',
      activateAfter: 1,
      run: ({ graph }) => graph.emit('pong'),
    }),
  ];
  const store = await recorded({ behaviors }, ['a', 'b']);
  await expectVerified(store, { behaviors });
});

it('verifies a log as far as it goes when nobody has worked on its end yet', async () => {
  const store = await recorded({ behaviors: [planner] });
  const run = await load(store, { runId });
  await run.emit('goal.created', { goal: 'later' });
  await run.close();
  await expectVerified(store, { behaviors: [planner] });
});

it('rejects for a run that is not there', async () => {
  await expect(verifyRun(newStore(), { runId: 'nobody' })).rejects.toMatchObject({
    name: 'RunNotFoundError',
  });
});
