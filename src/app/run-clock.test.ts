import { expect, test } from 'vitest';
import { logicalClock } from '../base/index.ts';
import { behavior } from '../runtime/index.ts';
import { load, open } from './open.ts';
import { openStore } from './open-store.ts';

test('a run that is loaded without a clock goes on with the one that it was driven with', async () => {
  const store = await openStore('memory:');
  const first = await open(store, { runId: 'run', clock: logicalClock('2026-01-01T00:00:00Z') });
  await first.runGoal('begin');
  await first.close();
  const second = await load(store, { runId: 'run' });
  const event = await second.emit('note', {});
  expect(event.timestamp).toBe('2026-01-01T00:00:03Z');
  await second.close();
});

test('a run that was driven with the clock of the system goes on with it', async () => {
  const store = await openStore('memory:');
  const first = await open(store, { runId: 'run' });
  await first.runGoal('begin');
  await first.close();
  const second = await load(store, { runId: 'run' });
  const event = await second.emit('note', {});
  expect(Math.abs(Date.parse(event.timestamp) - Date.now())).toBeLessThan(10_000);
  await second.close();
});

test('a clock that is set back in the middle changes no order and takes nothing off the time that was used', async () => {
  const store = await openStore('memory:');
  let nowMs = Date.parse('2026-01-02T00:00:00Z');
  const clock = { kind: 'system', start: null, nowMs: () => (nowMs -= 3_600_000) } as const;
  const note = behavior({
    name: 'note',
    on: 'goal.created',
    run: ({ graph }) => graph.addObject('note', {}).id,
  });
  const options = { clock, behaviors: [note], budget: { maxSeconds: 5 } };
  const run = await open(store, { runId: 'back', ...options });
  await run.runGoal('First');
  await run.close();
  const again = await load(store, { runId: 'back', ...options });
  const { state, budget } = await again.runGoal('Second');
  expect(state).toBe('idle');
  expect(budget['used']).toMatchObject({ max_seconds: 0 });
  const seqs: number[] = [];
  for await (const { seq } of again.events()) seqs.push(seq);
  expect(seqs).toEqual(seqs.map((_seq, index) => index + 1));
  await again.close();
});
