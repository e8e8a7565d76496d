/** Proves that comparing two runs reads what they did since they part, and of the past no more than single elements need. */
import { expect, test } from 'vitest';
import { frozenClock, open, type Runtime } from 'runlog';
import { memoryPlace } from '../../../test/harness/memory-store.ts';
import { overlaid } from '../../../test/harness/stopping-store.ts';
import type { LogStore } from '../../log/index.ts';
import { diffRuns } from './diff-runs.ts';

interface Counted {
  readonly store: LogStore;
  readonly events: () => number;
}

/** Counts the events that reading hands out. */
function counting(inner: LogStore): Counted {
  let events = 0;
  const store = overlaid(inner, {
    read: async function* (logId, options) {
      for await (const page of inner.read(logId, options)) {
        events += page.length;
        yield page;
      }
    },
  });
  return { store, events: () => events };
}

const clock = frozenClock('2026-01-01T00:00:00Z');

/** A run of `past` objects, and a fork of it. */
async function forked(past: number): Promise<{ run: Runtime; fork: Runtime; counted: Counted }> {
  const inner = memoryPlace().open();
  const run = await open(inner, { runId: 'run', clock });
  for (let made = 0; made < past; made += 1_000) {
    await run.mutate((graph) => {
      for (let index = 0; index < Math.min(1_000, past - made); index += 1) graph.addObject('note', { n: 1 });
    });
  }
  const { seq } = await run.head();
  const fork = await run.fork({ atEvent: `evt_${String(seq).padStart(3, '0')}`, runId: 'fork' });
  return { run, fork, counted: counting(inner) };
}

test('the shared past is not read, whatever its length', async () => {
  const reads: number[] = [];
  for (const past of [1_000, 10_000]) {
    const { run, fork, counted } = await forked(past);
    for (const each of [run, fork]) {
      await each.mutate((graph) => {
        for (let index = 1; index <= 100; index += 1) graph.patchObject(`note#${index}`, { n: each.runId });
        graph.addObject('note', { by: each.runId });
      });
    }
    expect((await diffRuns(counted.store, 'run', 'fork')).objects).toHaveLength(101);
    reads.push(counted.events());
  }
  expect(reads[1]).toBe(reads[0]);
});

test('an old object that gets a new field is looked up by itself', async () => {
  const { fork, counted } = await forked(20_000);
  await fork.mutate((graph) => graph.patchObject('note#17', { extra: true }));
  const diff = await diffRuns(counted.store, 'run', 'fork');
  expect(diff.objects.flatMap(({ fields }) => fields.map(({ field, left }) => [field, left]))).toEqual([
    ['data.extra', undefined],
    ['version', 1],
  ]);
  expect(counted.events()).toBeLessThan(1_500);
});

test('many old objects are looked up in one go', async () => {
  const { run, fork, counted } = await forked(2_000);
  await fork.mutate((graph) => {
    for (let index = 1; index <= 100; index += 1) graph.patchObject(`note#${index * 3}`, { extra: null });
  });
  await run.mutate((graph) => graph.patchObject('note#3', { extra: null }));
  const { objects } = await diffRuns(counted.store, 'run', 'fork');
  expect(objects).toHaveLength(99);
  expect(objects[0]?.fields[0]).toMatchObject({ field: 'data.extra', left: undefined, right: null });
});

test('two long equal logs without kinship are told equal by some hashes', async () => {
  const place = memoryPlace();
  for (const runId of ['left', 'right']) {
    const run = await open(place.open(), { runId, clock });
    await run.mutate((graph) => {
      for (let index = 0; index < 5_000; index += 1) graph.emit('tick', { index });
    });
    if (runId === 'right') await run.emit('one.more');
    await run.close();
  }
  const counted = counting(place.open());
  const diff = await diffRuns(counted.store, 'left', 'right');
  expect(diff).toMatchObject({ past: { equalSeq: 5_000 }, events: { onlyRight: [{ type: 'one.more' }] } });
  expect(counted.events()).toBeLessThan(50);
});
