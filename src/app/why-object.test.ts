/** Proves that looking for the reason of an object reads what it needs, and finds it however the log spells its id. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { CorruptedEventPayloadError, DamagedHistoryError } from '../log/index.ts';
import { behavior } from '../runtime/index.ts';
import { inspectRun } from './inspect/inspect-run.ts';
import { open } from './open.ts';
import { whyObject } from './why-object.ts';

const noter = behavior({
  name: 'noter',
  on: 'goal.created',
  run: ({ graph }) => {
    for (const text of ['a', 'b']) graph.addObject('note', { text });
  },
});

/** The URL of a store with a run that made two notes, of which `sql` changed something. */
async function changed(sql: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-why-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'runs.db');
  const run = await open(path, { runId: 'run', behaviors: [noter] });
  await run.runGoal('g');
  await run.close();
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  return `sqlite:///${path}`;
}

const idsOf = async (url: string, objectId: string): Promise<readonly string[]> =>
  (await whyObject(url, { objectId })).value.events.map(({ id }) => id);

it('computes no hashes: that is asked of inspect', async () => {
  const url = await changed("UPDATE events SET actor = 'nobody' WHERE type = 'behavior.started'");
  expect(await idsOf(url, 'note#2')).toEqual(['evt_004', 'evt_001']);
  await expect(inspectRun(url, { tail: 0, verify: true })).rejects.toThrow(DamagedHistoryError);
});

it('finds the event that made an object whose id is spelled with escapes', async () => {
  const url = await changed("UPDATE events SET payload = replace(payload, 'note#2', 'n\\u006fte#2')");
  expect(await idsOf(url, 'note#2')).toEqual(['evt_004', 'evt_001']);
  expect(await idsOf(url, 'note#1')).toEqual(['evt_003', 'evt_001']);
});

const damaged = (payload: string): string =>
  `UPDATE events SET payload = '${payload}' WHERE payload LIKE '%"note#1"%'`;

it('parses no event of another object', async () => {
  const url = await changed(damaged('{no JSON}'));
  expect(await idsOf(url, 'note#2')).toEqual(['evt_004', 'evt_001']);
});

it('tells of an event that was cut off: it may have named the object', async () => {
  const url = await changed(damaged('{"id":'));
  await expect(whyObject(url, { objectId: 'note#2' })).rejects.toThrow(CorruptedEventPayloadError);
});

it('names those that are there, when the one that is asked for is not', async () => {
  const url = await changed('SELECT 1');
  await expect(whyObject(url, { objectId: 'note#3' })).rejects.toMatchObject({
    name: 'ObjectNotFoundError',
    howToFix: expect.stringContaining('Did you mean: note#1, note#2.') as unknown,
  });
});
