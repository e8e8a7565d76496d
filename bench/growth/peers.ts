// The lines of peers: LangGraph.js at so many steps, Emmett at so many events, both on SQLite as bench/peers sets them up. A size is left out
// when the one before it says that it would take more than a minute.
import { type Figure, figureOf, missingFigure } from '../harness/figure.ts';
import { installPeers, lastLine, missingSqliteDriver } from '../peers/install.ts';
import type { Scratch } from '../scratch.ts';
import type { Grower, Grown } from './grower.ts';
import { pointLine, sizes } from './sizes.ts';

const patienceMs = 60_000;

export async function growthOfPeers(rounds: number, scratch: Scratch): Promise<readonly Figure[]> {
  installPeers();
  const { langgraphGrower } = await import('./langgraph.ts');
  const figures = [...(await growthOf(langgraphGrower(scratch), rounds))];
  const { emmettGrower } = await import('./emmett.ts');
  return [...figures, ...(await growthOf(emmettGrower(scratch), rounds, missingSqliteDriver()))];
}

async function growthOf(
  grower: Grower,
  rounds: number,
  missing: string | null = null,
): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  let reason = missing;
  let lastMs = 0;
  for (const size of sizes) {
    if (reason === null && lastMs * 10 > patienceMs)
      reason = `it would take about ${Math.round((lastMs * 10) / 1000)} s, more than a minute`;
    const grown = reason === null ? await tried(() => grower.grow(size, rounds)) : reason;
    if (typeof grown === 'string') reason = grown;
    else lastMs = grown.ms;
    figures.push(...pointsOf(grower, size, grown));
  }
  return figures;
}

async function tried(grow: () => Promise<Grown>): Promise<Grown | string> {
  try {
    const start = performance.now();
    const grown = await grow();
    return { ...grown, ms: performance.now() - start };
  } catch (error) {
    return `it failed: ${lastLine(error)}`;
  }
}

function pointsOf(
  { series, durability, topics }: Grower,
  size: number,
  grown: Grown | string,
): readonly Figure[] {
  const peer = { name: series, durability };
  return topics.map((topic) => {
    const line = { ...pointLine({ topic, size, series }), peer };
    const samples = typeof grown === 'string' ? undefined : grown.samples[topic];
    if (samples === undefined)
      return missingFigure(line, typeof grown === 'string' ? grown : 'it has no such thing');
    return figureOf({ ...line, samples });
  });
}
