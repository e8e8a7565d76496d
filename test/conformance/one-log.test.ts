// One store that holds the runs of graphs and the sessions of agents: every command that looks at a store, or looks after it, serves
// both.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  archiveRuns,
  deleteRuns,
  doctor,
  exportTrace,
  inspectLog,
  listRuns,
  migrateStore,
  InvalidRuntimeConfiguration,
  open,
  openSessionStore,
  openStore,
  pinRun,
  backupStore,
  RunNotFoundError,
  systemMint,
  verifyRun,
} from 'runlog';
import { completeExecution, moveExecution, newExecution, newSession, newSessionEvent } from 'runlog/sessions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratchUrl } from './postgres-scratch.ts';
import { scratchFolder, tamper } from './sqlite-scratch.ts';

let template: string;

beforeAll(async () => {
  template = join(mkdtempSync(join(tmpdir(), 'runlog-')), 'both.db');
  const run = await open(`sqlite:///${template}`, { runId: 'graph' });
  await run.emit('note', { n: 1 });
  await run.runUntilIdle();
  await run.close();
  const sessions = await openSessionStore(`sqlite:///${template}`);
  const session = newSession({ agentId: 'coder', id: 'chat', tags: ['nightly'] }, systemMint);
  const begun = moveExecution(
    newExecution({ sessionId: 'chat', id: 'turn' }, systemMint),
    'running',
    systemMint,
  );
  await sessions.saveSession(session);
  await sessions.saveRun(begun);
  const event = (id: string, type: 'message_sent' | 'run_completed') =>
    newSessionEvent({ id, type, sessionId: 'chat', runId: 'turn', data: { content: id } }, systemMint);
  await sessions.appendEvents([event('evt_a', 'message_sent')]);
  await sessions.flush({
    session,
    run: completeExecution(begun, { content: 'done' }, systemMint),
    events: [event('evt_b', 'run_completed')],
  });
  await sessions.close();
});

afterAll(() => rmSync(join(template, '..'), { recursive: true }));

function both(): string {
  const path = join(scratchFolder(), 'both.db');
  copyFileSync(template, path);
  return path;
}

const newUrl = (): string => `sqlite:///${join(scratchFolder(), 'other.db')}`;

/** What is in a store, as far as a copy must not lose it. */
async function contentOf(url: string): Promise<unknown> {
  const store = await openStore(url, { mode: 'read' });
  const heads = await Promise.all(['graph', 'chat'].map(async (id) => (await store.info(id))?.head));
  const documents = [...(await store.records('session', '')), ...(await store.records('execution', ''))];
  const sessions = await openSessionStore(store);
  const found = await sessions.listSessions({ status: 'pending', agentId: 'coder' });
  const runs = await sessions.listRuns('chat', { status: 'completed' });
  await sessions.close();
  return {
    heads,
    documents: documents.map(({ kind, id, value }) => [kind, id, value]),
    found: found.map(({ id }) => id),
    runs: runs.map(({ id }) => id),
  };
}

test('the list has both, each with its state', async () => {
  const entries = [];
  for await (const { info, outcome, goal } of listRuns(`sqlite:///${both()}`))
    entries.push([info.id, info.kind, outcome, goal]);
  expect(entries).toEqual([
    ['graph', 'run', 'idle', null],
    ['chat', 'session', 'pending', 'session of coder'],
  ]);
});

test('inspect shows a session with its runs and last events, and a run as before', async () => {
  const url = `sqlite:///${both()}`;
  const session = await inspectLog(url, { runId: 'chat', tail: 1 });
  expect(session).toMatchObject({
    kind: 'session',
    report: {
      session: { agentId: 'coder' },
      runs: [{ id: 'turn', status: 'completed' }],
      tail: [{ type: 'run_completed' }],
    },
  });
  expect(await inspectLog(url, { tail: 1 })).toMatchObject({
    kind: 'run',
    report: { status: { runId: 'graph' } },
  });
});

test('a command for graphs says of a session that it is one', async () => {
  const refused = verifyRun(`sqlite:///${both()}`, { runId: 'chat' });
  await expect(refused).rejects.toBeInstanceOf(RunNotFoundError);
  await expect(refused).rejects.toThrow("'chat' is a session");
});

test('a trace of a session is written for people and for programs; a file of events is refused with the way that keeps its rows', async () => {
  const url = `sqlite:///${both()}`;
  const written = async (format: 'text' | 'events' | 'jsonl'): Promise<string> => {
    let text = '';
    await exportTrace(url, { runId: 'chat', format, write: async (piece) => void (text += piece) });
    return text;
  };
  expect(await written('text')).toContain('message_sent');
  const [line = ''] = (await written('events')).split('\n');
  expect(JSON.parse(line)).toMatchObject({ id: 'evt_a', run_id: 'turn', payload: { content: 'evt_a' } });
  const refused = written('jsonl');
  await expect(refused).rejects.toBeInstanceOf(InvalidRuntimeConfiguration);
  await expect(refused).rejects.toThrow('runlog migrate --from URL --to sqlite:///session.db --run-id chat');
});

test('both go to PostgreSQL and back, with documents and what finds them', async () => {
  const from = `sqlite:///${both()}`;
  const [there, back] = [scratchUrl(), newUrl()];
  const before = await contentOf(from);
  expect((await migrateStore(from, there)).runs.map(({ status }) => status)).toEqual(['copied', 'copied']);
  expect(await contentOf(there)).toEqual(before);
  expect((await migrateStore(there, back)).ok).toBe(true);
  expect(await contentOf(back)).toEqual(before);
  expect((await migrateStore(from, back)).runs.map(({ status }) => status)).toEqual(['present', 'present']);
});

test('a backup holds both', async () => {
  const from = both();
  const file = join(scratchFolder(), 'copy.db');
  await backupStore(`sqlite:///${from}`, file);
  expect(await contentOf(`sqlite:///${file}`)).toEqual(await contentOf(`sqlite:///${from}`));
});

test('a session is archived with its documents, and gone afterwards; a pinned one stays', async () => {
  const url = `sqlite:///${both()}`;
  await pinRun(url, 'chat', 'evidence');
  expect((await deleteRuns(url, { ids: ['chat'], statuses: ['session'], apply: true })).leaving).toEqual([]);
  const free = `sqlite:///${both()}`;
  const archive = newUrl();
  expect(
    (await archiveRuns(free, archive, { ids: ['chat'], statuses: ['session'], apply: true })).leaving,
  ).toMatchObject([{ runId: 'chat', problem: null }]);
  const kept = await openSessionStore(archive);
  expect((await kept.getSession('chat')).tags).toEqual(['nightly']);
  await kept.close();
  const store = await openStore(free, { mode: 'read' });
  expect([
    await store.info('chat'),
    await store.records('session', ''),
    await store.records('execution', ''),
  ]).toEqual([undefined, [], []]);
  await store.close();
});

test('doctor finds a store of both whole', async () => {
  expect(await doctor(`sqlite:///${both()}`)).toMatchObject({ state: 'whole', logs: 2, findings: [] });
});

test('doctor names a row that tells another end than its events', async () => {
  const path = both();
  tamper(
    path,
    `UPDATE records SET value = replace(value, '"completed"', '"failed"') WHERE kind = 'execution'`,
  );
  const { state, findings } = await doctor(`sqlite:///${path}`);
  expect([state, findings.map(({ code }) => code)]).toEqual(['whole', ['row-differs']]);
  expect(findings[0]?.what).toContain("says 'failed', and its last event about an end is 'run_completed'");
});

test('doctor names documents whose session is gone', async () => {
  const path = both();
  tamper(path, `UPDATE logs SET id = 'chart' WHERE id = 'chat'`);
  const { findings } = await doctor(`sqlite:///${path}`);
  expect(findings.map(({ code }) => code)).toEqual(['document-orphaned', 'document-orphaned']);
});
