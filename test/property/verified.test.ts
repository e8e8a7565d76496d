/** A run is verified by the behaviors that make it, however it was driven, and by no others. */
import * as fc from 'fast-check';
import { type Behavior, load, logicalClock, open, type Runtime, verifyRun } from 'runlog';
import type { LogStore } from 'runlog/log';
import { expect, test } from 'vitest';
import { openUnrepeatable } from '../harness/fixed-run.ts';
import { memoryPlace } from '../harness/memory-store.ts';
import { behaviorsOf, budget, drive, type RandomRun, randomRun } from './random-runs.ts';

const runId = 'run_x';
const common = { runId, clock: logicalClock('2026-01-01T00:00:00Z') };

async function recorded(random: RandomRun): Promise<{ readonly store: LogStore; readonly hash: string }> {
  const store = memoryPlace().open();
  const run = await open(store, { ...common, budget, behaviors: behaviorsOf(random) });
  await drive(run, random);
  const { hash } = await run.head();
  await run.close();
  return { store, hash };
}

async function divergenceOf(store: LogStore, behaviors: readonly Behavior[]) {
  const { divergence, events, verified } = await verifyRun(store, { runId, behaviors });
  if (divergence === null) expect(verified).toBe(events);
  return divergence;
}

test('a run is verified by the behaviors that made it', async () => {
  await fc.assert(
    fc.asyncProperty(randomRun, async (random) => {
      const { store } = await recorded(random);
      expect(await divergenceOf(store, behaviorsOf(random))).toBeNull();
    }),
    { numRuns: 300 },
  );
});

test('a run is verified by other behaviors exactly when they make the same log', async () => {
  const changed = fc.record({
    random: randomRun,
    other: randomRun,
    at: fc.nat({ max: 3 }),
    how: fc.constantFrom('replace', 'drop', 'add', 'swap'),
  });
  let found = 0;
  await fc.assert(
    fc.asyncProperty(changed, async ({ random, other, at, how }) => {
      const { store, hash } = await recorded(random);
      const now = { ...random, behaviors: changedBy(random, other, at, how) };
      // Names stay with their behaviors when others are dropped or swapped.
      const renamed = behaviorsOf(now);
      const again = await open(memoryPlace().open(), { ...common, budget, behaviors: renamed });
      await drive(again, random);
      const makesTheSame = (await again.head()).hash === hash;
      const divergence = await divergenceOf(store, renamed);
      if (divergence !== null) found += 1;
      expect(divergence === null, JSON.stringify(divergence)).toBe(makesTheSame);
    }),
    { numRuns: 300 },
  );
  expect(found).toBeGreaterThan(0);
});

function changedBy(random: RandomRun, other: RandomRun, at: number, how: string): RandomRun['behaviors'] {
  const behaviors = [...random.behaviors];
  const index = at % behaviors.length;
  const [own] = behaviors.slice(index);
  const [foreign] = other.behaviors;
  if (own === undefined || foreign === undefined) return behaviors;
  if (how === 'replace') return behaviors.toSpliced(index, 1, foreign);
  if (how === 'drop') return behaviors.toSpliced(index, 1);
  if (how === 'add') return [...behaviors, foreign];
  return [...behaviors.toSpliced(index, 1), own];
}

test('a run that is opened for each command, under other budgets and with more behaviors, is verified', async () => {
  const opened = fc.record({
    random: randomRun,
    openings: fc.array(
      fc.record({ calls: fc.integer({ min: 0, max: 12 }), behaviors: fc.integer({ min: 0, max: 4 }) }),
      { minLength: 1, maxLength: 6 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(opened, async ({ random, openings }) => {
      const store = memoryPlace().open();
      const behaviors = behaviorsOf(random);
      for (const [index, { calls, behaviors: count }] of openings.entries()) {
        const options = {
          ...common,
          behaviors: behaviors.slice(0, count),
          budget: { maxBehaviorCalls: calls },
          withoutMissing: true,
        };
        // A behavior that never drove an event is not known to its log: what is to be given is chosen below.
        const run: Runtime = await (index === 0 ? openUnrepeatable(options, store) : load(store, options));
        const commands = random.commands.slice(index, index + 1);
        if (commands.length === 0) await run.runUntilIdle();
        else await drive(run, { ...random, commands });
        await run.close();
      }
      // One that never drove an event would be new, and would be found.
      const records = (await store.records('opening', '')).map(({ value }) => value).join('');
      const drove = behaviors.filter(({ name }) => records.includes(`"name":"${name}"`));
      expect(await divergenceOf(store, drove)).toBeNull();
    }),
    { numRuns: 300 },
  );
});
