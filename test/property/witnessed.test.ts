/** A test whose run is not made again by its behaviors fails, however the run was opened and forked. */
import { behavior, open } from 'runlog';
import { expect, test } from 'vitest';
import { settleWitnessed } from '../harness/verified-runs.ts';

/** Keeps something between two calls, so that no repetition makes what it made. */
function drifting() {
  let calls = 0;
  return behavior({
    name: 'drifting',
    on: 'goal.created',
    run: ({ graph }) => void graph.addObject('call', { n: (calls += 1) }),
  });
}

test('a run that is left open is found', async () => {
  const run = await open('memory:', { behaviors: [drifting()] });
  await run.runGoal('go');
  await expect(settleWitnessed()).rejects.toThrow('not made again');
});

test('a run that was closed is found', async () => {
  const run = await open('memory:', { behaviors: [drifting()] });
  await run.runGoal('go');
  await run.close();
  await expect(settleWitnessed()).rejects.toThrow('not made again');
});

test('a fork is found when its parent is sound', async () => {
  const steady = behavior({ name: 'steady', on: 'goal.created', run: () => undefined });
  const run = await open('memory:', { behaviors: [steady] });
  await run.runGoal('go');
  const fork = await run.fork({ atEvent: 'evt_001', behaviors: [drifting()] });
  await fork.runUntilIdle();
  await expect(settleWitnessed()).rejects.toThrow('not made again');
});
