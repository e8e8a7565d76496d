// All sessions of the Agent Orchestrator, from a legacy home and from a database of its rewrite: workers and archives included, with
// lifecycle and transcript, the source untouched.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  importAo,
  ImportFileError,
  type MigrationReport,
  migrateAoHome,
  openSessionStore,
  openStore,
} from 'runlog';
import { expect, test } from 'vitest';
import { fingerprint, fixtureHome, type LegacyHome } from '../e2e/ao/legacy-home.ts';
import { scratchFolder } from './sqlite-scratch.ts';

const newUrl = (): string => `sqlite:///${join(scratchFolder(), 'history.db')}`;
const statuses = ({ runs }: MigrationReport) => runs.map(({ runId, status }) => [runId, status]);
const orchestrator = 'ao:lumen-api_1a2b3c4d5e:la-orchestrator';

const said = [
  '{"type":"user","timestamp":"2026-05-20T08:00:05.000Z","message":{"role":"user","content":"Plan it"},"n":1.0}',
  '{"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"Planned"},{"type":"tool_use"}]}}',
  'no JSON at all',
];

/** Gives the orchestrator a transcript with lines that are not all alike. */
function speak(home: LegacyHome, lines = said): void {
  const claude = home.at('.claude/projects');
  const [slug = ''] = readdirSync(claude).filter((name) => name.includes('lumen-api'));
  writeFileSync(join(claude, slug, '11111111-2222-4333-8444-555555555555.jsonl'), `${lines.join('\n')}\n`);
}

test('every session of a home comes, workers and archives included, and a second time nothing', async () => {
  for (const [name, expected] of [
    [
      'home-typical',
      [
        'ao:harbor_22aa33bb44:har-orchestrator',
        'ao:lumen-api_1a2b3c4d5e:la-1',
        'ao:lumen-api_1a2b3c4d5e:la-2',
        orchestrator,
        'ao:mosaic-renderer-service:mrs-orchestrator',
        'ao:orchard:orc-orchestrator',
        'ao:quill-docs_0f0e0d0c0b:qd-orchestrator',
        'ao:tide_web:tw-orchestrator',
      ],
    ],
    [
      'home-v02-keyvalue',
      ['ao:heron:her-1', 'ao:heron:her-2_2026-03-03T14:30:52.000Z', 'ao:heron:her-orchestrator'],
    ],
  ] as const) {
    const home = fixtureHome(name);
    const before = fingerprint(home);
    const to = newUrl();
    const report = await importAo(home.path, to);
    expect([report.ok, report.runs.map(({ runId }) => runId).sort()]).toEqual([true, expected]);
    expect((await importAo(home.path, to)).runs.every(({ status }) => status === 'present')).toBe(true);
    expect(fingerprint(home)).toBe(before);
  }
});

test('lifecycle and transcript are events in their order; each line keeps its text', async () => {
  const home = fixtureHome('home-typical');
  speak(home);
  const to = newUrl();
  await importAo(home.path, to);
  const sessions = await openSessionStore(to);
  const events = await sessions.getEvents(orchestrator);
  expect(events.map(({ type }) => type)).toEqual([
    'session_created',
    'session_started',
    'message_sent',
    'message_received',
    'message_received',
  ]);
  expect(events.slice(2).map(({ data }) => data['line'])).toEqual(said);
  expect(events.slice(2).map(({ data }) => [data['role'], data['content']])).toEqual([
    ['user', 'Plan it'],
    ['assistant', 'Planned'],
    ['system', ''],
  ]);
  expect(await sessions.getSession(orchestrator)).toMatchObject({
    agentId: 'claude-code',
    status: 'active',
    tags: ['ao', 'lumen-api_1a2b3c4d5e'],
  });
  await sessions.close();
});

test('what was said since is brought by the next call', async () => {
  const home = fixtureHome('home-typical');
  speak(home, said.slice(0, 1));
  const to = newUrl();
  await importAo(home.path, to);
  speak(home);
  const report = await importAo(home.path, to);
  expect(report.runs.find(({ runId }) => runId === orchestrator)).toMatchObject({
    status: 'continued',
    events: 2,
  });
});

test('everything that a file said of a session stands in its row', async () => {
  const home = fixtureHome('home-v02-keyvalue');
  const to = newUrl();
  await importAo(home.path, to);
  const sessions = await openSessionStore(to);
  const archived = await sessions.getSession('ao:heron:her-2_2026-03-03T14:30:52.000Z');
  expect(archived.status).toMatch(/completed|cancelled|failed/);
  expect(archived.metadata['ao']).toMatchObject({ project_id: 'heron', name: 'her-2', archived: true });
  const [last] = (await sessions.getEvents(archived.id)).slice(-1);
  expect(last?.type).toBe(`session_${archived.status}`);
  await sessions.close();
});

test('a damaged file is named, and the others come', async () => {
  const home = fixtureHome('home-typical');
  home.write('.agent-orchestrator/projects/orchard/sessions/orc-9.json', '{ "branch": ');
  const report = await importAo(home.path, newUrl());
  expect([report.ok, report.runs.length]).toEqual([false, 8]);
  expect(report.notes).toHaveLength(1);
  expect(report.notes[0]).toContain('orc-9.json stays behind: it is no JSON object');
});

test('a dry run says the same, and makes nothing', async () => {
  const home = fixtureHome('home-typical');
  const folder = scratchFolder();
  const report = await importAo(home.path, `sqlite:///${join(folder, 'x.db')}`, { dryRun: true });
  expect([report.runs.length, new Set(statuses(report).map(([, status]) => status))]).toEqual([
    8,
    new Set(['copied']),
  ]);
  expect(readdirSync(folder)).toEqual([]);
});

test('a database of the rewrite is read, with what its other tables say, also one of a later version', async () => {
  const home = fixtureHome('home-typical');
  await migrateAoHome({ env: { HOME: home.path } });
  const database = new DatabaseSync(home.database);
  database.exec(
    "INSERT INTO goose_db_version (version_id, is_applied) VALUES (31, 1); ALTER TABLE sessions ADD COLUMN mood TEXT DEFAULT 'calm'",
  );
  database.close();
  const to = newUrl();
  const report = await importAo(home.database, to, { env: { HOME: home.path } });
  expect([report.format, report.ok, report.runs.length]).toEqual([
    'Agent Orchestrator, rewrite with schema 31',
    true,
    4,
  ]);
  expect(
    (await importAo(home.database, to, { env: { HOME: home.path } })).runs.every(
      ({ status }) => status === 'present',
    ),
  ).toBe(true);
  const store = await openStore(to, { mode: 'read' });
  const [session] = await store.records('session', '');
  expect(JSON.parse(session?.value ?? '')).toMatchObject({
    metadata: {
      ao: {
        session: { mood: 'calm', kind: 'orchestrator' },
        change_log: [{ event_type: 'session_created' }],
      },
    },
  });
  await store.close();
});

test('a place that holds neither is refused', async () => {
  const folder = scratchFolder();
  await expect(importAo(folder, newUrl())).rejects.toBeInstanceOf(ImportFileError);
  await expect(importAo(join(folder, 'nothing'), newUrl())).rejects.toThrow('it is not there');
});

test('a project that nobody lists any more, and a session that two layouts have, lose nothing', async () => {
  const home = fixtureHome('home-typical');
  const record = { branch: 'b', agent: 'claude-code', createdAt: '2026-05-01T00:00:00.000Z' };
  home.session('forgotten', 'fo-1', record);
  home.write(
    '.agent-orchestrator/0123456789ab-orchard/sessions/orc-orchestrator',
    'branch=older\nagent=codex',
  );
  const report = await importAo(home.path, newUrl());
  const ids = report.runs.map(({ runId }) => runId);
  expect(ids).toContain('ao:forgotten:fo-1');
  expect(ids.filter((id) => id.startsWith('ao:orchard:'))).toEqual([
    'ao:orchard:orc-orchestrator',
    'ao:orchard:orc-orchestrator@0123456789ab-orchard/sessions/orc-orchestrator',
  ]);
});
