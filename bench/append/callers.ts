// What do many callers get who append one event each and wait for it, as the runs of a server do? They share syncs: together they
// should come near to what one writer reaches with batches, and none should wait for long.
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { claimRows, createdAt } from '../claim-rows.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { type Case, interleave, timed } from '../harness/measure.ts';
import type { Scratch } from '../scratch.ts';
import { storeWriter } from './writers.ts';

const callers = 64;
const eventsEach = 100;
const batch = 100;

export async function manyCallers(rounds: number, { newFile }: Scratch): Promise<readonly Figure[]> {
  const latenciesMs: number[] = [];
  const many = await callersCase(newFile(), latenciesMs);
  const single = await batchCase(newFile());
  const found = await interleave([single.case, many.case], rounds * 2);
  await many.close();
  await single.close();
  const what = `${callers} callers at once, each waiting for its event`;
  const ratio = { of: `batches of ${batch}`, samples: found.ratios('callers', 'batches') };
  return [
    figureOf({
      id: 'append/callers-64',
      what,
      unit: 'events/s',
      samples: found.of('callers').perSecond,
      ratio,
    }),
    figureOf({ id: 'append/callers-64-wait', what: `${what}: how long`, unit: 'ms', samples: latenciesMs }),
  ];
}

interface Open {
  readonly case: Case;
  readonly close: () => Promise<void>;
}

async function callersCase(path: string, latenciesMs: number[]): Promise<Open> {
  const store = await openSqliteStore({ path, mode: 'create' });
  const logs = await Promise.all(
    Array.from({ length: callers }, async (_, index) => {
      await store.create({ id: `run-${index}`, kind: 'run', label: null, createdAt });
      return { logId: `run-${index}`, epoch: (await store.acquire(`run-${index}`)).epoch };
    }),
  );
  let seq = 0;
  const call = async (log: (typeof logs)[number]): Promise<void> => {
    for (let index = 0; index < eventsEach; index += 1) {
      const began = performance.now();
      await store.commit([{ ...log, expected: seq + index, events: claimRows(seq + index + 1, 1) }]);
      latenciesMs.push(performance.now() - began);
    }
  };
  const run = async () => {
    // The first round warms up.
    if (seq === eventsEach) latenciesMs.length = 0;
    const ms = await timed(() => Promise.all(logs.map(call)));
    seq += eventsEach;
    return { units: callers * eventsEach, ms };
  };
  return { case: { name: 'callers', run }, close: () => store.close() };
}

async function batchCase(path: string): Promise<Open> {
  const writer = await storeWriter(path);
  let seq = 1;
  const run = async () => {
    const commits = Array.from({ length: 64 }, (_, index) => claimRows(seq + index * batch, batch));
    seq += 64 * batch;
    return { units: 64 * batch, ms: await timed(() => writer.write(commits)) };
  };
  return { case: { name: 'batches', run }, close: () => writer.close() };
}
