// Homes that are damaged, locked away or built to do harm: what cannot be read is told and keeps back what it belongs to, alone;
// the rest comes, and the run after it was mended brings what was missing.
import { appendFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createZstdCompress, zstdCompressSync } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { importAo, ImportFileError, type MigrationReport, openSessionStore } from 'runlog';
import { expect, test } from 'vitest';
import {
  fingerprint,
  legacyHome,
  type LegacyHome,
  lifecycle,
  orchestrator,
  type Row,
  uuid,
} from '../e2e/ao/legacy-home.ts';
import { scratchFolder } from './sqlite-scratch.ts';

const newUrl = (): string => `sqlite:///${join(scratchFolder(), 'history.db')}`;
const thread = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001';
const [first, second] = ['ao:one:one-1', 'ao:one:one-2'];

/** A home with one worker whose record says this as well, and another one that nothing is the matter with. */
function homeWith(changed: Row): LegacyHome {
  const home = legacyHome();
  home.registry({ one: {} });
  home.session('one', 'one-1', orchestrator({ role: 'worker', ...changed }));
  home.session('one', 'one-2', orchestrator({ role: 'worker', agent: 'aider' }));
  return home;
}

async function imported(home: LegacyHome, to = newUrl()): Promise<{ report: MigrationReport; to: string }> {
  const before = fingerprint(home);
  const report = await importAo(home.path, to, { env: { HOME: home.path } });
  expect(fingerprint(home)).toBe(before);
  return { report, to };
}

const statuses = ({ runs }: MigrationReport) => runs.map(({ runId, status }) => [runId, status]);
const notesOf = ({ runs }: MigrationReport): string => runs.flatMap(({ notes }) => notes).join('\n');

async function linesOf(to: string, id = first): Promise<readonly unknown[]> {
  const sessions = await openSessionStore(to);
  const events = await sessions.getEvents(id);
  await sessions.close();
  return events.flatMap(({ data }) => ('line' in data ? [data['line']] : []));
}

const rollout = (home: LegacyHome, ending = ''): string => {
  const path = home.at(`.codex/sessions/2026/05/20/rollout-2026-05-20T08-00-02-${thread}.jsonl${ending}`);
  mkdirSync(dirname(path), { recursive: true });
  return path;
};

test.each([
  ['a number beyond all numbers', '{"x":1e999}'],
  ['a depth that no log keeps', `{"x":${'['.repeat(300)}${']'.repeat(300)}}`],
])('a record with %s stays behind, alone and told', async (_, text) => {
  const home = homeWith({});
  const path = home.session('one', 'one-1', text);
  const { report } = await imported(home);
  expect(statuses(report)).toEqual([[second, 'copied']]);
  expect(report.notes.join()).toContain(`${path} stays behind: `);
  expect(report.notes.join().length).toBeLessThan(500);
});

test('a number that JavaScript cannot hold is told', async () => {
  const home = homeWith({});
  home.session('one', 'one-1', '{"agent":"aider","n":12345678901234567890}');
  const { report } = await imported(home);
  expect(report.runs[0]?.notes).toContain('its record: 12345678901234567890 is read as 12345678901234567000');
});

test('a project whose id leads out of the home is not followed, and told', async () => {
  const home = homeWith({});
  home.write('outside/sessions/evil-1.json', orchestrator());
  home.registry({ one: {}, '../../outside': {} });
  const { report } = await imported(home);
  expect(report.runs.map(({ runId }) => runId)).toEqual([first, second]);
  expect(report.notes.join()).toContain("the project '../../outside' stays behind");
});

test('a folder of projects that cannot be looked at is told', async () => {
  const home = homeWith({});
  home.registry({});
  rmSync(home.base('projects'), { recursive: true });
  symlinkSync('projects', home.base('projects'));
  expect((await imported(home)).report.notes).toEqual([`${home.base('projects')} stays behind: ELOOP`]);
});

test.each([
  ['Codex', '.codex/sessions', { agent: 'codex', codexThreadId: thread }],
  ['Claude Code', '.claude/projects', { claudeSessionUuid: uuid, worktree: '/gone' }],
  ['Claude Code, without an id', '.claude/projects', { worktree: '/gone' }],
  ['OpenCode', '.local/share/opencode', { agent: 'opencode', opencodeSessionId: 'ses_a1' }],
])('a folder of %s that cannot be looked at keeps its session back', async (_, folder, record) => {
  const home = homeWith(record);
  mkdirSync(dirname(home.at(folder)), { recursive: true });
  symlinkSync(folder.split('/').at(-1) ?? '', home.at(folder));
  const { report, to } = await imported(home);
  expect(statuses(report)).toEqual([
    [first, 'failed'],
    [second, 'copied'],
  ]);
  expect(report.runs[0]?.problem).toContain('ELOOP');
  rmSync(home.at(folder));
  expect(statuses((await imported(home, to)).report)[0]).toEqual([first, 'copied']);
});

/** Of a session with one message; `sql` goes on from there. */
function opencode(home: LegacyHome, sql = ''): string {
  const path = home.at('.local/share/opencode/opencode.db');
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  database.exec(`
    CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT NOT NULL, data TEXT NOT NULL);
    CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT NOT NULL, session_id TEXT NOT NULL, data TEXT NOT NULL);
    INSERT INTO message VALUES ('msg_1', 'ses_a1', '{"role":"user"}');
    ${sql}`);
  database.close();
  return path;
}

test.each([
  ['is damaged', (path: string) => writeFileSync(path, 'garbage '.repeat(2000))],
  ['is no file', (path: string) => (rmSync(path), mkdirSync(path))],
  [
    'has other columns',
    (path: string) => {
      const database = new DatabaseSync(path);
      database.exec('ALTER TABLE part RENAME COLUMN data TO body');
      database.close();
    },
  ],
])('a database of OpenCode that %s keeps its sessions back, and no other', async (_, damage) => {
  const home = homeWith({ agent: 'opencode', opencodeSessionId: 'ses_a1' });
  damage(opencode(home));
  const { report } = await imported(home);
  expect(statuses(report)).toEqual([
    [first, 'failed'],
    [second, 'copied'],
  ]);
  expect(report.runs[0]?.problem).toContain('opencode.db cannot be read: ');
});

test('bytes in a database of OpenCode that are no text are kept beside the line', async () => {
  const home = homeWith({ agent: 'opencode', opencodeSessionId: 'ses_a1' });
  opencode(home, "INSERT INTO part VALUES ('prt_1', 'msg_1', 'ses_a1', x'61ff0062')");
  const { to } = await imported(home);
  const sessions = await openSessionStore(to);
  const events = await sessions.getEvents(first);
  await sessions.close();
  expect(events.at(-1)?.data['line_base64']).toBe(Buffer.from([0x61, 0xff, 0, 0x62]).toString('base64'));
});

test('a database of OpenCode that was killed with its log beside it is read, and nothing is left beside it', async () => {
  const home = homeWith({ agent: 'opencode', opencodeSessionId: 'ses_a1' });
  const path = opencode(home);
  const elsewhere = join(scratchFolder(), 'opencode.db');
  const { copyFileSync } = await import('node:fs');
  copyFileSync(path, elsewhere);
  const database = new DatabaseSync(elsewhere);
  database.exec(
    "PRAGMA journal_mode = WAL; INSERT INTO part VALUES ('prt_1', 'msg_1', 'ses_a1', 'in the log')",
  );
  for (const ending of ['', '-wal']) copyFileSync(`${elsewhere}${ending}`, `${path}${ending}`);
  database.close();
  const { to } = await imported(home);
  expect(await linesOf(to)).toEqual(['{"role":"user"}', 'in the log']);
  expect(readdirSync(dirname(path))).toEqual(['opencode.db', 'opencode.db-wal']);
});

test('a packed thread of several frames comes whole, and one with something else behind them stays back', async () => {
  const home = homeWith({ agent: 'codex', codexThreadId: thread });
  const path = rollout(home, '.zst');
  const frames = [zstdCompressSync('{"n":1}\n{"n"'), zstdCompressSync(':2}\n')];
  writeFileSync(path, Buffer.concat(frames));
  const { to } = await imported(home);
  expect(await linesOf(to)).toEqual(['{"n":1}', '{"n":2}']);
  writeFileSync(path, Buffer.concat([...frames, Buffer.from('no frame at all')]));
  const { report } = await imported(home);
  expect(statuses(report)).toEqual([
    [first, 'failed'],
    [second, 'copied'],
  ]);
});

test('a packed thread that unpacks without an end is not unpacked to it', async () => {
  const home = homeWith({ agent: 'codex', codexThreadId: thread });
  const path = rollout(home, '.zst');
  const lines = Buffer.from(`${'x'.repeat(4095)}\n`.repeat(1024));
  const { createWriteStream } = await import('node:fs');
  await pipeline(
    Readable.from(Array.from({ length: 40 }, () => lines)),
    createZstdCompress(),
    createWriteStream(path),
  );
  const { report } = await imported(home);
  expect(statuses(report)[0]).toEqual([first, 'failed']);
  expect(report.runs[0]?.problem).toContain('times its size');
});

test('a line that is being written comes when it is whole', async () => {
  const home = homeWith({ agent: 'codex', codexThreadId: thread });
  const path = rollout(home);
  writeFileSync(path, '{"n":1}\n{"n":');
  const { report, to } = await imported(home);
  expect([statuses(report)[0], await linesOf(to)]).toEqual([[first, 'copied'], ['{"n":1}']]);
  expect(notesOf(report)).toContain('has no end yet');
  appendFileSync(path, '2}\n');
  const again = await imported(home, to);
  expect([statuses(again.report)[0], await linesOf(to)]).toEqual([
    [first, 'continued'],
    ['{"n":1}', '{"n":2}'],
  ]);
});

test('the last line of a session that has ended comes as it is', async () => {
  const home = homeWith({
    agent: 'codex',
    codexThreadId: thread,
    lifecycle: lifecycle({ state: 'terminated' }),
  });
  writeFileSync(rollout(home), '{"n":1}\n{"n":');
  const { to } = await imported(home);
  expect(await linesOf(to)).toEqual(['{"n":1}', '{"n":']);
});

test('links and folders of sub-agents that cannot be followed are told', async () => {
  const home = homeWith({});
  const worktree = home.transcript('wt');
  home.session('one', 'one-1', orchestrator({ role: 'worker', claudeSessionUuid: uuid, worktree }));
  const [slug = ''] = readdirSync(home.at('.claude/projects'));
  const folder = home.at('.claude/projects', slug);
  mkdirSync(join(folder, uuid));
  symlinkSync('round', join(folder, uuid, 'round'));
  symlinkSync('agent-x.jsonl', join(folder, 'agent-x.jsonl'));
  const { report } = await imported(home);
  expect(notesOf(report)).toContain(`${join(folder, uuid, 'round')} is a link, and stays behind`);
  expect(notesOf(report)).toContain(`${join(folder, 'agent-x.jsonl')} is a link, and stays behind`);
});

test('a place that cannot be looked at is told in words', async () => {
  const home = legacyHome();
  symlinkSync('loop', home.at('loop'));
  for (const path of [home.at('loop'), home.at('x'.repeat(5000))])
    await expect(importAo(path, newUrl())).rejects.toThrow(ImportFileError);
});
