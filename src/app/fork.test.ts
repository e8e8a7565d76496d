import { expect, it } from 'vitest';
import { behavior } from '../runtime/index.ts';
import { open } from './open.ts';

function marks(name: string, mark: string) {
  return behavior({
    name,
    on: 'object.created',
    where: { 'object.type': 'offer' },
    run: ({ event, graph }) => graph.patchObject(event.payload.id, { mark }).id,
  });
}

const planner = behavior({
  name: 'planner',
  on: 'goal.created',
  run: ({ graph }) => graph.addObject('offer', {}).id,
});

it('opens a fork with the behaviors that it is given, and leaves the parent as it is', async () => {
  const run = await open('memory:', { behaviors: [planner, marks('careful', 'declined')] });
  await run.runGoal('Answer');
  const fork = await run.fork({ atEvent: 'evt_004', behaviors: [planner, marks('bold', 'accepted')] });
  await fork.runUntilIdle();
  expect(fork.graph.objects('offer')[0]?.data).toEqual({ mark: 'accepted' });
  expect(run.graph.objects('offer')[0]?.data).toEqual({ mark: 'declined' });
});

it('opens a fork with the behaviors of its parent when it is given none', async () => {
  const run = await open('memory:', { behaviors: [planner, marks('careful', 'declined')] });
  await run.runGoal('Answer');
  const fork = await run.fork({ atEvent: 'evt_004' });
  await fork.runUntilIdle();
  expect(fork.graph.objects('offer')[0]?.data).toEqual({ mark: 'declined' });
});

it('gives a fork a budget of its own', async () => {
  const run = await open('memory:', { behaviors: [planner, marks('careful', 'declined')] });
  await run.runGoal('Answer');
  const fork = await run.fork({ atEvent: 'evt_004', budget: { maxEvents: 1 } });
  expect(await fork.runUntilIdle()).toMatchObject({ state: 'exhausted' });
});
