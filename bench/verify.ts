// How many events a second does a verification find again, and does an event cost the same in a long log? Each pair of runs
// has the same shape: a behavior that emits, one that changes the graph, and, in the second pair, a recorded tool call an event.
import { behavior, nodePlatform, open, sha256, tool, verifyRun } from '../src/app/index.ts';
import { type LogStore, openMemoryStore } from '../src/log/index.ts';
import { type Case, interleave, type Line, rate, timed } from './harness.ts';

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

export async function benchVerify(rounds: number): Promise<readonly Line[]> {
  const cases = await Promise.all([
    verified('functions 10,000', marker, 10_000),
    verified('functions 100,000', marker, 100_000),
    verified('tools 10,000', asking, 10_000),
  ]);
  const results = await interleave(cases, rounds);
  const of = (name: string): number => results.get(name)?.perSecond ?? Number.NaN;
  const growth = of('functions 10,000') / of('functions 100,000');
  return [
    { what: 'verify, events of functions', figure: rate(of('functions 100,000')) },
    { what: 'verify, events of recorded tool calls', figure: rate(of('tools 10,000')) },
    {
      what: 'verify: cost of an event at 100,000 against 10,000',
      figure: '',
      ratio: growth,
      aim: '1.30 at most',
      met: growth <= 1.3,
    },
  ];
}

/** About `count` events. */
async function verified(name: string, driver: Driver, count: number): Promise<Case> {
  const store = openMemoryStore({ sha256, nowMs: nodePlatform.nowMs });
  const events = await record(store, driver, count);
  return {
    name,
    run: async () => ({ units: events, ms: await timed(() => again(store, driver)) }),
  };
}

async function record(store: LogStore, driver: Driver, count: number): Promise<number> {
  const run = await open(store, { runId, behaviors: [driver] });
  // Each tick makes three events more: started, what it does, completed.
  for (let done = 0; done < count / 4; done += 2_500) {
    await run.mutate((graph) => {
      for (let index = 0; index < 2_500; index += 1) graph.emit('tick', { n: done + index });
    });
  }
  await run.runUntilIdle();
  const { seq } = await run.head();
  await run.close();
  return seq;
}

async function again(store: LogStore, driver: Driver): Promise<void> {
  const { divergence } = await verifyRun(store, { runId, behaviors: [driver] });
  if (divergence !== null) throw new Error(`the run diverged at ${divergence.eventId}`);
}
