/**
 * Decides which runs are stopped and resumed: each kind of behavior once, so that every kind of trace that a stopped run can
 * leave is there. A run counts what it asks of models and tools, and gets the same answer to the same question.
 */
import {
  behavior,
  type Behavior,
  llmBehavior,
  logicalClock,
  type OpenOptions,
  relationBehavior,
  type Runtime,
  scriptedModel,
  tool,
} from 'runlog';
import type { ModelRequest, ScriptedReply, Tool, ToolInvoker } from 'runlog/effects';
import { intake } from 'runlog/log';
import { z } from 'zod';

export interface DrivenRun {
  readonly name: string;
  readonly options: () => OpenOptions;
  /** Goes from wherever the run stands to its end. */
  readonly drive: (run: Runtime) => Promise<void>;
}

/** How often each question was put to a model or a tool. */
export type Asked = Map<string, number>;

export function drivenRuns(asked: Asked): readonly DrivenRun[] {
  const count = (question: string): void => void asked.set(question, (asked.get(question) ?? 0) + 1);
  return [
    { name: 'functions', options: () => ({ behaviors: functions }), drive: toGoal },
    { name: 'relations', options: () => ({ behaviors: relations }), drive: toGoal },
    { name: 'a model with tools', options: () => modelOptions(count), drive: toGoal },
    { name: 'delays', options: () => ({ behaviors: delays }), drive: toGoal },
    { name: 'failures', options: () => ({ behaviors: failures }), drive: toGoal },
    { name: 'decisions on the graph', options: () => ({ behaviors: decisions }), drive: toGoal },
    { name: 'proposals', options: () => ({ behaviors: proposals }), drive: overApprovals },
    { name: 'asynchronous handlers', options: () => asyncOptions(count), drive: toGoal },
    {
      name: 'a budget that runs out',
      options: () => ({ behaviors: functions, budget: { maxBehaviorCalls: 5 } }),
      drive: toGoal,
    },
    {
      name: 'a model under a limit of cost',
      options: () => ({ ...modelOptions(count), budget: { maxCostUsd: '0.06' } }),
      drive: toGoal,
    },
    {
      name: 'a model whose budget runs out',
      options: () => ({ ...modelOptions(count), budget: { maxLlmCalls: 2, maxBehaviorCalls: 3 } }),
      drive: toGoal,
    },
  ];
}

/** Takes no time, so that no answer says how long it took. */
const invoker: ToolInvoker = {
  invoke: async (called, args, context) => ({
    output: intake(await called.run(args, context)).value,
    latencySeconds: 0,
    costUsd: called.costPerCallUsd,
  }),
};

export const common = { runId: 'run_x', clock: logicalClock('2026-01-01T00:00:00Z'), seed: 7, invoker };

async function toGoal(run: Runtime): Promise<void> {
  if ((await run.head()).seq === 0) await run.emit('goal.created', { goal: 'g' });
  await run.runUntilIdle();
}

async function overApprovals(run: Runtime): Promise<void> {
  await toGoal(run);
  for (const { id, objectType } of await run.approvals()) {
    if (objectType === 'memo') await run.approve(id, { by: 'jane' });
    else await run.deny(id, { by: 'jane', reason: 'no' });
    await run.runUntilIdle();
  }
}

const planner = behavior({
  name: 'planner',
  on: 'goal.created',
  run: ({ graph, ctx }) => {
    for (let n = 0; n < 3; n += 1) graph.addObject('task', { n, lot: ctx.random.integer(0, 1000) });
  },
});

/** Two behaviors on one event, of which the second sees what the first did. */
const functions: readonly Behavior[] = [
  planner,
  behavior({
    name: 'marker',
    on: 'object.created',
    where: { 'object.type': 'task' },
    run: ({ event, graph }) => void graph.patchObject(event.payload.id, { marked: true }),
  }),
  behavior({
    name: 'counter',
    on: 'object.created',
    where: { 'object.type': 'task' },
    run: ({ graph }) => {
      const marked = graph.objects('task', { marked: true }).length;
      graph.emit('counted', { marked });
      if (marked === 3) graph.addObject('summary', { marked });
    },
  }),
];

const relations: readonly Behavior[] = [
  behavior({
    name: 'weaver',
    on: 'goal.created',
    run: ({ graph }) => {
      const [a, b, c] = ['a', 'b', 'c'].map((type) => graph.addObject(type, {}).id);
      graph.addRelation(a ?? '', b ?? '', 'knows');
      graph.addRelation(a ?? '', c ?? '', 'knows');
      graph.addRelation(b ?? '', c ?? '', 'knows');
      graph.emit('ping', { of: a });
    },
  }),
  // Cuts edges while others wait for the same event: what matched before still reacts.
  relationBehavior({
    name: 'cutter',
    relationType: 'knows',
    on: 'ping',
    run: ({ relation, graph }) => {
      if (graph.relation(relation.id) !== undefined) graph.removeObject(relation.target);
    },
  }),
  relationBehavior({
    name: 'teller',
    relationType: 'knows',
    on: 'ping',
    run: ({ relation, graph }) => graph.emit('told', { to: relation.target }),
  }),
];

const decisions: readonly Behavior[] = [
  planner,
  // Both decide on the graph as it stood when the event came up, also when the first one has changed it.
  behavior({
    name: 'first of all',
    on: 'object.created',
    when: ({ graph }) => graph.objects('note').length === 0,
    run: ({ graph }) => void graph.addObject('note', {}),
  }),
  behavior({
    name: 'also first of all',
    on: 'object.created',
    when: ({ graph }) => graph.objects('note').length === 0,
    run: ({ graph }) => graph.emit('seen', { notes: graph.objects('note').length }),
  }),
];

const delays: readonly Behavior[] = [
  planner,
  behavior({
    name: 'later',
    on: 'object.created',
    where: { 'object.type': 'task' },
    activateAfter: 2,
    run: ({ event, graph }) => graph.emit('late', { of: event.payload.id }),
  }),
  behavior({
    name: 'much later',
    on: 'goal.created',
    activateAfter: 5,
    run: ({ graph }) => graph.emit('very late'),
  }),
  behavior({
    name: 'never',
    on: 'goal.created',
    activateAfter: 500,
    run: ({ graph }) => graph.emit('never'),
  }),
  behavior({ name: 'echo', on: 'late', run: ({ graph }) => void graph.addObject('echo', {}) }),
];

const failures: readonly Behavior[] = [
  planner,
  behavior({
    name: 'breaker',
    on: 'object.created',
    where: { 'object.type': 'task' },
    run: ({ event, graph }) => {
      graph.addObject('lost', {});
      if (event.payload.object.data['n'] !== 1) throw new Error(`broke on ${event.payload.id}`);
      throw Object.assign(new Error('odd'), { name: 'Odd' });
    },
  }),
  behavior({
    name: 'reporter',
    on: 'behavior.failed',
    run: ({ event, graph }) => {
      if (event.payload.exception_type === 'Odd') throw new Error('cannot report this');
      graph.addObject('report', { of: event.payload.behavior });
    },
  }),
  behavior({
    name: 'picky',
    on: 'goal.created',
    when: () => {
      throw new Error('cannot decide');
    },
    run: () => {},
  }),
];

const proposals: readonly Behavior[] = [
  behavior({
    name: 'proposer',
    on: 'goal.created',
    run: ({ ctx, graph }) => {
      ctx.proposeObject('memo', { text: 'buy' }, 'needs a human');
      ctx.proposeObject('risk', { text: 'debt' }, 'needs a human');
      graph.addObject('t', { x: 1 });
      graph.proposePatch('t#1', { value: { x: 2 } });
    },
  }),
  behavior({
    name: 'decider',
    on: 'object.created',
    where: { 'object.type': 'memo' },
    run: ({ graph }) => void graph.applyPatch('patch_001'),
  }),
];

type Count = (question: string) => void;

function lookup(count: Count): Tool {
  return tool({
    name: 'lookup',
    inputSchema: z.object({ q: z.string() }),
    costPerCallUsd: '0.01',
    run: ({ q }) => {
      count(`lookup ${q}`);
      if (q === 'broken') throw new Error('broken');
      return { found: q.length };
    },
  });
}

/** Asks for tools twice before it answers; how far it is can be read off the question. */
function reply(count: Count, request: ModelRequest): ScriptedReply {
  const turn = request.messages.filter(({ role }) => role === 'assistant').length;
  count(`model ${request.system.length} ${request.messages.map(({ content }) => content).join('|')}`);
  const paid = { costUsd: '0.001', inputTokens: 10, outputTokens: 5 };
  if (turn === 0) {
    const calls = ['one', 'two'].map((q) => ({ id: `c_${q}`, name: 'lookup', args: { q } }));
    return { ...paid, text: 'looking', toolCalls: calls };
  }
  if (turn === 1) return { ...paid, toolCalls: [{ id: 'c_three', name: 'lookup', args: { q: 'three' } }] };
  return { ...paid, json: { text: 'found' } };
}

function modelOptions(count: Count): OpenOptions {
  const reader = llmBehavior({
    name: 'reader',
    on: 'object.created',
    where: { 'object.type': 'task' },
    output: z.object({ text: z.string() }),
    view: { recentEvents: 5 },
    tools: [lookup(count)],
    run: async ({ output, graph, ctx, event }) => {
      await ctx.callTool('lookup', { q: `after ${event.payload.id}` });
      graph.addObject('finding', output);
    },
  });
  const model = scriptedModel({ respond: (request) => reply(count, request), estimateCost: () => '0.002' });
  return { behaviors: [planner, reader], model, frame: { goal: 'Find' } };
}

function asyncOptions(count: Count): OpenOptions {
  const tools = [lookup(count)];
  const behaviors = [
    planner,
    behavior({
      name: 'caller',
      on: 'object.created',
      where: { 'object.type': 'task' },
      tools,
      run: async ({ event, graph, ctx }) => {
        const first = await ctx.callTool('lookup', { q: `a ${event.payload.id}` });
        graph.addObject('note', { output: first.output });
        const both = await Promise.all([
          ctx.callTool('lookup', { q: `b ${event.payload.id}` }),
          ctx.callTool('lookup', { q: 'broken' }).catch(() => null),
        ]);
        graph.emit('called', { answers: both.filter((answer) => answer !== null).length });
      },
    }),
    behavior({
      name: 'forgetful',
      on: 'goal.created',
      tools,
      run: ({ ctx, graph }) => {
        // Nobody waits for this call; it belongs to the invocation all the same.
        void ctx.callTool('lookup', { q: 'unawaited' });
        graph.addObject('forgotten', {});
      },
    }),
    behavior({
      name: 'hasty',
      on: 'goal.created',
      tools,
      run: ({ ctx }) => {
        const calls = ['broken', 'second', 'third'].map(async (q) => ctx.callTool('lookup', { q }));
        return Promise.all([...calls, calls[1]?.then(async () => ctx.callTool('lookup', { q: 'fourth' }))]);
      },
    }),
    behavior({
      name: 'waiter',
      on: 'called',
      run: async ({ graph }) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        graph.addObject('waited', {});
      },
    }),
    behavior({
      name: 'thrower',
      on: 'called',
      run: async () => {
        throw new Error('at once');
      },
    }),
  ];
  return { behaviors };
}
