import { expect, test } from 'vitest';
import { logicalClock } from '../base/index.ts';
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
