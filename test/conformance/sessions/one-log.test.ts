// One store holds the runs of graphs and the sessions of agents: what lists, shows, exports and moves the one serves the other.
import { join } from 'node:path';
import { migrateStore, open, openSessionStore, openStore, systemMint } from 'runlog';
import { newExecution, newSession, newSessionEvent } from 'runlog/sessions';
import { expect, it } from 'vitest';
import { scratchSchema } from '../postgres-scratch.ts';
import { scratchFolder } from '../sqlite-scratch.ts';
import { serverUrl } from '../../harness/postgres/scratch-schema.ts';
import { exportTrace, inspectLog, listRuns } from '../../../src/app/index.ts';

const events = [
  { type: 'session_created', data: { provider: 'claude' } },
  { type: 'message_sent', data: { role: 'user', content: 'hello' } },
  { type: 'message_received', data: { role: 'assistant', content: 'hi there' } },
] as const;

/** A store with a graph run and a session beside it. */
async function madeStore(): Promise<string> {
  const url = `sqlite:///${join(scratchFolder(), 'both.db')}`;
  const run = await open(url, { runId: 'graph' });
  await run.runGoal('look');
  await run.close();
  const sessions = await openSessionStore(url);
  const session = newSession({ id: 'talk', agentId: 'helper', tags: ['kept'] }, systemMint);
  await sessions.saveSession({ ...session, status: 'active' });
  await sessions.saveRun({
    ...newExecution({ id: 'turn-1', sessionId: 'talk' }, systemMint),
    status: 'running',
  });
  await sessions.appendEvents(
    events.map((event, index) =>
      newSessionEvent({ ...event, id: `e${index}`, sessionId: 'talk', runId: 'turn-1' }, systemMint),
    ),
  );
  await sessions.close();
  return url;
}

async function textOf(url: string, runId: string, format: 'text' | 'events'): Promise<string> {
  const pieces: string[] = [];
  await exportTrace(url, { runId, format, write: async (text) => void pieces.push(text) });
  return pieces.join('');
}

it('lists both, each with its state', async () => {
  const found = [];
  for await (const { info, outcome, goal } of listRuns(await madeStore()))
    found.push([info.kind, info.id, outcome, goal]);
  expect(found).toEqual([
    ['run', 'graph', 'idle', 'look'],
    ['session', 'talk', 'active', 'session of helper'],
  ]);
});

it('shows the session that is named, and the run where none is', async () => {
  const url = await madeStore();
  const talk = await inspectLog(url, { runId: 'talk', tail: 2 });
  expect(talk).toMatchObject({ kind: 'session' });
  expect(JSON.stringify(talk.report)).toContain('turn-1');
  expect(await inspectLog(url, { tail: 2 })).toMatchObject({ kind: 'run' });
});

it('exports the trace of a session', async () => {
  const url = await madeStore();
  expect((await textOf(url, 'talk', 'text')).trimEnd().split('\n')).toHaveLength(3);
  const lines = (await textOf(url, 'talk', 'events')).trimEnd().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject(events.map(({ type }) => ({ type })));
});

it('moves both to PostgreSQL and back, with equal hashes and equal rows', async () => {
  const url = await madeStore();
  const server = `${serverUrl()}?schema=${encodeURIComponent(scratchSchema())}`;
  const back = `sqlite:///${join(scratchFolder(), 'back.db')}`;
  expect((await migrateStore(url, server)).ok).toBe(true);
  expect((await migrateStore(server, back)).ok).toBe(true);
  expect(await pictureOf(back)).toEqual(await pictureOf(url));
  const sessions = await openSessionStore(back);
  expect((await sessions.getActiveRun('talk'))?.id).toBe('turn-1');
  expect((await sessions.listSessions({ status: 'active' })).map(({ id }) => id)).toEqual(['talk']);
  await sessions.close();
});

it('names the row of a session that changed without an event', async () => {
  const url = await madeStore();
  const to = `sqlite:///${join(scratchFolder(), 'to.db')}`;
  await migrateStore(url, to);
  const sessions = await openSessionStore(url);
  await sessions.saveSession({ ...(await sessions.getSession('talk')), tags: ['later'] });
  await sessions.close();
  const again = await migrateStore(url, to);
  expect(again.runs.map(({ runId, status }) => [runId, status])).toEqual([
    ['graph', 'present'],
    ['talk', 'conflict'],
  ]);
  expect(again.runs[1]?.problem).toContain("'talk/session'");
});

async function pictureOf(url: string): Promise<unknown> {
  const store = await openStore(url, { mode: 'read' });
  const logs = await store.logs();
  const heads = logs.map(({ id, kind, head }) => [id, kind, head.seq, head.hash]);
  const rows = [];
  for (const { id } of logs) {
    const records = await store.recordsBelow(`${id}/`);
    rows.push(...records.map(({ version: _version, ...record }) => record));
  }
  await store.close();
  return { heads, rows };
}
