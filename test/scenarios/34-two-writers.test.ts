/** Scenario 34: a second writer of a run is refused by type, and neither its memory nor the log shows anything of it. */
import { ConcurrentWriterError, FencedError, RunOwnedError, RuntimeClosedError } from 'runlog';
import { expect, test } from 'vitest';
import { eventsOf, loadFixed, openFixed } from '../harness/fixed-run.ts';
import { memoryPlace } from '../harness/memory-store.ts';

test('a runtime on a run that somebody drives is refused', async () => {
  const place = memoryPlace();
  const first = await openFixed({}, place.open());
  await expect(loadFixed(place.open())).rejects.toBeInstanceOf(RunOwnedError);
  await first.emit('still mine');
});

test('a runtime that was replaced cannot append, and shows no object that is not stored', async () => {
  const place = memoryPlace();
  const slow = await openFixed({}, place.open());
  await slow.mutate((graph) => graph.addObject('c', {}));
  place.lapse();
  const next = await loadFixed(place.open());
  await next.mutate((graph) => graph.addObject('c', { by: 'next' }));
  const late = slow.mutate((graph) => graph.addObject('c', { by: 'slow' }));
  await expect(late).rejects.toBeInstanceOf(RuntimeClosedError);
  await expect(late).rejects.toMatchObject({ cause: { name: 'FencedError' } });
  expect(slow.graph.object('c#2')).toBeUndefined();
  expect(next.graph.object('c#2')?.data).toEqual({ by: 'next' });
  expect(await eventsOf(next)).toHaveLength(2);
});

test('whoever writes past both is refused by the store', async () => {
  const place = memoryPlace();
  const store = place.open();
  const run = await openFixed({}, store);
  await run.emit('one');
  const row = await store.get('run_x', 'evt_001');
  if (row === undefined) throw new Error('the run has no event');
  const part = { logId: 'run_x', events: [{ ...row, id: 'evt_002' }] };
  await expect(store.commit([{ ...part, expected: 1, epoch: 0 }])).rejects.toBeInstanceOf(FencedError);
  await expect(store.commit([{ ...part, expected: 5, epoch: 1 }])).rejects.toBeInstanceOf(
    ConcurrentWriterError,
  );
});
