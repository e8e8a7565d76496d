// How many events a second does a verification find again, beside the loop that made them, and does an event cost the same in a long
// log? Each pair of runs has the same shape: a behavior that emits, one that changes the graph, and a recorded tool call an event.
import { behavior, nodePlatform, open, sha256, tool, verifyRun } from '../src/app/index.ts';
import { type LogStore, openMemoryStore } from '../src/log/index.ts';
import { type Figure, figureOf } from './harness/figure.ts';
import { type Case, interleave, timed } from './harness/measure.ts';

const runId = 'verified';
const marker = behavior({
  name: 'marker',
  on: 'tick',
  run: ({ event, graph }) => void graph.addObject('mark', { n: event.payload['n'] }),
});
const answer = tool({ name: 'answer', run: () => 1 });
const asking = behavior({
  name: 'asking',
  on: 'tick',
  tools: [answer],
  run: async ({ ctx, event }) => void (await ctx.callTool('answer', { n: event.payload['n'] })),
});

type Driver = typeof marker;

export async function benchVerify(rounds: number): Promise<readonly Figure[]> {
  const cases = [
    loopCase('loop', marker, 100_000),
    await verified('functions 10,000', marker, 10_000),
    await verified('functions 100,000', marker, 100_000),
    await verified('tools 10,000', asking, 10_000),
  ];
  const found = await interleave(cases, rounds);
  const ratio = { of: 'the loop in memory', samples: found.ratios('functions 100,000', 'loop') };
  const rateOf = (id: string, what: string, name: string) =>
    ({ id: `verify/${id}`, what, unit: 'events/s', samples: found.of(name).perSecond }) as const;
  return [
    figureOf(rateOf('loop', 'the loop in memory that makes a run of 100,000 events', 'loop')),
    figureOf({ ...rateOf('functions', 'verify that run: events of functions', 'functions 100,000'), ratio }),
    figureOf(rateOf('tools', 'verify events of recorded tool calls', 'tools 10,000')),
    figureOf({
      id: 'verify/flat',
      what: 'verify: cost of an event in a run of 100,000 beside one of 10,000',
      unit: 'times',
      samples: found.ratios('functions 10,000', 'functions 100,000'),
    }),
  ];
}

/** About `count` events. */
async function verified(name: string, driver: Driver, count: number): Promise<Case> {
  const { store, events } = await record(driver, count);
  return {
    name,
    run: async () => ({ units: events, ms: await timed(() => again(store, driver)) }),
  };
}

function loopCase(name: string, driver: Driver, count: number): Case {
  return {
    name,
    run: async () => {
      const { events, ms } = await record(driver, count);
      return { units: events, ms };
    },
  };
}

interface Recorded {
  readonly store: LogStore;
  readonly events: number;
  readonly ms: number;
}

async function record(driver: Driver, count: number): Promise<Recorded> {
  const store = openMemoryStore({ sha256, nowMs: nodePlatform.nowMs });
  const run = await open(store, { runId, behaviors: [driver] });
  const start = performance.now();
  // Each tick makes three events more: started, what it does, completed.
  for (let done = 0; done < count / 4; done += 2_500) {
    await run.mutate((graph) => {
      for (let index = 0; index < 2_500; index += 1) graph.emit('tick', { n: done + index });
    });
  }
  await run.runUntilIdle();
  const ms = performance.now() - start;
  const { seq } = await run.head();
  await run.close();
  return { store, events: seq, ms };
}

async function again(store: LogStore, driver: Driver): Promise<void> {
  const { divergence } = await verifyRun(store, { runId, behaviors: [driver] });
  if (divergence !== null) throw new Error(`the run diverged at ${divergence.eventId}`);
}
