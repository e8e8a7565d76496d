// How long does an append wait when four processes write a hundred sessions of one SQLite file at the same time?
import { openSessionStore } from '../../src/app/index.ts';
import { faultsOf, writeFromMany } from '../../test/harness/sessions/many-writers.ts';
import { type Line, quantile, rate } from '../harness.ts';
import type { Places } from './places.ts';

const processes = 4;
const counts = { sessions: 100, events: 50 } as const;

export async function benchManyWriters(places: Places): Promise<readonly Line[]> {
  const order = { ...counts, path: places.newFile() };
  const store = await openSessionStore(order.path);
  const { ms, waitsMs } = await writeFromMany(processes, order);
  const faults = await faultsOf(store, processes, order);
  await store.close();
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => quantile(waitsMs, share).toFixed(1));
  const what = `sessions, SQLite, ${processes} processes in 100 sessions each, ${waitsMs.length.toLocaleString('en-US')} events`;
  return [
    { what, figure: rate((waitsMs.length / ms) * 1000) },
    { what: `${what}, wait p50 / p99 / p99.9`, figure: `${p50} / ${p99} / ${p999} ms` },
  ];
}
