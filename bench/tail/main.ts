// How soon does a follower have an event? From the answer of the commit until the tail has handed it on: in the same process, and in
// another one that has the same SQLite file open. And does anything look at the file when nobody follows?
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import type { LogStore } from '../../src/log/index.ts';
import { claimRows, createdAt } from '../claim-rows.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { type Scratch, withScratch } from '../scratch.ts';

const events = 200;
const warmUp = 10;
const pauseMs = 15;
const idleMs = 3_000;
const follower = fileURLToPath(new URL('follow.ts', import.meta.url));

export async function benchTail(): Promise<readonly Figure[]> {
  return withScratch(async (scratch) => [
    delayFigure('in-process', 'in the same process', await delaysWithin(scratch)),
    delayFigure('across', 'in another process, SQLite', await delaysAcross(scratch)),
    await idleFigure(scratch),
  ]);
}

function delayFigure(id: string, where: string, samples: readonly number[]): Figure {
  const what = `tail, ${where}: from the answer of a commit until a follower has the event`;
  return figureOf({ id: `tail/${id}`, what, unit: 'ms', samples: samples.slice(warmUp) });
}

/** Milliseconds of the wall at which each event was stored. */
async function writeSlowly(store: LogStore): Promise<readonly number[]> {
  const stored: number[] = [];
  for (let seq = 1; seq <= events; seq += 1) {
    await store.commit([{ logId: 'run', expected: seq - 1, epoch: null, events: claimRows(seq, 1) }]);
    stored.push(nowMs());
    await setTimeout(pauseMs);
  }
  return stored;
}

/** Two processes have one clock of the wall, and each adds what has passed since it began. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

async function delaysWithin({ newFile }: Scratch): Promise<readonly number[]> {
  const store = await openSqliteStore({ path: newFile(), mode: 'create' });
  await store.create({ id: 'run', kind: 'run', label: null, createdAt });
  const seen: number[] = [];
  const following = (async () => {
    for await (const page of store.tail({ from: 'end' })) {
      for (const { event } of page.events) seen[event.seq - 1] = nowMs();
      if (seen.length >= events) break;
    }
  })();
  await setTimeout(200);
  const stored = await writeSlowly(store);
  await following;
  await store.close();
  return stored.map((at, index) => (seen[index] ?? Number.NaN) - at);
}

async function delaysAcross({ newFile }: Scratch): Promise<readonly number[]> {
  const path = newFile();
  const store = await openSqliteStore({ path, mode: 'create' });
  await store.create({ id: 'run', kind: 'run', label: null, createdAt });
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', follower, path, `${events}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const gone = once(child, 'exit');
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    const stored = await writeSlowly(store);
    const line: IteratorResult<string, unknown> = await lines.next();
    const seen: unknown = JSON.parse(line.done === true ? '[]' : line.value);
    if (!Array.isArray(seen) || seen.length !== events)
      throw new Error('the follower has not seen all events');
    return stored.map((at, index) => Number(seen[index]) - at);
  } finally {
    child.kill();
    await gone;
    await store.close();
  }
}

/** Processor time of an open store that nobody follows and nobody writes; the renewal of its lease is all there is. */
async function idleFigure({ newFile }: Scratch): Promise<Figure> {
  const store = await openSqliteStore({ path: newFile(), mode: 'create' });
  await store.create({ id: 'run', kind: 'run', label: null, createdAt });
  const samples: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const before = process.cpuUsage();
    await setTimeout(idleMs);
    const { user, system } = process.cpuUsage(before);
    samples.push((user + system) / 1000 / (idleMs / 1000));
  }
  await store.close();
  const what = 'an open store that nobody follows: processor time a second';
  return figureOf({ id: 'tail/idle', what, unit: 'ms', samples });
}
