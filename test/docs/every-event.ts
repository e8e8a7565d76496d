// Drives runs until every event type that the product writes has occurred, and hands out all of their events.
import {
  behavior,
  llmBehavior,
  load,
  type LogEvent,
  open,
  openStore,
  pack,
  relationBehavior,
  type Runtime,
  scriptedModel,
  tool,
} from 'runlog';
import { z } from 'zod';

async function eventsOf(run: Runtime): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const event of run.events()) events.push(event);
  await run.close();
  return events;
}

const maker = behavior({
  name: 'maker',
  on: 'goal.created',
  run: ({ graph }) => {
    const [left, right, gone] = ['left', 'right', 'gone'].map(
      (type) => graph.addObject(type, { count: 1 }).id,
    );
    const edge = graph.addRelation(left ?? '', right ?? '', 'beside');
    const spare = graph.addRelation(right ?? '', gone ?? '', 'beside');
    graph.patchObject(left ?? '', { count: 2 });
    const [one, two] = [3, 4].map((count) => graph.proposePatch(right ?? '', { value: { count } }).id);
    graph.applyPatch(one ?? '');
    graph.rejectPatch(two ?? '', 'too late');
    graph.removeRelation(spare.id);
    graph.removeObject(gone ?? '');
    graph.emit('edge.made', { source: edge.source });
  },
});

const breaker = behavior({
  name: 'breaker',
  on: 'edge.made',
  run: () => {
    throw new Error('broken');
  },
});

function onEdge(name: string, run: () => void, activateAfter?: number) {
  const when = activateAfter === undefined ? {} : { activateAfter };
  return relationBehavior({ name, relationType: 'beside', on: 'edge.made', run, ...when });
}

async function graphEvents(): Promise<LogEvent[]> {
  const later = behavior({ name: 'later', on: 'edge.made', activateAfter: 1, run: () => undefined });
  const edgeBreaker = onEdge('edge_breaker', () => {
    throw new Error('broken');
  });
  const behaviors = [
    maker,
    breaker,
    onEdge('edge', () => undefined),
    edgeBreaker,
    later,
    onEdge('edge_later', () => undefined, 1),
  ];
  const run = await open('memory:', { behaviors });
  await run.runGoal('Change everything');
  return eventsOf(run);
}

const echo = tool({ name: 'echo', inputSchema: z.object({ text: z.string() }), run: ({ text }) => text });
const failing = tool({ name: 'failing', run: () => Promise.reject(new Error('no')) });

const asker = llmBehavior({
  name: 'asker',
  on: 'goal.created',
  tools: [echo, failing],
  run: ({ rawText, graph }) => {
    graph.addObject('answer', { text: rawText });
  },
});

const caller = behavior({
  name: 'caller',
  on: 'goal.created',
  tools: [echo],
  run: async ({ ctx, graph }) => {
    graph.addObject('echo', { text: (await ctx.callTool('echo', { text: 'hello' })).output });
  },
});

async function effectEvents(): Promise<LogEvent[]> {
  const call = (name: string, args: { readonly text?: number | string }) => ({ toolCalls: [{ name, args }] });
  const thoughtful = { ...call('echo', { text: 'hello' }), vendorContent: [{ type: 'thinking' }] };
  const refused = { failure: { reason: 'llm.refused', message: 'no' } };
  const respond = [thoughtful, 'done', call('echo', { text: 1 }), call('failing', {}), refused];
  const run = await open('memory:', {
    behaviors: [asker, caller],
    model: scriptedModel({ respond }),
    budget: { maxCostUsd: '1.00' },
  });
  for (const goal of ['answer', 'send wrong arguments', 'fail', 'be refused']) await run.runGoal(goal);
  const free = await open('memory:', { behaviors: [asker], model: scriptedModel({ respond: ['done'] }) });
  await free.runGoal('answer');
  return [...(await eventsOf(run)), ...(await eventsOf(free))];
}

async function approvalEvents(): Promise<LogEvent[]> {
  const proposer = behavior({
    name: 'proposer',
    on: 'goal.created',
    run: ({ ctx }) => [1, 2].map((number) => ctx.proposeObject('memo', { number })).length,
  });
  const run = await open('memory:', { behaviors: [proposer] });
  await run.runGoal('Propose');
  await run.approve('approval_001', { by: 'ada' });
  await run.deny('approval_002', { by: 'ada' });
  return eventsOf(run);
}

async function packEvents(): Promise<LogEvent[]> {
  const shop = pack({ name: 'shop', version: '1.0.0', settings: z.object({ stars: z.number().default(3) }) });
  const store = await openStore('memory:');
  const parent = await open(store, { runId: 'parent', packs: [shop] });
  const fork = await parent.fork({ atEvent: 'evt_001', settings: { shop: { stars: 4 } }, record: true });
  return eventsOf(fork);
}

async function budgetEvents(): Promise<LogEvent[]> {
  const store = await openStore('memory:');
  const run = await open(store, { runId: 'poor', behaviors: [maker], budget: { maxBehaviorCalls: 0 } });
  await run.runGoal('Stop');
  await run.close();
  return eventsOf(await load(store, { runId: 'poor' }));
}

async function promotionEvents(): Promise<LogEvent[]> {
  const run = await open('memory:', { runId: 'parent', behaviors: [] });
  await run.mutate((graph) => graph.addObject('offer', { price: 100 }));
  const fork = await run.fork({ atEvent: 'evt_001', runId: 'fork' });
  await fork.mutate((graph) => graph.patchObject('offer#1', { price: 90 }));
  await run.promote(fork, { by: 'ada' });
  await fork.close();
  await run.mutate((graph) => {
    const other = graph.addObject('offer', {}).id;
    for (const expectedVersion of [2, 1])
      graph.patchObjects([
        { target: 'offer#1', updates: { price: 80 }, expectedVersion },
        { target: other, updates: { price: 80 } },
      ]);
  });
  return eventsOf(run);
}

export async function everyEvent(): Promise<readonly LogEvent[]> {
  const all = await Promise.all([
    graphEvents(),
    effectEvents(),
    approvalEvents(),
    packEvents(),
    promotionEvents(),
    budgetEvents(),
  ]);
  return all.flat();
}
