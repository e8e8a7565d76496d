// What was dropped or deleted is looked for in every byte of a SQLite store, of the files beside it, and of a backup.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { backupStore, nodePlatform, open, openStore } from 'runlog';
import type { SearchableStore } from 'runlog/log';
import {
  countingMint,
  newExecution,
  newSession,
  newSessionEvent,
  openLogSessionStore,
  type OpenSessionStore,
} from 'runlog/sessions';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
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
  const silent = {
    out: async () => undefined,
    err: async () => undefined,
    isTty: false,
    columns: null,
    env: {},
  };
  expect(await main(words, silent)).toBe(0);
  const left = await openStore(url, { mode: 'read' });
  expect(await left.logs()).toEqual([]);
  await left.close();
});

const mint = countingMint();
const long = `${phrase} `.repeat(400);

/** How many of the files hold the phrase. */
function holders(path: string): readonly string[] {
  return ['', '-wal', '-journal']
    .map((end) => path + end)
    .filter((file) => statSync(file, { throwIfNoEntry: false }) !== undefined)
    .filter((file) => readFileSync(file).includes(phrase));
}

async function say(sessions: OpenSessionStore, sessionId: string, content: string): Promise<void> {
  const data = { role: 'user', content };
  await sessions.appendEvent(
    newSessionEvent({ type: 'message_sent', sessionId, runId: `${sessionId}-run`, data }, mint),
  );
}

interface Talks {
  readonly path: string;
  readonly store: SearchableStore;
  readonly sessions: OpenSessionStore;
  readonly warnings: readonly string[];
}

/** The session `ann` says the phrase, short at 1 and over several pages at 3; many others say nothing of it. */
async function talks(): Promise<Talks> {
  const path = join(scratchFolder(), 'talks.db');
  const warnings: string[] = [];
  const store = await openSqliteStore({ path, mode: 'create', warn: (text) => warnings.push(text) });
  const sessions = openLogSessionStore(store, nodePlatform);
  await sessions.saveSession(newSession({ id: 'ann', agentId: 'a' }, mint));
  for (const content of [phrase, 'hello', long]) await say(sessions, 'ann', content);
  for (let n = 0; n < 30; n += 1) await say(sessions, 'bob', `neither ${n}`);
  return { path, store, sessions, warnings };
}

test('a redacted text is in no byte of the file, of its -wal, and of a backup', async () => {
  const { path, store, sessions, warnings } = await talks();
  expect(holders(path)).not.toEqual([]);
  expect(await store.redact({ logId: 'ann', seqs: [1, 3], note })).toBe(2);
  expect(holders(path)).toEqual([]);
  await backupStore(`sqlite:///${path}`, `${path}.copy`);
  expect(holders(`${path}.copy`)).toEqual([]);
  await sessions.close();
  expect(holders(path)).toEqual([]);
  expect(warnings).toEqual([]);
});

test('a deleted session is in no byte of the file and of its -wal, nor is any earlier form of its documents', async () => {
  const { path, store, sessions } = await talks();
  const run = newExecution({ sessionId: 'ann', id: 'ann-run', input: phrase }, mint);
  for (const input of [phrase, long, `${phrase}, and no more`, '-'])
    await sessions.saveRun({ ...run, input, version: null });
  await store.remove(await store.head('ann'));
  expect(holders(path)).toEqual([]);
  await sessions.close();
  expect(holders(path)).toEqual([]);
});

test('what a document said before it was replaced stays nowhere, also when the store was closed in between', async () => {
  const { path, store, sessions } = await talks();
  await sessions.close();
  const again = await openSqliteStore({ path, mode: 'write', warn: () => undefined });
  const other = openLogSessionStore(again, nodePlatform);
  const run = newExecution({ sessionId: 'bob', id: 'bob-run', input: long }, mint);
  await other.saveRun(run);
  await other.saveRun({ ...run, input: null, version: 1 });
  await again.remove(await again.head('ann'));
  expect(holders(path)).toEqual([]);
  await other.close();
  expect(store.storeId).toBe(again.storeId);
});

test('when somebody reads meanwhile it is said, and what was dropped goes with the next redaction', async () => {
  const { path, store, sessions, warnings } = await talks();
  const reader = new DatabaseSync(path, { readOnly: true });
  reader.exec('BEGIN; SELECT count(*) FROM events');
  expect(await store.redact({ logId: 'ann', seqs: [1, 3], note })).toBe(2);
  expect(warnings.join()).toContain('Another program is reading the store.');
  expect(holders(path)).not.toEqual([]);
  reader.exec('COMMIT');
  reader.close();
  expect(await store.redact({ logId: 'ann', seqs: [1, 3], note })).toBe(0);
  expect(holders(path)).toEqual([]);
  expect(warnings).toHaveLength(1);
  await sessions.close();
});
