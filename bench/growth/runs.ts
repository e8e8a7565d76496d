// The lines of runlog: one file with a run of each size, whose events are those of bench/resume/long-run.ts.
import { behavior, open, openStore } from '../../src/app/index.ts';
import { eventIdAt } from '../../src/base/index.ts';
import type { LogStore } from '../../src/log/index.ts';
import { diffRuns } from '../../src/runtime/index.ts';
import { claimRows, createdAt } from '../claim-rows.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { timed } from '../harness/measure.ts';
import { runProgram } from '../harness/run-program.ts';
import { appendLongRun, longRunId } from '../resume/long-run.ts';
import type { Scratch } from '../scratch.ts';
import { pointLine, sizes, type Topic } from './sizes.ts';

const batch = 100;
const commits = 20;
const tail = 1_000;
const series = 'runlog';
const once = new URL('../load/load-once.ts', import.meta.url);

type Samples = Readonly<Record<Topic, number[]>>;

export async function growthOfRuns(rounds: number, scratch: Scratch): Promise<readonly Figure[]> {
  const samples = new Map<number, Samples>();
  const urls = new Map<number, string>();
  for (const size of sizes) {
    samples.set(size, { append: [], tick: [], load: [], fork: [], diff: [], memory: [] });
    urls.set(size, await filled(scratch.newUrl(), size));
  }
  // Sizes take turns, so that a slow minute does not fall on one.
  for (let round = 0; round <= rounds; round += 1) {
    for (const size of sizes) {
      const kept = samples.get(size);
      const measured = await measure(urls.get(size) ?? '', size, round);
      if (round === 0 || kept === undefined) continue;
      for (const { topic, value } of measured) kept[topic].push(value);
    }
  }
  return sizes.flatMap((size) =>
    Object.entries(samples.get(size) ?? {}).map(([topic, values]) =>
      figureOf({ ...pointLine({ topic: topicOf(topic), size, series }), samples: values }),
    ),
  );
}

function topicOf(name: string): Topic {
  const topics: readonly Topic[] = ['append', 'tick', 'load', 'fork', 'diff', 'memory'];
  const topic = topics.find((each) => each === name);
  if (topic === undefined) throw new Error(`there is no chart of ${name}`);
  return topic;
}

/** The run, a fork at its end that is appended to, and two that are compared. */
async function filled(url: string, size: number): Promise<string> {
  const store = await openStore(url);
  await store.create({ id: longRunId, kind: 'run', label: null, createdAt });
  await appendLongRun(store, { from: 0, to: size, epoch: null });
  for (const id of ['longer', 'left', 'right'])
    await store.fork({ parent: longRunId, atSeq: size, id, label: null, createdAt });
  for (const id of ['left', 'right']) {
    const events = claimRows(size + 1, tail).map((row) => ({ ...row, type: 'tick', actor: id }));
    await store.commit([{ logId: id, expected: size, epoch: null, events }]);
  }
  await store.close();
  return url;
}

interface Measured {
  readonly topic: Topic;
  readonly value: number;
}

async function measure(url: string, size: number, round: number): Promise<readonly Measured[]> {
  const { ms, peakMb } = await runProgram(once, [url, longRunId], ['ms', 'peakMb']);
  const store = await openStore(url);
  try {
    const at = size + round * batch * commits;
    const appendMs = await timed(() => append(store, at));
    const id = `fork-${round}`;
    const atSeq = size / 2;
    const forkMs = await timed(() => store.fork({ parent: longRunId, atSeq, id, label: null, createdAt }));
    const diffMs = await timed(() => diffRuns(store, 'left', 'right'));
    return [
      { topic: 'append', value: ((batch * commits) / appendMs) * 1000 },
      { topic: 'tick', value: await ticks(size) },
      { topic: 'load', value: ms },
      { topic: 'fork', value: forkMs },
      { topic: 'diff', value: diffMs },
      { topic: 'memory', value: peakMb },
    ];
  } finally {
    await store.close();
  }
}

async function append(store: LogStore, from: number): Promise<void> {
  for (let commit = 0; commit < commits; commit += 1) {
    const at = from + commit * batch;
    const events = claimRows(at + 1, batch).map((row, index) => ({ ...row, id: eventIdAt(at + index + 1) }));
    await store.commit([{ logId: 'longer', expected: at, epoch: null, events }]);
  }
}

const noop = behavior({ name: 'noop', on: 'tick', run: () => undefined });

/** Events a second of a loop that makes a run of that size: a tick, and what its behavior leaves. */
async function ticks(size: number): Promise<number> {
  const run = await open('memory:', { behaviors: [noop] });
  const count = Math.floor(size / 3);
  for (let done = 0; done < count; done += 5_000) {
    await run.mutate((graph) => {
      for (let index = done; index < Math.min(count, done + 5_000); index += 1)
        graph.emit('tick', { n: index });
    });
  }
  const ms = await timed(() => run.runUntilIdle());
  await run.close();
  return (size / ms) * 1000;
}
