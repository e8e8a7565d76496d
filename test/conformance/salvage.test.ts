// A run whose history is damaged: what stands before the damage is brought out, proved, and gone on with when a whole copy turns up.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportTrace, importFile, migrateStore, openStore } from 'runlog';
import { expect, test } from 'vitest';
import { createdAt, sampleRows, scratchFolder, tamper } from './sqlite-scratch.ts';

const urlOf = (path: string): string => `sqlite:///${path}`;

/** Run `a` of ten events and its fork `f` at 8 with two of its own, closed; and a copy of the file. */
async function stores(): Promise<{ readonly path: string; readonly whole: string }> {
  const folder = scratchFolder();
  const [path, whole] = [join(folder, 'runs.db'), join(folder, 'whole.db')];
  const store = await openStore(urlOf(path));
  await store.create({ id: 'a', kind: 'run', label: 'first', createdAt });
  await store.commit([{ logId: 'a', expected: 0, epoch: null, events: sampleRows(1, 10) }]);
  await store.fork({ parent: 'a', atSeq: 8, id: 'f', label: null, createdAt });
  await store.commit([{ logId: 'f', expected: 8, epoch: null, events: sampleRows(9, 2) }]);
  await store.close();
  copyFileSync(path, whole);
  return { path, whole };
}

async function salvaged(
  path: string,
  runId: string,
): Promise<{ readonly lines: string; readonly damage: string | null }> {
  let lines = '';
  const write = async (text: string): Promise<void> => {
    lines += text;
  };
  const { damage } = await exportTrace(urlOf(path), { runId, format: 'jsonl', untilDamage: true, write });
  return { lines, damage };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

test.each([
  ['a changed event', "UPDATE events SET actor = 'x' WHERE log = 1 AND seq = 6", 'a', 5],
  ['a payload that is no JSON', `UPDATE events SET payload = '{' WHERE log = 1 AND seq = 6`, 'a', 5],
  ['a missing event', 'DELETE FROM events WHERE log = 1 AND seq = 6', 'a', 5],
  ['a missing end', 'DELETE FROM events WHERE log = 1 AND seq > 7', 'a', 7],
  ['a changed event that it shares', "UPDATE events SET actor = 'x' WHERE log = 1 AND seq = 6", 'f', 5],
  ['a changed event of its own', "UPDATE events SET actor = 'x' WHERE log = 2 AND seq = 10", 'f', 9],
])('with %s', async (_name, sql, runId, events) => {
  const { path, whole } = await stores();
  tamper(path, sql);
  const { lines, damage } = await salvaged(path, runId);
  expect(damage).not.toBeNull();
  const to = urlOf(join(scratchFolder(), 'salvaged.db'));
  const report = await importFile(bytesOf(lines), to);
  expect(report).toMatchObject({ ok: true, runs: [{ runId, status: 'copied', events }] });
  const again = await migrateStore(urlOf(whole), to, { runIds: [runId], detach: true });
  expect(again.runs).toMatchObject([{ runId, status: 'continued', events: 10 - events }]);
});

test('a run that is whole is exported whole', async () => {
  const { path } = await stores();
  const { lines, damage } = await salvaged(path, 'a');
  expect([damage, lines.trimEnd().split('\n').length]).toEqual([null, 11]);
});

test('a run whose first event is damaged is refused: nothing of it is whole', async () => {
  const { path } = await stores();
  tamper(path, "UPDATE events SET actor = 'x' WHERE log = 1 AND seq = 1");
  await expect(salvaged(path, 'a')).rejects.toMatchObject({ code: 'damaged-history-error' });
});
