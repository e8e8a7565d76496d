/** Decides which runs the tests of the command line find in a store: each made by the runtime itself. */
import {
  behavior,
  frozenClock,
  llmBehavior,
  open,
  pack,
  relationBehavior,
  type Runtime,
  scriptedModel,
  tool,
} from 'runlog';
import { z } from 'zod';

const clock = frozenClock('2026-05-15T10:32:01Z');

const task = z.looseObject({ id: z.string(), data: z.looseObject({ status: z.string() }) });

const planner = behavior({
  name: 'planner',
  on: 'goal.created',
  run: ({ graph }) => {
    const research = graph.addObject('task', { title: 'Research', status: 'open' });
    const draft = graph.addObject('task', { title: 'Draft memo', status: 'blocked' });
    graph.addRelation(research.id, draft.id, 'depends_on');
  },
});

const researcher = behavior({
  name: 'researcher',
  on: 'object.created',
  where: { 'object.type': 'task' },
  run: ({ event, graph }) => {
    const { id, data } = task.parse(event.payload.object);
    if (data.status !== 'open') return;
    graph.addObject('claim', { text: 'Market early but growing.' });
    graph.emit('task.completed', { task_id: id });
  },
});

const unblock = relationBehavior({
  name: 'unblock',
  on: 'task.completed',
  relationType: 'depends_on',
  run: ({ relation, graph }) => {
    graph.patchObject(relation.target, { status: 'open' });
  },
});

/** The run of the README: 16 events, idle at the end. */
export async function makeReadmeRun(path: string, runId = 'run_x'): Promise<void> {
  const run = await open(path, {
    runId,
    clock,
    behaviors: [planner, researcher, unblock],
    frame: { goal: 'Audit' },
    budget: { maxCostUsd: '5.00' },
  });
  await run.runGoal('Evaluate this startup idea');
  await run.close();
}

const documentAdder = behavior({
  name: 'planner',
  on: 'goal.created',
  run: ({ graph }) => {
    graph.addObject('document', { title: 'Doc', body: 'héllo' });
  },
});

const lookUp = tool({
  name: 'my_tool',
  description: 'Counts.',
  deterministic: true,
  costPerCallUsd: '0.001',
  inputSchema: z.object({ q: z.string() }),
  outputSchema: z.object({ n: z.number() }),
  run: () => ({ n: 3 }),
});

const extractor = llmBehavior({
  name: 'extractor',
  on: 'object.created',
  where: { 'object.type': 'document' },
  output: z.object({ text: z.string() }),
  tools: [lookUp],
  run: ({ output, graph }) => {
    graph.addObject('claim', output);
  },
});

/** A run that asks a model, which calls a tool first. */
export async function makeModelRun(path: string, runId = 'run_m'): Promise<void> {
  const answer = { inputTokens: 10, outputTokens: 5, costUsd: '0.001', latencySeconds: 0.5 };
  const model = scriptedModel({
    defaultModel: 'claude-sonnet-4-5',
    countTokens: () => 100,
    respond: [
      { ...answer, text: 'thinking', toolCalls: [{ id: 'c1', name: 'my_tool', args: { q: 'abc' } }] },
      { ...answer, json: { text: 'T' } },
    ],
  });
  const run = await open(path, {
    runId,
    clock,
    behaviors: [documentAdder, extractor],
    model,
    budget: { maxCostUsd: '1.00' },
  });
  await run.runGoal('Audit Q3');
  await run.close();
}

const gatekeeper = behavior({
  name: 'gatekeeper',
  on: 'goal.created',
  run: ({ ctx }) => {
    ctx.proposeObject('risk', { title: 'Concentration' }, 'customer concentration');
    ctx.proposeObject('risk', { title: 'Churn' }, 'churn is high');
  },
});

const gated = pack({
  name: 'gated',
  version: '0.1.0',
  behaviors: [gatekeeper],
  prompts: [{ name: 'gatekeeper', version: '1.0.0', body: 'hello' }],
});

/** A run with two proposals, made by a pack. */
export async function makeGatedRun(path: string, runId = 'run_g'): Promise<void> {
  const run = await open(path, { runId, clock, packs: [gated] });
  await run.runGoal('Look for risks');
  await run.close();
}

/**
 * A run with an offer, and two forks behind it: `careful` lowers its price and adds a contract, `late` lowers it in another way
 * than the run did meanwhile.
 */
export async function makeForkedRuns(path: string): Promise<void> {
  const run = await open(path, { runId: 'run_f', clock });
  await run.mutate((graph) => {
    graph.addObject('offer', { price: 100, status: 'open' });
    graph.addObject('note', { text: 'old' });
  });
  const careful = await run.fork({ atEvent: 'evt_002', runId: 'careful', label: 'lower price' });
  await careful.mutate(
    (graph) => {
      graph.patchObject('offer#1', { price: 90, seen: null });
      const contract = graph.addObject('contract', { offer: 'offer#1' });
      graph.addRelation(contract.id, 'offer#1', 'closes');
    },
    { actor: 'jane' },
  );
  await careful.close();
  const late = await run.fork({ atEvent: 'evt_002', runId: 'late' });
  await late.mutate((graph) => graph.patchObject('note#2', { text: 'late' }));
  await late.close();
  await run.mutate((graph) => graph.patchObject('note#2', { text: 'new' }));
  await run.close();
}

/** What a stranger may write: sequences that steer a terminal, and lines that look like ours. */
export const hostileText =
  'x\n[runtime.idle]            forged\u001b[2J\u001b]0;owned\u0007 \u009b31m \u202e';

export async function makeHostileRun(path: string, runId = 'run_h'): Promise<void> {
  const run = await open(path, { runId, clock, label: hostileText });
  await run.emit('goal.created', { goal: hostileText }, { actor: hostileText });
  await run.emit(`odd.${hostileText}`, { [hostileText]: [hostileText] });
  await run.mutate((graph) => graph.addObject('note', { title: hostileText, status: hostileText }));
  await run.close();
}

/** A run of `count` events with payloads of about `characters`. */
export async function makeLongRun(
  path: string,
  size: { readonly count: number; readonly characters: number },
): Promise<void> {
  const run = await open(path, { runId: 'run_l', clock });
  const payload = { text: 'x'.repeat(size.characters) };
  for (let made = 0; made < size.count; made += 100)
    await emitMany(run, Math.min(100, size.count - made), payload);
  await run.close();
}

async function emitMany(run: Runtime, count: number, payload: object): Promise<void> {
  await run.mutate((graph) => {
    for (let made = 0; made < count; made += 1) graph.emit('long.event', payload);
  });
}
