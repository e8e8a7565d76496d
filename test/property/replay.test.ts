/** A run is its log: what is read from the log is what the run knew, and any honest beginning of it can be gone on with. */
import * as fc from 'fast-check';
import { load, type LogEvent, logicalClock, open, type Runtime } from 'runlog';
import type { LogStore } from 'runlog/log';
import { forkRun } from 'runlog/runtime';
import { expect, test } from 'vitest';
import { eventsOf, moment } from '../harness/fixed-run.ts';
import { graphJson, replayed } from '../harness/graph-json.ts';
import { memoryPlace } from '../harness/memory-store.ts';
import { behaviorsOf, budget, drive, type RandomRun, randomRun } from './random-runs.ts';

const common = { clock: logicalClock('2026-01-01T00:00:00Z'), budget };

async function driven(
  random: RandomRun,
): Promise<{ readonly store: LogStore; readonly run: Runtime; readonly events: readonly LogEvent[] }> {
  const store = memoryPlace().open();
  const run = await open(store, { ...common, runId: 'run_x', behaviors: behaviorsOf(random) });
  await drive(run, random);
  return { store, run, events: await eventsOf(run) };
}

/** The ids that the run would give next. */
async function nextIds(run: Runtime): Promise<readonly string[]> {
  return run.mutate((graph) => {
    const { id } = graph.addObject('next', {});
    return [id, graph.addRelation(id, id, 'r').id, graph.patchObject(id, {}).id];
  });
}

test('the graph of a run is the graph of its log', async () => {
  await fc.assert(
    fc.asyncProperty(randomRun, async (random) => {
      const { run, events } = await driven(random);
      expect(graphJson(run.graph)).toEqual(graphJson(replayed(events)));
    }),
    { numRuns: 200 },
  );
});

test('a loaded run knows what the live one knew, and counts on from there', async () => {
  await fc.assert(
    fc.asyncProperty(randomRun, async (random) => {
      const { store, run } = await driven(random);
      const live = {
        status: await run.status(),
        errors: run.errors,
        graph: graphJson(run.graph),
        head: await run.head(),
      };
      await run.close();
      const loaded = await load(store, { ...common, runId: 'run_x', behaviors: behaviorsOf(random) });
      expect({
        status: await loaded.status(),
        errors: loaded.errors,
        graph: graphJson(loaded.graph),
        head: await loaded.head(),
      }).toEqual(live);
      await loaded.runUntilIdle();
      expect((await loaded.head()).hash).toBe(live.head.hash);
      const ids = await nextIds(loaded);
      await loaded.close();
      // The live run gives the same ids: its log is cut off where it stood.
      await store.fork({ parent: 'run_x', atSeq: live.head.seq, id: 'twin', label: null, createdAt: moment });
      const twin = await load(store, { ...common, runId: 'twin' });
      expect(await nextIds(twin)).toEqual(ids);
    }),
    { numRuns: 200 },
  );
});

test('from any cut that tears no changes apart the work in progress comes to the same end', async () => {
  await fc.assert(
    fc.asyncProperty(randomRun, fc.nat(), async (random, at) => {
      // One command alone: after it, everything follows from the log.
      const single = { ...random, commands: random.commands.slice(0, 1) };
      const { store, events, run } = await driven(single);
      const event = events[at % Math.max(1, events.length)];
      if (event === undefined) return;
      const isFromOutside = event.actor === 'system' && events[event.seq]?.actor === 'system';
      const runId = 'cut';
      try {
        await forkRun(store, { parent: 'run_x', atEvent: event.id, runId, label: null, createdAt: moment });
      } catch {
        return;
      }
      const cut = await load(store, { ...common, runId, behaviors: behaviorsOf(random) });
      expect((await cut.runUntilIdle()).state).toMatch(/^(idle|exhausted)$/);
      if (!isFromOutside) expect((await cut.head()).hash, `cut at ${event.id}`).toBe((await run.head()).hash);
    }),
    { numRuns: 400 },
  );
});
