// Drives one run, a fork of it, and a check of it, through everything that moves a metric or logs a line.
import {
  behavior,
  llmBehavior,
  load,
  open,
  openStore,
  RuntimeClosedError,
  scriptedModel,
  tool,
  verifyRun,
} from '../../../src/app/index.ts';
import type { ObserveOptions } from '../../../src/runtime/index.ts';
import { memoryPlace } from '../memory-store.ts';
import { stoppingStore } from '../stopping-store.ts';

const echo = tool({ name: 'echo', run: ({ text }: { readonly text: string }) => text });
const broken = tool({
  name: 'broken',
  run: () => Promise.reject(new Error('the key is sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAA')),
});

const asker = llmBehavior({
  name: 'asker',
  on: 'goal.created',
  tools: [echo, broken],
  when: ({ graph }) => graph.objects('veto').length === 0,
  run: ({ rawText, graph }) => {
    graph.addObject('answer', { text: rawText });
  },
});

const answers = [
  { toolCalls: [{ name: 'echo', args: { text: 'hello' } }], costUsd: '0.01' },
  { text: 'done', inputTokens: 12, outputTokens: 3, costUsd: '0.02' },
  { toolCalls: [{ name: 'broken', args: {} }] },
  { failure: { reason: 'llm.refused', message: 'no' } },
];

export const observedRunId = 'observed';

/** Resolves to what was heard when all is over. The budget ends the run. */
export async function driveObserved(observers: ObserveOptions): Promise<void> {
  const store = await openStore('memory:');
  const model = scriptedModel({ respond: answers });
  const run = await open(store, {
    runId: observedRunId,
    behaviors: [asker],
    model,
    budget: { maxEvents: 6, maxCostUsd: '1.00' },
    ...observers,
  });
  for (const goal of ['answer', 'break', 'refuse', 'run out']) await run.runGoal(goal);
  const fork = await run.fork({ runId: 'fork', atEvent: 'evt_001', budget: {} });
  await fork.runUntilIdle();
  await fork.close();
  await run.close();
  const other = behavior({ name: 'asker', on: 'goal.created', run: () => undefined });
  await verifyRun(store, { runId: observedRunId, behaviors: [other], ...observers });
  await store.close();
}

/** A store that breaks under an invocation, and a load with a behavior that asks something else than it did. Resolves to the length of the log. */
export async function driveBroken(observers: ObserveOptions): Promise<number> {
  const place = memoryPlace();
  const asking = (text: string) =>
    behavior({
      name: 'asking',
      on: 'goal.created',
      tools: [echo],
      run: async ({ ctx }) => {
        await ctx.callTool('echo', { text });
      },
    });
  const { store } = stoppingStore(place.open(), 4, 'before');
  const run = await open(store, { runId: observedRunId, behaviors: [asking('one')], ...observers });
  const broken: unknown = await run.runGoal('ask').catch((error: unknown) => error);
  if (!(broken instanceof RuntimeClosedError)) throw new Error('the store was to break');
  await run.close();
  const loaded = await load(place.open(), { behaviors: [asking('two')], ...observers });
  const { eventsProcessed } = await loaded.runUntilIdle();
  await loaded.close();
  return eventsProcessed;
}
