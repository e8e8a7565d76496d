// The import called again while the Agent Orchestrator goes on: what the source knows better comes, what it has cleared away stays, and
// what somebody changed in the store is not written over.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importAo, type MigrationReport, migrateAoHome, openSessionStore } from 'runlog';
import { expect, test } from 'vitest';
import { legacyHome, type LegacyHome, lifecycle, orchestrator, type Row } from '../e2e/ao/legacy-home.ts';
import { scratchFolder } from './sqlite-scratch.ts';

const thread = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001';
const id = 'ao:one:one-1';
const ended = { state: 'terminated', reason: 'manually_killed', terminatedAt: '2026-06-01T00:00:00.000Z' };

function worker(home: LegacyHome, session: Row = {}, changed: Row = {}): void {
  const record = {
    role: 'worker',
    agent: 'codex',
    codexThreadId: thread,
    lifecycle: lifecycle(session),
    ...changed,
  };
  home.session('one', 'one-1', orchestrator(record));
}

function homeOf(session: Row = {}): { readonly home: LegacyHome; readonly transcript: string } {
  const home = legacyHome();
  home.registry({ one: {} });
  worker(home, session);
  const transcript = home.write(`.codex/sessions/rollout-x-${thread}.jsonl`, '{"n":1}\n{"n":2}\n');
  return { home, transcript };
}

const newUrl = (): string => `sqlite:///${join(scratchFolder(), 'history.db')}`;
const bring = (home: LegacyHome, to: string): Promise<MigrationReport> =>
  importAo(home.path, to, { env: { HOME: home.path } });
const statuses = ({ runs }: MigrationReport) => runs.map(({ status }) => status);

async function stored(to: string) {
  const sessions = await openSessionStore(to);
  const events = await sessions.getEvents(id);
  const session = await sessions.getSession(id);
  await sessions.close();
  return {
    session,
    types: events.map(({ type }) => type),
    lines: events.flatMap(({ data }) => (typeof data['line'] === 'string' ? [data['line']] : [])),
  };
}

test('a record that says something else now is brought up to date, as often as it changes', async () => {
  const { home } = homeOf();
  const to = newUrl();
  await bring(home, to);
  for (const round of [1, 2]) {
    worker(home, {}, { lastSeen: round });
    expect(statuses(await bring(home, to))).toEqual(['replaced']);
    expect((await stored(to)).session.metadata['ao']).toMatchObject({ record: { lastSeen: round } });
  }
  expect(statuses(await bring(home, to))).toEqual(['present']);
});

test('a session that had ended and goes on keeps all that was said', async () => {
  const { home, transcript } = homeOf(ended);
  const to = newUrl();
  await bring(home, to);
  expect((await stored(to)).types.at(-1)).toBe('session_cancelled');
  worker(home);
  writeFileSync(transcript, '{"n":1}\n{"n":2}\n{"n":3}\n');
  expect(statuses(await bring(home, to))).toEqual(['replaced']);
  const { lines, types, session } = await stored(to);
  expect([lines, types.at(-1), session.status]).toEqual([
    ['{"n":1}', '{"n":2}', '{"n":3}'],
    'message_received',
    'active',
  ]);
});

test('a session that was restored after its end goes on in the store, before a word is said', async () => {
  const { home } = homeOf(ended);
  const to = newUrl();
  await bring(home, to);
  worker(home);
  expect(statuses(await bring(home, to))).toEqual(['replaced']);
  const { session, types } = await stored(to);
  expect([session.status, types.at(-1)]).toEqual(['active', 'message_received']);
});

test('a line that is being written comes when it is whole', async () => {
  const { home, transcript } = homeOf();
  const to = newUrl();
  writeFileSync(transcript, '{"n":1}\n{"n":');
  await bring(home, to);
  expect((await stored(to)).lines).toEqual(['{"n":1}']);
  writeFileSync(transcript, '{"n":1}\n{"n":2}');
  expect(statuses(await bring(home, to))).toEqual(['continued']);
  writeFileSync(transcript, '{"n":1}\n{"n":2}\n');
  expect(statuses(await bring(home, to))).toEqual(['present']);
  expect((await stored(to)).lines).toEqual(['{"n":1}', '{"n":2}']);
});

test('the last words of a session that has ended come as they are', async () => {
  const { home, transcript } = homeOf(ended);
  const to = newUrl();
  writeFileSync(transcript, '{"n":1}\n{"n":');
  await bring(home, to);
  expect((await stored(to)).lines).toEqual(['{"n":1}', '{"n":']);
});

test.each([
  ['goes on', {}],
  ['has ended', ended],
])('what the agent has cleared away stays in the store, of a session that %s', async (_, session) => {
  const { home, transcript } = homeOf();
  const to = newUrl();
  await bring(home, to);
  rmSync(transcript);
  worker(home, session);
  const { ok, runs } = await bring(home, to);
  expect([ok, runs.map(({ status }) => status)]).toEqual([true, ['present']]);
  expect(runs[0]?.notes.join()).toContain('the source has not; they are kept');
  expect((await stored(to)).lines).toEqual(['{"n":1}', '{"n":2}']);
});

test('another history under the id is a conflict', async () => {
  const { home, transcript } = homeOf();
  const to = newUrl();
  await bring(home, to);
  writeFileSync(transcript, '{"n":1}\n{"n":"two"}\n');
  expect(statuses(await bring(home, to))).toEqual(['conflict']);
});

test('what somebody changed in the store is not written over', async () => {
  const { home } = homeOf();
  const to = newUrl();
  await bring(home, to);
  const sessions = await openSessionStore(to);
  const session = await sessions.getSession(id);
  await sessions.saveSession({ ...session, tags: [...session.tags, 'mine'] });
  await sessions.close();
  worker(home, {}, { lastSeen: 1 });
  expect(statuses(await bring(home, to))).toEqual(['conflict']);
  expect((await stored(to)).session.tags).toEqual(['ao', 'one', 'mine']);
});

test('a row that somebody changed in the store is not written over when more was said', async () => {
  const { home, transcript } = homeOf();
  const to = newUrl();
  await bring(home, to);
  const sessions = await openSessionStore(to);
  await sessions.saveSession({ ...(await sessions.getSession(id)), tags: ['mine'] });
  await sessions.close();
  writeFileSync(transcript, '{"n":1}\n{"n":2}\n{"n":3}\n');
  expect(statuses(await bring(home, to))).toEqual(['conflict']);
  expect((await stored(to)).session.tags).toEqual(['mine']);
});

test('the legacy home and the database of the rewrite fit into one store', async () => {
  const home = legacyHome();
  home.registry({ one: { sessionPrefix: 'one' } });
  home.session('one', 'one-orchestrator', orchestrator({}));
  await migrateAoHome({ env: { HOME: home.path } });
  const to = newUrl();
  await bring(home, to);
  const report = await importAo(`sqlite:///${home.database}`, to, { env: { HOME: home.path } });
  expect(report.runs.map(({ runId, status }) => [runId, status])).toEqual([
    ['ao-rewrite:one:one-orchestrator', 'copied'],
  ]);
});

test('an archive loses nothing, whatever its files are called, and tells when a session was put there', async () => {
  const home = legacyHome();
  home.registry({ one: {} });
  const archive = home.base('projects/one/sessions/archive');
  const names = ['one-1_20260420T143052Z.json', 'one-2_2026-04-20.json', 'one-3.json', 'one-4'];
  for (const name of names) home.write(join(archive, name), { agent: 'aider' });
  const to = newUrl();
  const report = await bring(home, to);
  expect(report.runs.map(({ runId }) => runId)).toEqual([
    'ao:one:one-1_20260420T143052Z',
    'ao:one:one-2_2026-04-20',
    'ao:one:one-3',
    'ao:one:one-4',
  ]);
  const sessions = await openSessionStore(to);
  const first = await sessions.getSession('ao:one:one-1_20260420T143052Z');
  expect([first.createdAt, first.updatedAt]).toEqual([
    '2026-04-20T14:30:52.000000Z',
    '2026-04-20T14:30:52.000000Z',
  ]);
  await sessions.close();
});

test('a session whose work was merged is completed, one whose agent was lost failed, one that was killed cancelled', async () => {
  const home = legacyHome();
  home.registry({ one: {} });
  const reasons = { 'one-1': 'pr_merged', 'one-2': 'runtime_lost', 'one-3': 'manually_killed' };
  for (const [name, reason] of Object.entries(reasons))
    home.session('one', name, orchestrator({ role: 'worker', lifecycle: lifecycle({ ...ended, reason }) }));
  const to = newUrl();
  await bring(home, to);
  const sessions = await openSessionStore(to);
  const found = await Promise.all(Object.keys(reasons).map((name) => sessions.getSession(`ao:one:${name}`)));
  expect(found.map(({ status }) => status)).toEqual(['completed', 'failed', 'cancelled']);
  await sessions.close();
});

test('a file that stays behind is no success, unless that was asked for', async () => {
  const { home } = homeOf();
  home.session('one', 'one-9', '{ "branch": ');
  expect((await bring(home, newUrl())).ok).toBe(false);
  const lenient = await importAo(home.path, newUrl(), { env: { HOME: home.path }, skipCorrupted: true });
  expect([lenient.ok, lenient.notes.length]).toEqual([true, 1]);
});

test('a session of which nothing was found that was said in it says so', async () => {
  const home = legacyHome();
  home.registry({ one: {} });
  home.session('one', 'one-1', orchestrator({ role: 'worker' }));
  const { runs } = await bring(home, newUrl());
  expect(runs[0]?.notes).toEqual([
    'its record names no transcript, and none was found: what was said in it is not here',
  ]);
});
