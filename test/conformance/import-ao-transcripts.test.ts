// What was said in the sessions of the Agent Orchestrator, wherever the agent kept it: every file of it comes, byte for byte.
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync } from 'node:zlib';
import { importAo, migrateAoHome, openSessionStore } from 'runlog';
import type { SessionEvent } from 'runlog/sessions';
import { expect, test } from 'vitest';
import {
  fingerprint,
  legacyHome,
  type LegacyHome,
  orchestrator,
  type Row,
  uuid,
} from '../e2e/ao/legacy-home.ts';
import { scratchFolder } from './sqlite-scratch.ts';

const newUrl = (): string => `sqlite:///${join(scratchFolder(), 'history.db')}`;
const thread = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001';

/** A home with one worker, whose record says this as well. */
function homeWith(changed: Row): LegacyHome {
  const home = legacyHome();
  home.registry({ one: {} });
  home.session('one', 'one-1', orchestrator({ role: 'worker', ...changed }));
  return home;
}

/** Imports the home, which stays as it is. */
async function imported(home: LegacyHome, to = newUrl()) {
  const before = fingerprint(home);
  const report = await importAo(home.path, to, { env: { HOME: home.path } });
  expect(fingerprint(home)).toBe(before);
  return { report, to };
}

async function eventsOf(to: string, id: string): Promise<readonly SessionEvent[]> {
  const sessions = await openSessionStore(to);
  const events = await sessions.getEvents(id);
  await sessions.close();
  return events.filter(({ data }) => 'line' in data);
}

/** Who said what, and the text as it was found. */
const heard = (events: readonly SessionEvent[]) =>
  events.map(({ type, data }) => [
    type.slice('message_'.length),
    data['role'],
    data['content'],
    data['line'],
  ]);

/** The folder that Claude Code has for the working directory. */
function claudeFolder(home: LegacyHome): string {
  const [slug = ''] = readdirSync(home.at('.claude/projects'));
  return home.at('.claude/projects', slug);
}

test('what sub-agents said, and other files of a session of Claude Code, are sessions below it', async () => {
  const home = homeWith({ claudeSessionUuid: uuid, worktree: '' });
  const worktree = home.transcript('wt');
  home.session('one', 'one-1', orchestrator({ role: 'worker', claudeSessionUuid: uuid, worktree }));
  const folder = claudeFolder(home);
  const line = JSON.stringify({ type: 'user', message: { role: 'user', content: 'Look there' } });
  home.write(join(folder, uuid, 'subagents', 'agent-a1.jsonl'), `${line}\n{"type":"progress"}\n`);
  home.write(join(folder, uuid, 'tool-results', 'b2.txt'), 'two\nlines');
  // A link leads anywhere, also round and round.
  symlinkSync(folder, join(folder, uuid, 'round'));
  home.write(join(folder, 'agent-old.jsonl'), `${JSON.stringify({ sessionId: uuid })}\n`);
  home.write(join(folder, 'agent-other.jsonl'), `${JSON.stringify({ sessionId: thread })}\n`);
  const { report, to } = await imported(home);
  const ids = ['', '/subagents/agent-a1', '/tool-results/b2.txt', '/agent-old'].map(
    (name) => `ao:one:one-1${name}`,
  );
  expect(report.runs.map(({ runId, status }) => [runId, status])).toEqual(ids.map((id) => [id, 'copied']));
  expect(heard(await eventsOf(to, ids[1] ?? ''))).toEqual([
    ['sent', 'user', 'Look there', line],
    ['received', 'progress', '', '{"type":"progress"}'],
  ]);
  expect((await eventsOf(to, ids[2] ?? '')).map(({ data }) => data['line'])).toEqual(['two\nlines']);
  const sessions = await openSessionStore(to);
  expect((await sessions.getSession(ids[1] ?? '')).parentSessionId).toBe(ids[0]);
  await sessions.close();
  // A sub-agent goes on without what its session said being in its way.
  home.write(join(folder, uuid, 'subagents', 'agent-a1.jsonl'), `${line}\n{"type":"progress"}\n{}\n`);
  home.write(
    join(folder, `${uuid}.jsonl`),
    `${JSON.stringify({ type: 'user', sessionId: uuid }, null, 2)}\nmore\n`,
  );
  const again = await importAo(home.path, to, { env: { HOME: home.path } });
  expect(again.runs.map(({ status, events }) => [status, events])).toEqual([
    ['continued', 1],
    ['continued', 1],
    ['present', 0],
    ['present', 0],
  ]);
});

const codexLines = [
  { timestamp: '2026-05-20T08:00:02.000Z', type: 'session_meta', payload: { id: thread } },
  {
    timestamp: '2026-05-20T08:00:03.000Z',
    type: 'response_item',
    payload: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Mend it' }] },
  },
  {
    timestamp: '2026-05-20T08:00:03.000Z',
    type: 'event_msg',
    payload: { type: 'user_message', message: 'Mend it' },
  },
  {
    timestamp: '2026-05-20T08:00:09.000Z',
    type: 'response_item',
    payload: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Mended' }] },
  },
].map((line) => JSON.stringify(line));

test.each([
  ['by date', 'sessions/2026/05/20/', ''],
  ['in the archive', 'archived_sessions/', ''],
  ['packed', 'sessions/2026/05/20/', '.zst'],
])('a thread of Codex is found %s, and a message is heard once', async (_, folder, ending) => {
  const home = homeWith({ agent: 'codex', codexThreadId: thread });
  const path = home.at(`.codex/${folder}rollout-2026-05-20T08-00-02-${thread}.jsonl${ending}`);
  mkdirSync(dirname(path), { recursive: true });
  const text = `${codexLines.join('\n')}\n`;
  writeFileSync(path, ending === '' ? text : zstdCompressSync(text));
  const { report, to } = await imported(home);
  expect(report.runs.flatMap(({ notes }) => notes)).toEqual([]);
  const events = await eventsOf(to, 'ao:one:one-1');
  expect(heard(events)).toEqual([
    ['received', 'system', '', codexLines[0]],
    ['sent', 'user', 'Mend it', codexLines[1]],
    ['received', 'system', '', codexLines[2]],
    ['received', 'assistant', 'Mended', codexLines[3]],
  ]);
  expect(events.at(-1)?.timestamp).toBe('2026-05-20T08:00:09.000000Z');
});

const messages = [
  { id: 'msg_1', role: 'user', parts: [['prt_1', { type: 'text', text: 'Plan it' }]] },
  {
    id: 'msg_2',
    role: 'assistant',
    parts: [
      ['prt_2', { type: 'tool', tool: 'bash' }],
      ['prt_3', { type: 'text', text: 'Planned' }],
    ],
  },
] as const;

const told = [
  ['sent', 'user', ''],
  ['sent', 'user', 'Plan it'],
  ['received', 'assistant', ''],
  ['received', 'assistant', ''],
  ['received', 'assistant', 'Planned'],
];

function opencodeDatabase(home: LegacyHome): void {
  const folder = home.at('.local/share/opencode');
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'opencode.db'));
  database.exec(
    'CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT NOT NULL, time_created INTEGER NOT NULL, data TEXT NOT NULL);' +
      'CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT NOT NULL, session_id TEXT NOT NULL, data TEXT NOT NULL)',
  );
  const message = database.prepare("INSERT INTO message VALUES (?, 'ses_a1', 1, ?)");
  const part = database.prepare("INSERT INTO part VALUES (?, ?, 'ses_a1', ?)");
  for (const { id, role, parts } of messages) {
    message.run(id, JSON.stringify({ role, time: { created: 1779264003000 } }));
    for (const [name, data] of parts) part.run(name, id, JSON.stringify(data));
  }
  database.close();
}

function opencodeFiles(home: LegacyHome): void {
  const storage = home.at('.local/share/opencode/storage');
  for (const { id, role, parts } of messages) {
    home.write(join(storage, 'message/ses_a1', `${id}.json`), { id, role, time: { created: 1779264003000 } });
    for (const [name, data] of parts) home.write(join(storage, 'part', id, `${name}.json`), data);
  }
}

test.each([
  ['its database', opencodeDatabase],
  ['its files', opencodeFiles],
])('a session of OpenCode comes from %s, each message before its parts', async (_, prepare) => {
  const home = homeWith({ agent: 'opencode', opencodeSessionId: 'ses_a1' });
  prepare(home);
  const { to } = await imported(home);
  const events = await eventsOf(to, 'ao:one:one-1');
  expect(heard(events).map((each) => each.slice(0, 3))).toEqual(told);
  expect(events.map(({ data }) => data['name'])).toEqual(['msg_1', 'prt_1', 'msg_2', 'prt_2', 'prt_3']);
  expect(events[0]?.timestamp).toBe('2026-05-20T08:00:03.000000Z');
});

test('the rewrite names the thread of each agent by its harness', async () => {
  const home = legacyHome();
  home.registry({ one: { sessionPrefix: 'one' } });
  home.session('one', 'one-orchestrator', orchestrator({ agent: 'codex', codexThreadId: thread }));
  home.write(
    `.codex/sessions/2026/05/20/rollout-2026-05-20T08-00-02-${thread}.jsonl`,
    `${codexLines.join('\n')}\n`,
  );
  await migrateAoHome({ env: { HOME: home.path } });
  const to = newUrl();
  const report = await importAo(home.database, to, { env: { HOME: home.path } });
  const [id = ''] = report.runs.map(({ runId }) => runId);
  expect(heard(await eventsOf(to, id))).toHaveLength(4);
});

test('an id that is no id, or names nothing, is told and opens no file', async () => {
  const home = homeWith({ agent: 'codex', codexThreadId: '../../etc', opencodeSessionId: 'ses_/../x' });
  const { report } = await imported(home);
  expect(report.runs.flatMap(({ notes }) => notes)).toEqual([
    'its thread of Codex ../../etc is not there',
    'its session of OpenCode ses_/../x is not there',
  ]);
});

test('bytes that are no text are kept beside the line', async () => {
  const home = homeWith({ agent: 'codex', codexThreadId: thread });
  const path = home.at(`.codex/sessions/rollout-x-${thread}.jsonl`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.from([0x61, 0xff, 0x0a, 0x62, 0x0a]));
  const { to } = await imported(home);
  const events = await eventsOf(to, 'ao:one:one-1');
  expect(events.map(({ data }) => [data['line'], data['line_base64']])).toEqual([
    ['a\ufffd', Buffer.from([0x61, 0xff]).toString('base64')],
    ['b', undefined],
  ]);
});

test('a transcript that cannot be read keeps its session back, alone, until it can', async () => {
  const home = homeWith({ agent: 'codex', codexThreadId: thread });
  home.session('one', 'one-2', orchestrator({ role: 'worker' }));
  const path = home.at(`.codex/sessions/rollout-x-${thread}.jsonl.zst`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'not packed at all');
  const { report, to } = await imported(home);
  expect(report.ok).toBe(false);
  expect(report.runs.map(({ runId, status }) => [runId, status])).toEqual([
    ['ao:one:one-1', 'failed'],
    ['ao:one:one-2', 'copied'],
  ]);
  expect(report.runs[0]?.problem).toContain(`${path} cannot be read`);
  rmSync(path);
  home.write(path.replace('.zst', ''), `${codexLines.join('\n')}\n`);
  const again = await importAo(home.path, to, { env: { HOME: home.path } });
  expect(again.runs.map(({ status }) => status)).toEqual(['copied', 'present']);
});

test('a session of Claude Code without an id has the newest transcript of its working directory', async () => {
  const home = homeWith({});
  const worktree = home.transcript('wt');
  home.session('one', 'one-1', orchestrator({ role: 'worker', worktree }));
  const { report, to } = await imported(home);
  expect(report.runs[0]?.notes.join()).toContain(
    `the newest transcript of its working directory is taken: ${uuid}`,
  );
  expect(await eventsOf(to, 'ao:one:one-1')).not.toHaveLength(0);
});
