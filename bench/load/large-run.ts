// How much memory does a run of a million events need, when half of them make a small object? Each opening has a process of its own.
import { openStore } from '../../src/app/index.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { runProgram } from '../harness/run-program.ts';
import type { Scratch } from '../scratch.ts';
import { fillNotes } from './notes.ts';

const events = 1_000_000;
const logId = 'large';

export async function largeRun(rounds: number, { newUrl }: Scratch): Promise<readonly Figure[]> {
  const url = newUrl();
  const store = await openStore(url);
  await fillNotes(store, { logId, events, everyNth: 2 });
  await store.close();
  const peaks: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { peakMb, ms } = await runProgram(
      new URL('load-once.ts', import.meta.url),
      [url, logId],
      ['peakMb', 'ms'],
    );
    peaks.push(peakMb);
    rates.push((events / ms) * 1000);
  }
  const what = 'open 1,000,000 events with 500,000 small objects';
  return [
    figureOf({ id: 'load/large-memory', what: `${what}: peak memory`, unit: 'MB', samples: peaks }),
    figureOf({ id: 'load/large', what, unit: 'events/s', samples: rates }),
  ];
}
