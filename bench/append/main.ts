// What does it cost to append? In batches beside the bare driver, from many callers at once, and to read the rows again.
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import type { LogStore } from '../../src/log/index.ts';
import { fillClaims } from '../claim-rows.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { type Case, interleave, timed } from '../harness/measure.ts';
import { type Scratch, withScratch } from '../scratch.ts';
import { batches } from './batches.ts';
import { manyCallers } from './callers.ts';

const readEvents = 100_000;

export async function benchAppend(rounds: number): Promise<readonly Figure[]> {
  return withScratch(async (scratch) => [
    ...(await batches(rounds, scratch)),
    ...(await manyCallers(rounds, scratch)),
    ...(await reading(rounds, scratch)),
  ]);
}

async function reading(rounds: number, { newFile }: Scratch): Promise<readonly Figure[]> {
  const store = await openSqliteStore({ path: newFile(), mode: 'create' });
  await fillClaims(store, 'run', readEvents);
  const found = await interleave([pages(store, 'texts', false), pages(store, 'hashes', true)], rounds);
  await store.close();
  return [
    figureOf({
      id: 'append/read-pages',
      what: 'read in pages, rows as texts',
      unit: 'events/s',
      samples: found.of('texts').perSecond,
    }),
    figureOf({
      id: 'append/read-pages-hashes',
      what: 'read in pages, hashes filled',
      unit: 'events/s',
      samples: found.of('hashes').perSecond,
      ratio: { of: 'rows as texts', samples: found.ratios('hashes', 'texts') },
    }),
  ];
}

function pages(store: LogStore, name: string, hashes: boolean): Case {
  const readAll = async (): Promise<void> => {
    let count = 0;
    for await (const page of store.read('run', { hashes })) count += page.length;
    if (count !== readEvents) throw new Error(`read ${count} events of ${readEvents}`);
  };
  return { name, run: async () => ({ units: readEvents, ms: await timed(readAll) }) };
}
