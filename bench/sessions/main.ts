// How fast are session stores? Beside the figures of the Elixir original where it has one: it keeps everything in memory, on two
// cores. On a disk an append by itself costs one sync; those that are under way at the same time share it.
import type { Figure } from '../harness/figure.ts';
import { benchAppending } from './appending.ts';
import { benchManyWriters } from './many-writers.ts';
import { benchPipeline } from './pipeline.ts';
import { openPlaces } from './places.ts';
import { benchReading } from './reading.ts';

export async function benchSessions(rounds: number): Promise<readonly Figure[]> {
  const places = await openPlaces();
  try {
    const lines = [...(await benchAppending(places, rounds)), ...(await benchReading(places))];
    lines.push(...(await benchManyWriters(places)), ...(await benchPipeline(rounds)));
    return lines;
  } finally {
    await places.end();
  }
}
