/** Scenario 31: a payload that is no JSON object is refused by name, with its place, and the run is not rebuilt in part. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CorruptedEventPayloadError, load, type LogStore, migrateStore, type MigrationReport } from 'runlog';
import { describe, expect, onTestFinished, test } from 'vitest';
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

describe('a database with three runs of four events, the second event of the first run broken', () => {
  const places = (): { readonly from: string; readonly to: string } => {
    const folder = mkdtempSync(join(tmpdir(), 'runlog-31-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const database = new DatabaseSync(join(folder, 'from.db'));
    database.exec(readFileSync('test/fixtures/activegraph/broken.sql', 'utf8'));
    database.close();
    return { from: `sqlite:///${join(folder, 'from.db')}`, to: `sqlite:///${join(folder, 'to.db')}` };
  };
  const told = ({ runs }: MigrationReport): unknown =>
    runs.map(({ status, events, skipped }) => [status, events, ...skipped.map(({ eventId }) => eventId)]);

  test('is migrated but for that run, now and again', async () => {
    const { from, to } = places();
    const first = await migrateStore(from, to);
    expect([first.ok, told(first)]).toEqual([
      false,
      [
        ['failed', 0],
        ['copied', 4],
        ['copied', 4],
      ],
    ]);
    expect(told(await migrateStore(from, to))).toEqual([
      ['failed', 0],
      ['present', 0],
      ['present', 0],
    ]);
  });

  test('is migrated without that event when that is asked for', async () => {
    const { from, to } = places();
    const report = await migrateStore(from, to, { skipCorrupted: true });
    expect([report.ok, told(report)]).toEqual([
      true,
      [
        ['copied', 3, 'evt_002'],
        ['copied', 4],
        ['copied', 4],
      ],
    ]);
  });

  test('is migrated as far as it is asked for; a run that is not there is an error (Python: passed over)', async () => {
    const { from, to } = places();
    expect(told(await migrateStore(from, to, { runIds: ['r2'] }))).toEqual([['copied', 4]]);
    await expect(migrateStore(from, to, { runIds: ['r2', 'zzz'] })).rejects.toMatchObject({
      code: 'run-not-found-error',
    });
  });
});
