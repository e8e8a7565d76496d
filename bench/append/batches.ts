// How many events a second does a durable append store, beside the bare driver that writes the same rows?
// One fsync a commit is the floor. What is ours (docs/internals/decisions/2026-11-22-where-a-head-is-written.md) is the mark of the head,
// the hashes, and about 6 us of code a commit.
import { claimRows } from '../claim-rows.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { type Case, interleave, timed } from '../harness/measure.ts';
import type { Scratch } from '../scratch.ts';
import { bareWriter, chainlessWriter, storeWriter, type Writer } from './writers.ts';

/** V8 has compiled the path of a commit after some 25,000 of them: until then the first block warms up, for all. */
const blocks = [
  { batch: 1, commits: 250, warmUp: 50 },
  { batch: 10, commits: 150, warmUp: 6 },
  { batch: 100, commits: 50, warmUp: 6 },
  { batch: 1000, commits: 12, warmUp: 6 },
] as const;

type Block = (typeof blocks)[number];

/** Rounds are short here, so that a slow moment of the disk falls on few of them, and there are four times as many. */
export async function batches(rounds: number, scratch: Scratch): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const block of blocks) figures.push(...(await blockFigures(block, rounds * 4, scratch)));
  return figures;
}

async function blockFigures(block: Block, rounds: number, { newFile }: Scratch): Promise<readonly Figure[]> {
  const writers = [
    await bareWriter(newFile()),
    await storeWriter(newFile()),
    await chainlessWriter(newFile()),
  ];
  const [bare = '', store = '', chainless = ''] = writers.map(({ name }) => name);
  const found = await interleave(
    writers.map((writer) => caseOf(writer, block)),
    rounds,
    block.warmUp,
  );
  for (const writer of writers) await writer.close();
  const { batch } = block;
  const line = (name: string, suffix: string): Figure =>
    figureOf({
      id: `append/batch-${batch}${suffix}`,
      what: `durable append, ${batch} a batch, ${name}`,
      unit: 'events/s',
      samples: found.of(name).perSecond,
      ...(name === bare ? {} : { ratio: { of: bare, samples: found.ratios(name, bare) } }),
    });
  return [line(bare, '-bare'), line(store, ''), line(chainless, '-chain-off')];
}

function caseOf(writer: Writer, { batch, commits }: Block): Case {
  let seq = 1;
  return {
    name: writer.name,
    run: async () => {
      const ready = Array.from({ length: commits }, (_, index) => claimRows(seq + index * batch, batch));
      seq += commits * batch;
      return { units: commits * batch, ms: await timed(() => writer.write(ready)) };
    },
  };
}
