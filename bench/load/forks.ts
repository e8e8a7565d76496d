// What does a fork cost? It is one row: beside a bare durable commit of one event it should take a millisecond more at most, however
// long the run is.
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import type { LogStore } from '../../src/log/index.ts';
import { createdAt, fillClaims } from '../claim-rows.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { timed } from '../harness/measure.ts';
import { ratiosOf } from '../harness/statistics.ts';
import type { Scratch } from '../scratch.ts';
import { noteRow } from './notes.ts';

const lengths = [1_000, 100_000, 1_000_000] as const;
const pairs = 200;
const warmUp = 10;

export async function forks({ newFile }: Scratch): Promise<readonly Figure[]> {
  const store = await openSqliteStore({ path: newFile(), mode: 'create' });
  try {
    const figures: Figure[] = [];
    for (const length of lengths) figures.push(...(await forksOf(store, length)));
    return figures;
  } finally {
    await store.close();
  }
}

async function forksOf(store: LogStore, length: number): Promise<readonly Figure[]> {
  const parent = `run-${length}`;
  const beside = `beside-${length}`;
  await fillClaims(store, parent, length);
  await store.create({ id: beside, kind: 'run', label: null, createdAt });
  const forkMs: number[] = [];
  const commitMs: number[] = [];
  for (let index = 0; index < pairs + warmUp; index += 1) {
    const events = [{ ...noteRow(index + 1), payload: '{}' }];
    const atSeq = length / 2;
    const id = `fork-${length}-${index}`;
    const commit = await timed(() => store.commit([{ logId: beside, expected: index, epoch: null, events }]));
    const fork = await timed(() => store.fork({ parent, atSeq, id, label: null, createdAt }));
    if (index < warmUp) continue;
    commitMs.push(commit);
    forkMs.push(fork);
  }
  const where = `at the middle of ${length.toLocaleString('en-US')} events`;
  return [
    figureOf({
      id: `load/fork-${length}`,
      what: `fork ${where}`,
      unit: 'ms',
      samples: forkMs,
      ratio: { of: 'one durable commit', samples: ratiosOf(forkMs, commitMs) },
    }),
    figureOf({
      id: `load/fork-${length}-over-commit`,
      what: `fork ${where}: longer than the commit before it`,
      unit: 'ms',
      samples: forkMs.map((ms, index) => ms - (commitMs[index] ?? Number.NaN)),
    }),
  ];
}
