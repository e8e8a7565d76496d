/** A load from a snapshot of any place knows what a load from the log alone knows, and the run goes on to the same end. */
import * as fc from 'fast-check';
import { load, logicalClock, open, sha256 } from 'runlog';
import type { LogStore } from 'runlog/log';
import { loadRunState, loadState } from 'runlog/runtime';
import { describe, expect, it, test } from 'vitest';
import { moment } from '../../harness/fixed-run.ts';
import { memoryPlace } from '../../harness/memory-store.ts';
import { keepingAll, snapshotPlaces, withSnapshotAt } from '../../harness/snapshot-stores.ts';
import { snapshotTexts, writeSnapshot } from '../../../src/runtime/snapshot/write-snapshot.ts';
import { behaviorsOf, budget, drive, randomRun } from '../random-runs.ts';
import { common, drivenRuns } from '../resume/driven-runs.ts';
import { stateOf, wholeOf } from './loaded-whole.ts';

const warn = (message: string): void => {
  throw new Error(message);
};
const snapshots = { sha256, warn };
const platform = { sha256, pause: async () => {} };
const everyEvents = 1;

/** Loads from the snapshot of each place, and from the log alone; says at how many places there is one. */
async function loadEach(store: LogStore, runId: string): Promise<number> {
  const loaded = await loadState(store, runId);
  const [whole, ownState] = [wholeOf(loaded), stateOf(loaded.state)];
  const places = await snapshotPlaces(store, runId);
  for (const place of places) {
    const quick = await loadState(withSnapshotAt(store, place), runId, { snapshots });
    expect(wholeOf(quick), `from place ${place}`).toEqual(whole);
    const state = await loadRunState(withSnapshotAt(store, place), runId, snapshots);
    expect(stateOf(state), `the state alone, from place ${place}`).toEqual(ownState);
    expect(quick.snapshotSeq).toBe(place);
  }
  return places.length;
}

test('what a live run writes down is what its log says, wherever it rests', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(randomRun, async (random) => {
      const store = keepingAll(memoryPlace().open());
      const options = { clock: logicalClock('2026-01-01T00:00:00Z'), budget, runId: 'run_x' };
      const run = await open(store, {
        ...options,
        behaviors: behaviorsOf(random),
        snapshots: { everyEvents },
      });
      await drive(run, random);
      await run.close();
      compared += await loadEach(store, 'run_x');
    }),
    { numRuns: 200 },
  );
  expect(compared).toBeGreaterThan(200);
});

/** Takes a snapshot of every place of a run at which nothing is under way, from a log that ends there. */
async function snapshotEverywhere(store: LogStore, runId: string): Promise<number> {
  const { seq: end } = await store.head(runId);
  let written = 0;
  for (let seq = 1; seq < end; seq += 1) {
    const id = `${runId}-${seq}`;
    const { head } = await store.fork({ parent: runId, atSeq: seq, id, label: null, createdAt: moment });
    const { state, tables } = await loadState(store, id);
    const texts = snapshotTexts(state, tables);
    if (texts === null) continue;
    await writeSnapshot(store, { logId: runId, epoch: 1 }, { seq, hash: head.hash }, texts, platform);
    written += 1;
  }
  return written;
}

test('a snapshot of any place at which nothing is under way fits', async () => {
  await fc.assert(
    fc.asyncProperty(randomRun, async (random) => {
      const store = keepingAll(memoryPlace().open());
      const options = { clock: logicalClock('2026-01-01T00:00:00Z'), budget, runId: 'run_x' };
      const run = await open(store, { ...options, behaviors: behaviorsOf(random) });
      await drive(run, random);
      await snapshotEverywhere(store, 'run_x');
      await loadEach(store, 'run_x');
    }),
    { numRuns: 30 },
  );
});

describe.each(drivenRuns(new Map()).map(({ name }) => name))('a run with %s', (name) => {
  it('comes to the same end from a snapshot of any place', async () => {
    const { options, drive: toEnd } = drivenRuns(new Map()).find((each) => each.name === name) ?? fail();
    const store = keepingAll(memoryPlace().open());
    const run = await open(store, { ...common, ...options() });
    await toEnd(run);
    expect(await snapshotEverywhere(store, common.runId)).toBeGreaterThan(2);
    for (const place of await snapshotPlaces(store, common.runId)) {
      const runId = `${common.runId}-${place}`;
      const ends: string[] = [];
      for (const how of [undefined, false] as const) {
        const id = `${runId}-${how ?? 'quick'}`;
        await store.fork({ parent: runId, atSeq: place, id, label: null, createdAt: moment });
        const found = withSnapshotAt(store, place);
        const resumed = await load(found, {
          ...common,
          ...options(),
          runId: id,
          ...(how === undefined ? {} : { snapshots: how }),
        });
        await toEnd(resumed);
        ends.push((await resumed.head()).hash);
        await resumed.close();
      }
      expect(ends[0], `from place ${place}`).toBe(ends[1]);
    }
  });
});

function fail(): never {
  throw new Error('no such run');
}
