// What does it cost to read a run that was forked two hundred times, each time from the last fork, beside one that never was?
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import type { LogStore } from '../../src/log/index.ts';
import { createdAt } from '../claim-rows.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { type Case, interleave, timed } from '../harness/measure.ts';
import type { Scratch } from '../scratch.ts';
import { fillNotes, noteRow } from './notes.ts';

const events = 100_000;
const count = 200;
const each = events / count;

export async function segments(rounds: number, { newFile }: Scratch): Promise<readonly Figure[]> {
  const store = await openSqliteStore({ path: newFile(), mode: 'create' });
  try {
    await fillNotes(store, { logId: 'whole', events, everyNth: 1 });
    const last = await fillSegments(store);
    const found = await interleave(
      [reading(store, 'one', 'whole'), reading(store, 'many', last)],
      rounds * 2,
    );
    return [
      figureOf({
        id: 'load/segments-200',
        what: `read 100,000 events across ${count} segments of forks`,
        unit: 'events/s',
        samples: found.of('many').perSecond,
        ratio: { of: 'one segment', samples: found.ratios('many', 'one') },
      }),
    ];
  } finally {
    await store.close();
  }
}

/** Returns the id of the last fork. */
async function fillSegments(store: LogStore): Promise<string> {
  for (let segment = 0; segment < count; segment += 1) {
    const id = `segment-${segment}`;
    const atSeq = segment * each;
    if (segment === 0) await store.create({ id, kind: 'run', label: null, createdAt });
    else await store.fork({ parent: `segment-${segment - 1}`, atSeq, id, label: null, createdAt });
    const rows = Array.from({ length: each }, (_, index) => noteRow(atSeq + index + 1));
    await store.commit([{ logId: id, expected: atSeq, epoch: null, events: rows }]);
  }
  return `segment-${count - 1}`;
}

function reading(store: LogStore, name: string, logId: string): Case {
  const readAll = async (): Promise<void> => {
    let read = 0;
    for await (const page of store.read(logId)) read += page.length;
    if (read !== events) throw new Error(`read ${read} events of ${events}`);
  };
  return { name, run: async () => ({ units: events, ms: await timed(readAll) }) };
}
