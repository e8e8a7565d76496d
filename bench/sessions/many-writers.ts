// How long does an append wait when four processes write a hundred sessions of one SQLite file at the same time?
import { openSessionStore } from '../../src/app/index.ts';
import { faultsOf, writeFromMany } from '../../test/harness/sessions/many-writers.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { quantile } from '../harness/statistics.ts';
import type { Places } from './places.ts';

const processes = 4;
const counts = { sessions: 100, events: 50 } as const;

export async function benchManyWriters(places: Places): Promise<readonly Figure[]> {
  const order = { ...counts, path: places.newFile() };
  const store = await openSessionStore(order.path);
  const { ms, waitsMs } = await writeFromMany(processes, order);
  const faults = await faultsOf(store, processes, order);
  await store.close();
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const what = `sessions, SQLite, ${processes} processes in 100 sessions each, ${waitsMs.length.toLocaleString('en-US')} events`;
  const perSecond = (waitsMs.length / ms) * 1000;
  return [
    figureOf({ id: 'sessions/many-writers', what, unit: 'events/s', samples: [perSecond] }),
    figureOf({
      id: 'sessions/many-writers-wait',
      what: `${what}: how long one waits`,
      unit: 'ms',
      samples: waitsMs,
    }),
    figureOf({
      id: 'sessions/many-writers-longest-wait',
      what: `${what}: how long 999 of 1,000 wait at most`,
      unit: 'ms',
      samples: [quantile(waitsMs, 0.999)],
    }),
  ];
}
