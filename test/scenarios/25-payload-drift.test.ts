/** Scenario 25: runs with several goals are verified, and so is what stands in their payloads. */
import { behavior, type Behavior, frozenClock, open, verifyRun } from 'runlog';
import type { LogStore } from 'runlog/log';
import { expect, test } from 'vitest';
import { moment, runId } from '../harness/fixed-run.ts';
import { memoryPlace } from '../harness/memory-store.ts';

function noter(v: number): Behavior {
  return behavior({
    name: 'noter',
    on: 'goal.created',
    run: ({ event, graph }) => void graph.addObject('note', { v, goal: event.payload.goal }),
  });
}

async function recorded(): Promise<LogStore> {
  const store = memoryPlace().open();
  const run = await open(store, { runId, clock: frozenClock(moment), behaviors: [noter(1)] });
  await run.runGoal('first');
  await run.runGoal('second');
  await run.close();
  return store;
}

test('a run with two goals passes', async () => {
  const report = await verifyRun(await recorded(), { runId, behaviors: [noter(1)] });
  expect(report).toMatchObject({ events: 10, verified: 10, invocations: 2, divergence: null });
});

test('another value in a payload is reported, with its place', async () => {
  const { divergence } = await verifyRun(await recorded(), { runId, behaviors: [noter(2)] });
  expect(divergence).toMatchObject({
    kind: 'payload_mismatch',
    eventId: 'evt_003',
    field: 'payload.object.data.v',
    expected: 1,
    actual: 2,
    behavior: 'noter',
  });
});
