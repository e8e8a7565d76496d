/** Scenario 31: a payload that is no JSON object is refused by name, with its place, and the run is not rebuilt in part. */
import { CorruptedEventPayloadError, load, type LogStore } from 'runlog';
import { expect, test } from 'vitest';
import { openUnrepeatable } from '../harness/fixed-run.ts';
import { memoryPlace } from '../harness/memory-store.ts';

async function damaged(payload: string): Promise<LogStore> {
  const store = memoryPlace().open();
  const run = await openUnrepeatable({}, store);
  await run.emit('before');
  await run.close();
  const row = await store.get('run_x', 'evt_001');
  if (row === undefined) throw new Error('the run has no event');
  const { epoch = 0 } = (await store.info('run_x')) ?? {};
  await store.commit([{ logId: 'run_x', expected: 1, epoch, events: [{ ...row, id: 'evt_002', payload }] }]);
  return store;
}

test('broken JSON is told with event, run, line and column', async () => {
  const loading = load(await damaged('{broken'), { runId: 'run_x' });
  await expect(loading).rejects.toBeInstanceOf(CorruptedEventPayloadError);
  await expect(loading).rejects.toMatchObject({
    context: { run_id: 'run_x', event_id: 'evt_002', line: 1, column: 2, preview: '{broken' },
  });
});

test.each([
  ['[1]', 'array'],
  ['null', 'null'],
  ['"x"', 'string'],
])('%s is no payload', async (payload, decoded) => {
  const loading = load(await damaged(payload), { runId: 'run_x' });
  await expect(loading).rejects.toBeInstanceOf(CorruptedEventPayloadError);
  await expect(loading).rejects.toMatchObject({ context: { event_id: 'evt_002', decoded_type: decoded } });
});
