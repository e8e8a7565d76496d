import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { gooseLedger, type MigrationDatabase, upgradeSchema } from '../../../src/schema/index.ts';
import { aoMigrations, aoSchema } from '../../../src/migrate/index.ts';
import { readSchema } from './read-schema.ts';

const sha256 = (text: string): string => hash('sha256', text, 'hex');
const factsText = readFileSync(new URL('schema-facts.json', import.meta.url), 'utf8');
const facts = JSON.parse(factsText) as Record<string, unknown> & {
  byte_exact: { harness_check_v12: string };
  tables: Record<string, unknown>;
  triggers: Record<string, unknown>;
};

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA foreign_keys = ON');
  return database;
}

async function build(path: string): Promise<DatabaseSync> {
  const database = open(path);
  database.exec('PRAGMA journal_mode = WAL');
  const port: MigrationDatabase = {
    exec: async (sql) => database.exec(sql),
    all: async (sql) =>
      database
        .prepare(sql)
        .all()
        .map((row) => Object.values(row)),
    transaction: (work) => work(),
  };
  await upgradeSchema(port, aoMigrations(sha256), gooseLedger, { location: path });
  return database;
}

const folder = mkdtempSync(join(tmpdir(), 'runlog-ao-schema-'));
let built: Record<string, unknown> & { tables: Record<string, unknown> };

beforeAll(async () => {
  const database = await build(join(folder, 'ao.db'));
  built = readSchema(database) as typeof built;
  database.close();
  rmSync(folder, { recursive: true });
});

describe('the layout that a new database gets', () => {
  it.each(Object.keys(facts.tables))('has the table %s as the facts say', (table) => {
    expect(built.tables[table]).toEqual(facts.tables[table]);
  });

  it('has no other table', () => {
    expect(Object.keys(built.tables).sort()).toEqual(Object.keys(facts.tables).sort());
  });

  it.each(['indexes', 'triggers', 'pragmas', 'goose_rows'])('has the %s of the facts', (part) => {
    expect(built[part]).toEqual(facts[part]);
  });

  it('has the list of harnesses to the byte, because later versions search for it', async () => {
    const database = await memory();
    const row = database.prepare("SELECT sql FROM sqlite_schema WHERE name = 'sessions'").get();
    expect(row?.['sql']).toContain(facts.byte_exact.harness_check_v12);
  });
});

async function memory(): Promise<DatabaseSync> {
  const database = await build(':memory:');
  onTestFinished(() => database.close());
  return database;
}

describe('the triggers', () => {
  async function filled(): Promise<DatabaseSync> {
    const database = await memory();
    database.exec(`
      INSERT INTO projects (id, path, registered_at) VALUES ('p', '/p', 't0');
      INSERT INTO sessions (id, project_id, num, activity_last_at, created_at, updated_at) VALUES ('s', 'p', 1, 't1', 't1', 't2');
      INSERT INTO sessions (id, project_id, num, activity_last_at, created_at, updated_at) VALUES ('t', 'p', 2, 't1', 't1', 't2');
      INSERT INTO pr (url, session_id, updated_at) VALUES ('u', 's', 't3');
      INSERT INTO pr_checks (pr_url, name, commit_hash, created_at) VALUES ('u', 'ci', 'c', 't4');
      INSERT INTO pr_review_threads (pr_url, thread_id, path, line, updated_at, is_bot) VALUES ('u', 'th', 'a.ts', 7, 't5', 1);
      DELETE FROM change_log;`);
    return database;
  }

  const rows: readonly (readonly [string, string, string | null])[] = [
    [
      "INSERT INTO sessions (id, project_id, num, activity_last_at, created_at, updated_at) VALUES ('x', 'p', 3, 't', 't', 't9')",
      'session_created',
      '{"id":"x","activity":"idle","isTerminated":false} x t9',
    ],
    [
      "UPDATE sessions SET is_terminated = 1 WHERE id = 's'",
      'session_updated',
      '{"id":"s","activity":"idle","isTerminated":true} s t2',
    ],
    [
      "UPDATE sessions SET activity_state = 'active' WHERE id = 's'",
      'session_updated',
      '{"id":"s","activity":"active","isTerminated":false} s t2',
    ],
    [
      "UPDATE sessions SET first_signal_at = 't7' WHERE id = 's'",
      'session_updated',
      '{"id":"s","activity":"idle","isTerminated":false} s t2',
    ],
    ["UPDATE sessions SET branch = 'b' WHERE id = 's'", 'a quiet change', null],
    [
      "INSERT INTO pr (url, session_id, updated_at) VALUES ('v', 's', 't8')",
      'pr_created',
      '{"url":"v","session":"s","state":"open","ci":"unknown","review":"none","mergeability":"unknown"} s t8',
    ],
    [
      "UPDATE pr SET ci_state = 'failing' WHERE url = 'u'",
      'pr_updated',
      '{"url":"u","session":"s","state":"open","ci":"failing","review":"none","mergeability":"unknown"} s t3',
    ],
    ["UPDATE pr SET title = 'x' WHERE url = 'u'", 'a quiet change', null],
    [
      "UPDATE pr SET session_id = 't' WHERE url = 'u'",
      'pr_session_changed',
      '{"url":"u","fromSession":"s","toSession":"t"} t t3',
    ],
    [
      "INSERT INTO pr_checks (pr_url, name, commit_hash, status, created_at) VALUES ('u', 'lint', 'c', 'passed', 't6')",
      'pr_check_recorded',
      '{"pr":"u","name":"lint","commit":"c","status":"passed"} s t6',
    ],
    [
      "INSERT INTO pr_review_threads (pr_url, thread_id, path, line, updated_at) VALUES ('u', 'n', 'b.ts', 1, 't6')",
      'pr_review_thread_added',
      '{"pr":"u","thread":"n","path":"b.ts","line":1,"resolved":false,"isBot":false} s t6',
    ],
    [
      "UPDATE pr_review_threads SET resolved = 1 WHERE thread_id = 'th'",
      'pr_review_thread_resolved',
      '{"pr":"u","thread":"th","path":"a.ts","line":7,"resolved":true} s t5',
    ],
  ];

  it.each(rows)('%s tells of %s', async (sql, event, payload) => {
    const database = await filled();
    database.exec(sql);
    const told = database
      .prepare(
        "SELECT event_type || ' ' || payload || ' ' || session_id || ' ' || created_at FROM change_log",
      )
      .all()
      .map((row) => Object.values(row)[0]);
    expect(told).toEqual(payload === null ? [] : [`${event} ${payload}`]);
  });

  it('a check whose status changes is told with the time of the database', async () => {
    const database = await filled();
    database.exec("UPDATE pr_checks SET status = 'failed' WHERE name = 'ci'");
    const row = database.prepare('SELECT event_type, payload, created_at FROM change_log').get();
    expect(row?.['created_at']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(row).toMatchObject({
      event_type: 'pr_check_recorded',
      payload: '{"pr":"u","name":"ci","commit":"c","status":"failed"}',
    });
  });
});

it('the list of harnesses holds for writers: cursor is taken, an unknown one is not', async () => {
  const database = await memory();
  database.exec("INSERT INTO projects (id, path, registered_at) VALUES ('p', '/p', 't')");
  const insert = (harness: string) =>
    database.exec(
      `INSERT INTO sessions (id, project_id, num, harness, activity_last_at, created_at, updated_at) VALUES ('${harness}', 'p', 1, '${harness}', 't', 't', 't')`,
    );
  expect(() => insert('frobnicator')).toThrow('CHECK');
  insert('cursor');
  expect(database.prepare('SELECT harness FROM sessions').get()).toEqual({ harness: 'cursor' });
});

describe('the pin', () => {
  // Whoever changes a file raises the version by a decision record, and pins what it says then.
  it('is version 12 of commit 43ae7eb', () => {
    expect(aoSchema).toEqual({ version: 12, source: '43ae7eb' });
    expect(aoMigrations(sha256).map(({ version }) => version)).toEqual(
      Array.from({ length: aoSchema.version }, (_, index) => index + 1),
    );
  });

  it('holds every file and the facts to the byte', () => {
    const found = aoMigrations(sha256).map(({ file, checksum }) => `${checksum}  ${file}`);
    expect([...found, `${sha256(factsText)}  schema-facts.json`]).toEqual(pinned);
  });
});

const pinned = [
  'fc935b3dc52667ab60c080dada89870b2ac1bf26003b09bcb0c7efdac63135ce  00001_foundation.sql',
  'fb3ff6eda462cc4ad0ec390116dfc4b429d60e89bf73531b16eb554b2c6b7466  00002_waiting_input.sql',
  'd66cae7069fcbdf117f3d115321256201f576e79580e6fc2d7a31b307870470e  00003_session_display_name.sql',
  'b35a80bcd3bfffe507ec4f03159d3d7a2a456da33f4dd37eafc1575b919a4249  00004_provider_facts.sql',
  'e53d963db6ef38631cfdfd98502b07a007c6a21c491310a1dd6770d3607feeac  00005_nudge_signature.sql',
  'ba1543652d05dcbe72b33bb2ba466aa768b0f9a8994f677a3f4a2ee4884a95af  00006_claimed_pull_requests.sql',
  'fa9de8bbfaf92de92deacb0a66862269aa9ecc0818f29e9d95a60cdacb5baafc  00007_more_harnesses.sql',
  '38c8aa5fdbf7be1bbd93fc23ee328efa7905f36350c454b99eee0d56cfbd54f2  00008_project_config.sql',
  'dd14d040592a0b889dee93f85baedafc7e8ac76de263a32e388ce1dafb080284  00009_workspaces.sql',
  '09b61ecb089d64140e86f4343a717e0423c3e9a17d3d690db79ae70fc864baea  00010_first_signal.sql',
  '2bf1bc014ddb7f4699cbce8b89a219e6c22620cf21677a10baaec0dca94f8b23  00011_notifications.sql',
  'bcfb058ef52df507559a277c57f3e91f52e8b2fa7fc6513002c45bb9a24bb26a  00012_reviews.sql',
  'd0a5c7b75b737dbb0bab2bc4e6e4bef1da5e9294c6fbb30d5501ac076b8b7814  schema-facts.json',
];
