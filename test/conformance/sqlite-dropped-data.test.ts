// What was dropped or deleted is looked for in every byte of a SQLite store, of the files beside it, and of a backup.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { open, openStore } from 'runlog';
import { main } from '../../src/cli/main.ts';
import { scratchFolder } from './sqlite-scratch.ts';

const phrase = 'my phone is 555-1234';
const note = { by: 'operator', at: '2026-01-02T00:00:00.000Z', reason: 'asked for' };

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(() => null).catch((caught: unknown) => caught);
  return String(error instanceof Error ? Reflect.get(error, 'howToFix') : error);
}

test('the command that a refused redaction names deletes the run of a graph as it is typed', async () => {
  const url = `sqlite:///${join(scratchFolder(), 'runs.db')}`;
  const store = await openStore(url);
  const run = await open(store, { runId: 'books' });
  await run.emit('note', { text: phrase });
  await run.close();
  const remedy = await refusalOf(store.redact({ logId: 'books', seqs: [1], note }));
  await store.close();
  const command = /`runlog ([^`]+)`/.exec(remedy)?.[1]?.replace('URL', url) ?? '';
  const words = [...command.split(' '), '--apply'];
  const silent = { out: async () => undefined, err: async () => undefined, isTty: false, columns: null, env: {} };
  expect(await main(words, silent)).toBe(0);
  const left = await openStore(url, { mode: 'read' });
  expect(await left.logs()).toEqual([]);
  await left.close();
});
