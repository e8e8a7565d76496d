/**
 * Decides what the program does whose store misbehaves: it drives a run with a model, a tool and an approval, reads it, forks
 * it, and comes back to it later. Each step takes up what is there, so that the whole can be played again after a fault.
 */
import {
  behavior,
  type Behavior,
  llmBehavior,
  logicalClock,
  nodePlatform,
  scriptedModel,
  tool,
} from 'runlog';
import type { ToolInvoker } from 'runlog/effects';
import { intake, type LogEvent, type LogStore } from 'runlog/log';
import { createRun, loadRun, type OpenRuntimeOptions, type Runtime } from 'runlog/runtime';
import { z } from 'zod';
import { turns } from './turns.ts';

/** What the program is told, and what it asks the outside for. */
export interface Witness {
  /** A handler, a model or a tool is at work; what it was asked for must be in the log by now. */
  readonly outside: (what: 'llm.requested' | 'tool.requested') => void;
  readonly told: (runId: string, events: readonly LogEvent[]) => void;
}

export const runId = 'run_x';
export const forkId = 'run_x_fork';

export interface Step {
  readonly name: string;
  readonly kind: 'opens' | 'works' | 'reads' | 'closes';
  readonly act: (script: Script) => Promise<unknown>;
}

/** What a program holds in its hands while it plays. */
export class Script {
  run: Runtime | null = null;
  fork: Runtime | null = null;
  readonly witness: Witness;
  readonly openStore: () => LogStore;
  store: LogStore;

  constructor(openStore: () => LogStore, witness: Witness) {
    this.openStore = openStore;
    this.store = openStore();
    this.witness = witness;
  }

  get options(): OpenRuntimeOptions {
    const { outside } = this.witness;
    return {
      runId,
      clock: logicalClock('2026-01-01T00:00:00Z'),
      // Time stands still: how often a run commits depends on how long its work takes, and so would the call that is struck.
      platform: { ...nodePlatform, nowMs: () => 0, sleep: async () => turns(40) },
      ownsStore: true,
      frame: { goal: 'Find' },
      behaviors: behaviorsOf(outside),
      model: scriptedModel({
        respond: ({ messages }) => {
          outside('llm.requested');
          const isFirst = messages.every(({ role }) => role !== 'assistant');
          return isFirst
            ? { text: 'looking', toolCalls: [{ id: 'c_1', name: 'lookup', args: { q: 'one' } }] }
            : { json: { text: 'found' } };
        },
      }),
      invoker,
    };
  }

  heard(run: Runtime): Runtime {
    run.onEvents((events) => this.witness.told(run.runId, [events].flat()));
    return run;
  }

  get open(): Runtime {
    if (this.run === null) throw new Error('no run is open');
    return this.run;
  }
}

/** Takes no time, so that no answer says how long it took. */
const invoker: ToolInvoker = {
  invoke: async (called, args, context) => ({
    output: intake(await called.run(args, context)).value,
    latencySeconds: 0,
    costUsd: called.costPerCallUsd,
  }),
};

function behaviorsOf(outside: Witness['outside']): readonly Behavior[] {
  const lookup = tool({
    name: 'lookup',
    inputSchema: z.object({ q: z.string() }),
    run: ({ q }) => {
      outside('tool.requested');
      return { found: q.length };
    },
  });
  return [
    behavior({
      name: 'planner',
      on: 'goal.created',
      run: ({ graph, ctx }) => {
        for (let n = 0; n < 2; n += 1) graph.addObject('task', { n });
        ctx.proposeObject('memo', { text: 'buy' }, 'needs a human');
      },
    }),
    llmBehavior({
      name: 'reader',
      on: 'object.created',
      where: { 'object.type': 'task' },
      output: z.object({ text: z.string() }),
      tools: [lookup],
      run: async ({ output, graph, ctx }) => {
        await ctx.callTool('lookup', { q: 'after' });
        graph.addObject('finding', output);
      },
    }),
    // Looks at the graph, so that taking up a half-done event reads the past.
    behavior({
      name: 'first of all',
      on: 'object.created',
      when: ({ graph }) => graph.objects('note').length === 0,
      run: ({ graph }) => void graph.addObject('note', {}),
    }),
  ];
}

/** One sitting after the other; a `closes` step ends one. */
export const steps: readonly Step[] = [
  {
    name: 'open',
    kind: 'opens',
    act: async (script) => {
      const { store, options } = script;
      const isThere = (await store.info(runId)) !== undefined;
      script.run = script.heard(
        isThere ? await loadRun(store, runId, options) : await createRun(store, options),
      );
    },
  },
  {
    name: 'goal',
    kind: 'works',
    act: async ({ open }) => {
      if ((await open.status()).eventsProcessed === 0) await open.emit('goal.created', { goal: 'g' });
    },
  },
  { name: 'drive', kind: 'works', act: async ({ open }) => open.runUntilIdle() },
  { name: 'status', kind: 'reads', act: async ({ open }) => open.status() },
  { name: 'head', kind: 'reads', act: async ({ open }) => open.head() },
  { name: 'event', kind: 'reads', act: async ({ open }) => open.event('evt_001') },
  {
    name: 'events',
    kind: 'reads',
    act: async ({ open }) => {
      for await (const event of open.events()) void event;
    },
  },
  {
    name: 'fork',
    kind: 'opens',
    act: async (script) => {
      const isThere = (await script.store.info(forkId)) !== undefined;
      script.fork = script.heard(
        isThere
          ? await loadRun(script.store, forkId, { ...script.options, ownsStore: false })
          : await script.open.fork({ atEvent: 'evt_001', runId: forkId }),
      );
    },
  },
  { name: 'drive the fork', kind: 'works', act: async ({ fork }) => fork?.runUntilIdle() },
  { name: 'close the fork', kind: 'closes', act: async ({ fork }) => fork?.close() },
  { name: 'close', kind: 'closes', act: async ({ open }) => open.close() },
  {
    name: 'load',
    kind: 'opens',
    act: async (script) => {
      script.store = script.openStore();
      script.run = null;
      const [first] = await script.store.logs({ kind: 'run' });
      script.run = script.heard(await loadRun(script.store, first?.id ?? '', script.options));
    },
  },
  {
    name: 'approve',
    kind: 'works',
    act: async ({ open }) => {
      for (const { id } of await open.approvals()) await open.approve(id, { by: 'jane' });
    },
  },
  { name: 'drive on', kind: 'works', act: async ({ open }) => open.runUntilIdle() },
  { name: 'close again', kind: 'closes', act: async ({ open }) => open.close() },
];
