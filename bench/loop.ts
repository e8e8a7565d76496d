// How many events does a run work off in a second, when its one behavior does nothing? Back of the envelope: three events a
// tick, about a microsecond each in memory, five on SQLite with a hundred in a commit. And does a tick cost the same in a long run?
import { behavior, open, tool } from '../src/app/index.ts';
import { claimPayload } from './claim-rows.ts';
import { type Figure, figureOf } from './harness/figure.ts';
import { type Case, interleave, type Interleaved, type Measured, timed } from './harness/measure.ts';
import { withScratch } from './scratch.ts';

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
const yardstick = 'JSON.parse of an event of 335 bytes';

export async function benchLoop(rounds: number): Promise<readonly Figure[]> {
  return withScratch(async ({ newUrl }) => {
    const memory = (): string => 'memory:';
    const short = await interleave(
      [
        parsing(),
        ticks('memory 10,000', memory, 10_000),
        ticks('memory 100,000', memory, 100_000),
        ticks('SQLite 10,000', newUrl, 10_000),
        ticks('SQLite 100,000', newUrl, 100_000),
      ],
      rounds,
    );
    // A thousand waits for the disk say little about it, so there are many rounds; V8 has compiled the path of a commit after a few.
    const durable = await interleave(
      [
        { name: 'bare commits', run: () => bareCommits(newUrl(), 1_000) },
        { name: 'barrier', run: () => barriers(newUrl(), 1_000) },
        { name: 'tool', run: () => toolCalls(newUrl(), 500) },
      ],
      rounds * 4,
      5,
    );
    const long = await interleave(
      [
        ticks('memory 100,000', memory, 100_000),
        ticks('memory 1,000,000', memory, 1_000_000),
        ticks('SQLite 100,000', newUrl, 100_000),
        ticks('SQLite 1,000,000', newUrl, 1_000_000),
      ],
      rounds,
      0,
    );
    return [...places(short), ...flatness(short, long), ...barrierFigures(durable)];
  });
}

/** Ticks a second, beside what the machine takes to parse a small text: a rate that says something on another machine too. */
function places(found: Interleaved): readonly Figure[] {
  return ['memory', 'SQLite'].map((place) =>
    figureOf({
      id: `loop/${place.toLowerCase()}`,
      what: `loop, ${place}, 100,000 ticks of three events`,
      unit: 'ticks/s',
      samples: found.of(`${place} 100,000`).perSecond,
      ratio: { of: yardstick, samples: found.ratios(`${place} 100,000`, yardstick) },
    }),
  );
}

function flatness(short: Interleaved, long: Interleaved): readonly Figure[] {
  const growth = (place: string, counts: readonly [string, string], found: Interleaved): Figure => {
    const [few, many] = counts;
    return figureOf({
      id: `loop/${place.toLowerCase()}-flat-${many.replaceAll(',', '')}`,
      what: `loop, ${place}: cost of a tick in a run of ${many} beside one of ${few}`,
      unit: 'times',
      samples: found.ratios(`${place} ${few}`, `${place} ${many}`),
    });
  };
  return [
    growth('memory', ['10,000', '100,000'], short),
    growth('memory', ['100,000', '1,000,000'], long),
    growth('SQLite', ['10,000', '100,000'], short),
    growth('SQLite', ['100,000', '1,000,000'], long),
    figureOf({
      id: 'loop/memory-1000000',
      what: 'loop, memory, 1,000,000 ticks of three events',
      unit: 'ticks/s',
      samples: long.of('memory 1,000,000').perSecond,
    }),
  ];
}

function barrierFigures(found: Interleaved): readonly Figure[] {
  const beside = 'bare commits';
  return [
    figureOf({
      id: 'loop/bare-commits',
      what: 'loop, SQLite, events stored one by one, without a behavior',
      unit: 'events/s',
      samples: found.of(beside).perSecond,
    }),
    figureOf({
      id: 'loop/barrier',
      what: 'loop, SQLite, ticks with a durable barrier after each',
      unit: 'ticks/s',
      samples: found.of('barrier').perSecond,
      ratio: { of: beside, samples: found.ratios('barrier', beside) },
    }),
    figureOf({
      id: 'loop/tool',
      what: 'loop, SQLite, ticks with a recorded tool call in each: two commits',
      unit: 'ticks/s',
      samples: found.of('tool').perSecond,
      ratio: { of: beside, samples: found.ratios('tool', beside) },
    }),
  ];
}

function parsing(): Case {
  const count = 200_000;
  return {
    name: yardstick,
    run: async () => {
      let keys = 0;
      const ms = await timed(() => {
        for (let index = 0; index < count; index += 1) {
          const parsed: unknown = JSON.parse(claimPayload);
          if (parsed !== null) keys += 1;
        }
      });
      return { units: keys, ms };
    },
  };
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
