// Databases of agent_session_manager, moved into stores of our own: every event with its texts, every row as a document, both
// layouts, on SQLite and PostgreSQL, and the source untouched.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inspectLog, type MigrationReport, migrateStore, openSessionStore, openStore } from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { quoteName } from '../../src/adapters/stores/postgres/tables.ts';
import { asmDatabaseSql, type Layout } from '../fixtures/asm/asm-tables.ts';
import { serverUrl, sql } from '../harness/postgres/scratch-schema.ts';
import { scratchSchema, scratchUrl } from './postgres-scratch.ts';
import { scratchFolder } from './sqlite-scratch.ts';

const sqliteUrl = (): string => `sqlite:///${join(scratchFolder(), 'new.db')}`;

function sqliteDatabase(layout: Layout, change = ''): string {
  const path = join(scratchFolder(), 'asm.db');
  const database = new DatabaseSync(path);
  database.exec(`${asmDatabaseSql('sqlite', layout)};${change}`);
  database.close();
  return path;
}

async function postgresDatabase(layout: Layout): Promise<string> {
  const schema = scratchSchema();
  await sql(
    `CREATE SCHEMA ${quoteName(schema)}; SET search_path TO ${quoteName(schema)}; ${asmDatabaseSql('postgres', layout)}`,
  );
  return `${serverUrl()}?schema=${encodeURIComponent(schema)}`;
}

const statuses = ({ runs }: MigrationReport) => runs.map(({ runId, status }) => [runId, status]);

const came = [
  ['ses_a', 'copied'],
  ['ses_b', 'copied'],
  ['ses_ghost', 'copied'],
];

const places = [
  ['SQLite', (layout: Layout) => Promise.resolve(`sqlite:///${sqliteDatabase(layout)}`), sqliteUrl],
  ['PostgreSQL', postgresDatabase, scratchUrl],
] as const;

describe.each(places)('a database on %s', (_name, sourceOf, destination) => {
  it.each(['0.8', '0.7'] as const)(
    'of layout %s comes over with sessions, runs and events',
    async (layout) => {
      const [from, to] = [await sourceOf(layout), destination()];
      const report = await migrateStore(from, to);
      expect([statuses(report), report.ok]).toEqual([came, true]);
      const sessions = await openSessionStore(to);
      expect(await sessions.getSession('ses_a')).toMatchObject({
        agentId: 'coder',
        status: 'active',
        tags: ['pinned', 'nightly'],
        context: { system_prompt: 'Be brief.' },
        createdAt: '2026-02-11T10:00:00.123456Z',
      });
      expect((await sessions.getSession('ses_b')).deletedAt).toBe(
        layout === '0.8' ? '2026-02-11T10:00:30.123456Z' : null,
      );
      expect(await sessions.getRun('run_a1')).toMatchObject({
        sessionId: 'ses_a',
        turnCount: 2,
        tokenUsage: { input_tokens: 10, output_tokens: 5 },
        costUsd: layout === '0.8' ? 0.25 : null,
        providerMetadata: layout === '0.8' ? { model: 'opus' } : {},
      });
      const events = await sessions.getEvents('ses_a');
      expect(
        events.map(({ id, sequenceNumber, schemaVersion, correlationId }) => [
          id,
          sequenceNumber,
          schemaVersion,
          correlationId,
        ]),
      ).toEqual([
        ['evt_a1', 1, 1, null],
        ['evt_a2', 2, 1, layout === '0.8' ? 'corr-1' : null],
        ['evt_a3', 3, 1, null],
        ['evt_a4', 4, 2, null],
      ]);
      expect((await sessions.listRuns('ses_b')).map(({ id, status }) => [id, status])).toEqual([
        ['run_b1', 'failed'],
      ]);
      await sessions.close();
      expect(statuses(await migrateStore(from, to))).toEqual(came.map(([id]) => [id, 'present']));
    },
  );
});

test('data and metadata keep their texts, byte for byte', async () => {
  const to = sqliteUrl();
  await migrateStore(`sqlite:///${sqliteDatabase('0.8')}`, to);
  const store = await openStore(to, { mode: 'read' });
  const event = await store.get('ses_a', 'evt_a3');
  expect([event?.payload, event?.metadata]).toEqual(['{"b":1.0,"a":"gr\\u00fcn","b":2}', '{"z":1,"a":2}']);
  await store.close();
});

test('the digits of a number that no document can hold are kept beside the session, also when it moves on', async () => {
  const [first, second] = [sqliteUrl(), sqliteUrl()];
  await migrateStore(`sqlite:///${sqliteDatabase('0.8')}`, first);
  await migrateStore(first, second);
  for (const url of [first, second]) {
    const { report } = await inspectLog(url, { runId: 'ses_a', tail: 0 });
    expect(report.brought?.inexact).toEqual([
      {
        row: expect.stringMatching(/ses_a|run_a1/) as unknown,
        column: expect.any(String) as unknown,
        number: '9007199254740993',
        readAs: '9007199254740992',
      },
    ]);
  }
});

test('what is not as it should be there is said, and comes all the same', async () => {
  const report = await migrateStore(`sqlite:///${sqliteDatabase('0.8')}`, sqliteUrl());
  const notes = Object.fromEntries(report.runs.map(({ runId, notes: of }) => [runId, of]));
  expect(notes['ses_b']).toEqual([
    'its counter says 9, and its last event has the number 6',
    'the numbers 1 to 2 are not there: what had the number 3 has 1 here',
    'its times are written to the microsecond and with a Z here: they are the same moments',
    "events name the run 'run_lost', which has no row",
    'the number 5 is not there: what had the number 6 has 3 here',
  ]);
  expect(notes['ses_a']).toContain(
    'its row, or one of its runs: 9007199254740993 is read as 9007199254740992',
  );
  expect(notes['ses_ghost']).toContain(
    'rows of other tables name it, and it has no row in the table of sessions',
  );
  expect(report.notes).toEqual([
    "1 rows of asm_artifacts name no session and stay behind; the first is 'art_2'",
  ]);
});

test('a row of an artifact becomes a document that goes with its session', async () => {
  const to = sqliteUrl();
  await migrateStore(`sqlite:///${sqliteDatabase('0.8')}`, to);
  const store = await openStore(to, { mode: 'write' });
  const [artifact] = await store.records('artifact', 'ses_a/');
  expect(JSON.parse(artifact?.value ?? '')).toMatchObject({
    id: 'art_1',
    key: 'patch.diff',
    byte_size: 12,
    metadata: { lines: 3 },
  });
  await store.close();
  const sessions = await openSessionStore(to);
  await sessions.deleteSession('ses_a');
  await sessions.close();
  const after = await openStore(to, { mode: 'read' });
  expect(await after.records('artifact', '')).toEqual([]);
  await after.close();
});

test('the source is not changed, and no file is left beside it', async () => {
  const path = sqliteDatabase('0.8');
  const before = readFileSync(path);
  await migrateStore(`sqlite:///${path}`, sqliteUrl());
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(dirname(path))).toEqual(['asm.db']);
});

test('a dry run says what would come, and writes nothing', async () => {
  const to = join(scratchFolder(), 'new.db');
  const report = await migrateStore(`sqlite:///${sqliteDatabase('0.8')}`, `sqlite:///${to}`, {
    dryRun: true,
  });
  expect(statuses(report)).toEqual(came);
  expect(readdirSync(dirname(to))).toEqual([]);
});

const damages = [
  [
    'an event of a type that is none',
    "UPDATE asm_events SET type = 'mood_changed' WHERE id = 'evt_a3'",
    'evt_a3',
    'mood_changed',
  ],
  [
    'an event whose data is no JSON',
    "UPDATE asm_events SET data = '{' WHERE id = 'evt_a3'",
    'evt_a3',
    'not JSON',
  ],
  [
    'a session in a state that is none',
    "UPDATE asm_sessions SET status = 'asleep' WHERE id = 'ses_a'",
    'session ses_a',
    'asleep',
  ],
  [
    'a run in a state that is none',
    "UPDATE asm_runs SET status = 'stuck' WHERE id = 'run_a1'",
    'run run_a1',
    'stuck',
  ],
] as const;

describe.each(damages)('%s', (_name, damage, row, word) => {
  it('stops its session, and no other', async () => {
    const report = await migrateStore(`sqlite:///${sqliteDatabase('0.8', damage)}`, sqliteUrl());
    expect(statuses(report)).toEqual([['ses_a', 'failed'], ...came.slice(1)]);
    expect(report.runs[0]?.problem).toContain(word);
  });

  it('is left out and named on request, and comes when the source is mended', async () => {
    const to = sqliteUrl();
    const damaged = `sqlite:///${sqliteDatabase('0.8', damage)}`;
    const report = await migrateStore(damaged, to, { skipCorrupted: true });
    const [skipped] = report.runs[0]?.skipped ?? [];
    expect([skipped?.eventId, report.runs[0]?.skipped.length]).toEqual([row, 1]);
    expect(skipped?.why).toContain(word);
    expect(statuses(await migrateStore(damaged, to, { skipCorrupted: true }))[0]).toEqual([
      'ses_a',
      'present',
    ]);
    const mended = await migrateStore(`sqlite:///${sqliteDatabase('0.8')}`, to);
    expect(statuses(mended)[0]).toEqual(['ses_a', 'replaced']);
    const sessions = await openSessionStore(to);
    expect([(await sessions.getSession('ses_a')).status, (await sessions.getRun('run_a1')).status]).toEqual([
      'active',
      'completed',
    ]);
    expect(await sessions.getLatestSequence('ses_a')).toBe(4);
    await sessions.close();
  });
});

test('a document that says something else in the destination is a conflict, and is left as it is', async () => {
  const to = sqliteUrl();
  await migrateStore(`sqlite:///${sqliteDatabase('0.8')}`, to);
  const change = `UPDATE asm_sessions SET agent_id = 'other' WHERE id = 'ses_a'`;
  const report = await migrateStore(`sqlite:///${sqliteDatabase('0.8', change)}`, to);
  expect(statuses(report)[0]).toEqual(['ses_a', 'conflict']);
  const sessions = await openSessionStore(to);
  expect((await sessions.getSession('ses_a')).agentId).toBe('coder');
  await sessions.close();
});

test.each([
  ['SQLite', async () => `sqlite:///${sqliteDatabase('0.7')}`],
  ['PostgreSQL', () => postgresDatabase('0.7')],
])('opened directly on %s it is refused with the command that moves it', async (_name, sourceOf) => {
  const opening = openStore(await sourceOf(), { mode: 'write' });
  await expect(opening).rejects.toMatchObject({ code: 'schema-version-mismatch' });
  await expect(opening).rejects.toThrow(/agent_session_manager[\s\S]*runlog migrate --from URL --to/);
});

test('a database that lacks what a session needs is refused with the name of the column', async () => {
  const path = sqliteDatabase('0.8', 'ALTER TABLE asm_sessions DROP COLUMN agent_id');
  await expect(migrateStore(`sqlite:///${path}`, sqliteUrl())).rejects.toMatchObject({
    code: 'schema-version-mismatch',
    context: { missing_columns: ['asm_sessions.agent_id'] },
  });
});
