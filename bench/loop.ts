// How many events does a run work off in a second, when its one behavior does nothing? Back of the envelope: three events a
// tick, about a microsecond each in memory, five on SQLite with a hundred in a commit.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { behavior, open, tool } from '../src/app/index.ts';
import { type Case, interleave, type Line, type Measured, rate, timed } from './harness.ts';

const noop = behavior({ name: 'noop', on: 'tick', run: () => undefined });
const asking = behavior({
  name: 'asking',
  on: 'tick',
  tools: ['answer'],
  run: async ({ ctx }) => {
    await ctx.callTool('answer', {});
  },
});
const answer = tool({ name: 'answer', run: () => 1 });

export async function benchLoop(rounds: number): Promise<readonly Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-bench-'));
  let file = 0;
  const fresh = (): string => `sqlite:////${join(folder, `loop-${(file += 1)}.db`).slice(1)}`;
  try {
    const results = await interleave(
      [
        ticks('memory 10,000', () => 'memory:', 10_000),
        ticks('memory 100,000', () => 'memory:', 100_000),
        ticks('sqlite 10,000', fresh, 10_000),
        ticks('sqlite 100,000', fresh, 100_000),
        { name: 'bare commits', run: () => bareCommits(fresh(), 1_000) },
        { name: 'barrier', run: () => barriers(fresh(), 1_000) },
        { name: 'tool', run: () => toolCalls(fresh(), 500) },
      ],
      rounds,
    );
    const of = (name: string): number => results.get(name)?.perSecond ?? Number.NaN;
    const flat = (kind: string): Line => {
      const growth = of(`${kind} 10,000`) / of(`${kind} 100,000`);
      return {
        what: `loop, ${kind}: cost of a tick at 100,000 against 10,000`,
        figure: '',
        ratio: growth,
        aim: '1.20 at most',
        met: growth <= 1.2,
      };
    };
    return [
      {
        what: 'loop, memory, ticks',
        figure: rate(of('memory 100,000')),
        aim: '100,000/s',
        met: of('memory 100,000') >= 100_000,
      },
      flat('memory'),
      {
        what: 'loop, sqlite, ticks',
        figure: rate(of('sqlite 100,000')),
        aim: '30,000/s',
        met: of('sqlite 100,000') >= 30_000,
      },
      flat('sqlite'),
      { what: 'loop, sqlite, bare durable commits through the port', figure: rate(of('bare commits')) },
      {
        what: 'loop, sqlite, ticks with a durable barrier after each',
        figure: rate(of('barrier')),
        ratio: of('barrier') / of('bare commits'),
        aim: '0.9 of bare commits',
        met: of('barrier') / of('bare commits') >= 0.9,
      },
      {
        what: 'loop, sqlite, ticks with a recorded tool call in each (two commits)',
        figure: rate(of('tool')),
        ratio: (of('tool') * 2) / of('bare commits'),
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ticks(name: string, url: () => string, count: number): Case {
  return {
    name,
    run: async () => {
      const run = await open(url(), { behaviors: [noop] });
      for (let done = 0; done < count; done += 5_000) {
        await run.mutate((graph) => {
          for (let index = 0; index < 5_000; index += 1) graph.emit('tick', { n: done + index });
        });
      }
      const ms = await timed(() => run.runUntilIdle());
      await run.close();
      return { units: count, ms };
    },
  };
}

/** One event a commit, one after the other: what a durable barrier costs at least. */
async function bareCommits(url: string, count: number): Promise<Measured> {
  const run = await open(url, {});
  const ms = await timed(async () => {
    for (let index = 0; index < count; index += 1) await run.emit('tick', { n: index });
  });
  await run.close();
  return { units: count, ms };
}

/** The loop commits after each tick, because whoever waits for a condition is shown durable state only. */
async function barriers(url: string, count: number): Promise<Measured> {
  const run = await open(url, { behaviors: [noop] });
  await run.mutate((graph) => {
    for (let index = 0; index < count; index += 1) graph.emit('tick', { n: index });
  });
  const ms = await timed(() => run.runUntil(() => false));
  await run.close();
  return { units: count, ms };
}

/** A tool call a tick: its request is durable before the tool runs, its answer before the behavior goes on. */
async function toolCalls(url: string, count: number): Promise<Measured> {
  const run = await open(url, { behaviors: [asking], tools: [answer] });
  await run.mutate((graph) => {
    for (let index = 0; index < count; index += 1) graph.emit('tick', { n: index });
  });
  const ms = await timed(() => run.runUntilIdle());
  await run.close();
  return { units: count, ms };
}
