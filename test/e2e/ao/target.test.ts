// Edge cases 56 to 72 and 80: the database that rows go into, and when they may not. Each test begins with its number.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { filledColumns } from '../../../src/migrate/ao/plan/check-target.ts';
import {
  fingerprint,
  fixtureHome,
  legacyHome,
  type LegacyHome,
  orchestrator,
  type Outcome,
} from './legacy-home.ts';

const parity = ['--strict-parity'];

function homeWithOne(): LegacyHome {
  const home = legacyHome();
  home.registry({ fin: { sessionPrefix: 'fin' } });
  home.session('fin', 'fin-orchestrator', orchestrator());
  return home;
}

function expectRefusal({ code, out, err }: Outcome, refusal: string, skipped = 0): void {
  expect({ code, out }).toEqual({
    code: 1,
    out: `{"dbCreated":false,"schemaVersion":0,"projects":{"created":0,"skipped":0,"failed":0},"orchestrators":{"created":0,"skipped":${skipped},"failed":0,"relocatedTranscripts":0}}\n`,
  });
  expect(err).toContain(`Migration refused (${refusal}): `);
}

function openedDatabase(home: LegacyHome): DatabaseSync {
  const database = new DatabaseSync(home.database);
  onTestFinished(() => database.close());
  return database;
}

const project =
  "INSERT INTO projects (id, path, registered_at) VALUES ('fin', '/elsewhere', '2026-01-01T00:00:00.000Z');";

function session(id: string, num: number, of = 'fin'): string {
  return `INSERT INTO sessions (id, project_id, num, activity_last_at, created_at, updated_at) VALUES ('${id}', '${of}', ${num}, 't', 't', 't');`;
}

it('56: a database that somebody writes is refused, with the skips of the plan', async () => {
  const home = fixtureHome('home-typical');
  home.makeDatabase();
  openedDatabase(home).exec('BEGIN IMMEDIATE');
  expectRefusal(await home.migrate(), 'DB_LOCKED', 2);
});

it('57: a daemon that is idle is found by its run file', async () => {
  const home = homeWithOne();
  home.makeDatabase();
  openedDatabase(home).exec('SELECT 1');
  home.write('.ao/running.json', { pid: process.pid, port: 3001, startedAt: '2026-06-18T00:00:00Z' });
  expectRefusal(await home.migrate(), 'DAEMON_RUNNING');
  expect(home.rows('projects')).toEqual([]);
});

it('57: the run file is where AO_RUN_FILE says', async () => {
  const home = homeWithOne();
  home.write('run.json', { pid: process.pid });
  expectRefusal(await home.migrate([], { AO_RUN_FILE: home.at('run.json') }), 'DAEMON_RUNNING');
  expect(home.exists('.ao')).toBe(false);
});

it.each(['{"pid": 999999999}', '{"pid": "x"}', '{"pid": -1}', '{"pid"', ''])(
  '58: a run file whose process does not live is as none: %s',
  async (text) => {
    const home = homeWithOne();
    home.write('.ao/running.json', text);
    expect(await home.migrate()).toMatchObject({ code: 0, projects: [1, 0, 0] });
  },
);

it('R8: the legacy tool has to be stopped, too', async () => {
  const home = homeWithOne();
  home.write(home.base('running.json'), { pid: process.pid });
  expectRefusal(await home.migrate(), 'LEGACY_RUNNING');
});

it('59: a database of an older layout is refused, and no byte of it changes', async () => {
  const home = homeWithOne();
  home.makeDatabase('', 11);
  const before = fingerprint(home, []);
  const outcome = await home.migrate();
  expectRefusal(outcome, 'SCHEMA_TOO_OLD');
  expect(outcome.err).toContain('has the layout v11, and v12 is needed');
  expect(fingerprint(home, [])).toBe(before);
});

it('59: a database of somebody else is too old, too', async () => {
  const home = homeWithOne();
  mkdirSync(home.at('.ao/data'), { recursive: true });
  openedDatabase(home).exec('CREATE TABLE customers (id)');
  expectRefusal(await home.migrate(), 'SCHEMA_TOO_OLD');
});

it('60: a file of no bytes is as none', async () => {
  const home = homeWithOne();
  home.write('.ao/data/ao.db', '');
  expect(await home.migrate()).toMatchObject({
    code: 0,
    projects: [1, 0, 0],
    dbCreated: true,
    schemaVersion: 12,
  });
  expect(home.rows('projects')).toHaveLength(1);
});

it('61: a file that is no database is refused, and stays', async () => {
  const home = homeWithOne();
  home.write('.ao/data/ao.db', 'somebody wrote here\n'.repeat(500));
  expectRefusal(await home.migrate(), 'NOT_A_DATABASE');
  expect(readFileSync(home.database, 'utf8')).toMatch(/^somebody/);
});

it('61: the log of a database that is gone is refused', async () => {
  const home = homeWithOne();
  home.write('.ao/data/ao.db-wal', 'x');
  expectRefusal(await home.migrate(), 'NOT_A_DATABASE');
});

it('62: a database of a newer layout takes the rows as it is', async () => {
  const home = fixtureHome('home-typical');
  home.makeDatabase("ALTER TABLE sessions ADD COLUMN preview_url TEXT NOT NULL DEFAULT ''", 82);
  expect(await home.migrate()).toMatchObject({
    code: 0,
    projects: [7, 0, 0],
    orchestrators: [4, 2, 0],
    dbCreated: false,
    schemaVersion: 82,
  });
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [0, 7, 0], schemaVersion: 82 });
});

describe('R9: a layout that is not known', () => {
  it.each([
    ['DELETE FROM goose_db_version WHERE version_id = 5', 'its list of versions lacks 5'],
    ['ALTER TABLE projects RENAME COLUMN kind TO sort', 'the table projects has no column kind'],
    [
      `PRAGMA foreign_keys = OFF; DROP TABLE projects;
       CREATE TABLE projects (id TEXT PRIMARY KEY, path, repo_origin_url, display_name, registered_at, archived_at, config, kind, owner TEXT NOT NULL)`,
      'projects.owner needs a value that is not known here',
    ],
  ])('is refused: %s', async (sql, why) => {
    const home = homeWithOne();
    home.makeDatabase();
    const database = new DatabaseSync(home.database);
    database.exec(sql);
    database.close();
    const outcome = await home.migrate();
    expectRefusal(outcome, 'SCHEMA_UNRECOGNISED');
    expect(outcome.err).toContain(why);
  });

  it('a version that was taken back does not count', async () => {
    const home = homeWithOne();
    home.makeDatabase('INSERT INTO goose_db_version (version_id, is_applied) VALUES (12, 0)');
    expectRefusal(await home.migrate(), 'SCHEMA_TOO_OLD');
  });
});

it('63: an archived project stays archived, and its orchestrator is skipped with it', async () => {
  const home = homeWithOne();
  home.makeDatabase(`${project} UPDATE projects SET archived_at = '2026-01-02T00:00:00.000Z'`);
  expect(await home.notes()).toContain('[project] fin: skipped: it is in the database, archived');
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [0, 1, 0], orchestrators: [0, 1, 0] });
  expect(home.orchestrators).toEqual([]);
  expect(await home.migrate(parity)).toMatchObject({ orchestrators: [1, 0, 0] });
});

it('64: where the number is taken the next free one is given', async () => {
  const home = homeWithOne();
  home.makeDatabase(`${project} ${session('mine', 0)} ${session('other', 4)}`);
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [0, 1, 0], orchestrators: [1, 0, 0] });
  expect(home.orchestrators.find(({ id }) => id === 'fin-orchestrator')).toMatchObject({ num: 5 });
});

describe('64: a row that fails', () => {
  function homeWithClash(): LegacyHome {
    const home = homeWithOne();
    home.registry({ fin: { sessionPrefix: 'fin' }, new: { sessionPrefix: 'new' } });
    home.session('new', 'new-orchestrator', orchestrator());
    home.makeDatabase(`${project} ${session('mine', 0)}`);
    return home;
  }

  it('takes everything back: nothing is created, and every row has failed or was skipped', async () => {
    const home = homeWithClash();
    const outcome = await home.migrate(parity);
    expect(outcome).toMatchObject({
      code: 1,
      projects: [0, 1, 1],
      orchestrators: [0, 0, 2],
      dbCreated: false,
    });
    expect(home.rows('projects')).toHaveLength(1);
    const { out } = await home.run(parity);
    expect(out).toMatch(/^Migration failed/);
    expect(out).toContain('UNIQUE constraint failed: sessions.project_id, sessions.num');
  });

  it('leaves the others with --keep-going', async () => {
    const home = homeWithClash();
    expect(await home.migrate([...parity, '--keep-going'])).toMatchObject({
      code: 1,
      projects: [1, 1, 0],
      orchestrators: [1, 0, 1],
    });
    expect(home.rows('projects')).toHaveLength(2);
  });
});

it('65: a session of that name in another project is left, with a note', async () => {
  const home = homeWithOne();
  home.makeDatabase(`${project.replace("'fin'", "'old'")} ${session('fin-orchestrator', 1, 'old')}`);
  expect(await home.notes()).toContain('skipped in fin: old has a session of that name already');
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [1, 0, 0], orchestrators: [0, 1, 0] });
});

it('a project whose path is there under another id is skipped with its orchestrator', async () => {
  const home = homeWithOne();
  home.makeDatabase(project.replace("'fin', '/elsewhere'", `'old', '${home.at('repos/fin')}'`));
  expect(await home.notes()).toContain('[project] fin: skipped: old in the database has the same path');
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [0, 1, 0], orchestrators: [0, 1, 0] });
});

describe('67: AO_DATA_DIR', () => {
  it('is where the database is', async () => {
    const home = homeWithOne();
    expect(await home.migrate([], { AO_DATA_DIR: home.at('x') })).toMatchObject({ code: 0, dbCreated: true });
    expect(readdirSync(home.at('x'))).toEqual(['ao.db']);
    expect(home.exists('.ao')).toBe(false);
  });

  it('is as not set when it is blank', async () => {
    const home = homeWithOne();
    await home.migrate([], { AO_DATA_DIR: '  ' });
    expect(home.exists('.ao/data/ao.db')).toBe(true);
  });

  it('is refused where no folder can be made, and at once', async () => {
    const outcome = await homeWithOne().migrate([], { AO_DATA_DIR: '/proc/x' });
    expectRefusal(outcome, 'DATA_DIR_INVALID');
    expect(outcome.err).toContain('/proc/x');
  });

  it('is refused when it is relative, or inside the legacy home, also by way of a link', async () => {
    const home = homeWithOne();
    symlinkSync(home.base(), home.at('link'));
    for (const AO_DATA_DIR of ['data', home.base('projects/fin/sessions'), home.base(), home.at('link/data')])
      expectRefusal(await home.migrate([], { AO_DATA_DIR }), 'DATA_DIR_INVALID');
    expect(home.exists('.ao')).toBe(false);
  });
});

it('68: AO_GLOBAL_CONFIG names the registry, and the sessions stay where they are', async () => {
  const home = homeWithOne();
  home.write('g.yaml', { projects: { fin: { path: home.at('elsewhere'), sessionPrefix: 'fin' } } });
  expect(await home.migrate([], { AO_GLOBAL_CONFIG: home.at('g.yaml') })).toMatchObject({
    orchestrators: [1, 0, 0],
  });
  expect(home.project('fin')['path']).toBe(home.at('elsewhere'));
});

it('68: the registry is looked for below XDG_CONFIG_HOME, where that is set', async () => {
  const home = homeWithOne();
  home.write('xdg/agent-orchestrator/config.yaml', { projects: { other: { path: '/o' } } });
  await home.migrate([], { XDG_CONFIG_HOME: home.at('xdg') });
  expect(home.rows('projects').map(({ id }) => id)).toEqual(['other']);
});

it.each(['.ao/data', '.ao'])('69: a file in the place of the folder %s is refused', async (path) => {
  const home = homeWithOne();
  home.write(path, 'x');
  expectRefusal(await home.migrate(), 'DATA_DIR_INVALID');
});

it('70: a database that is not finished never has the name, and what a killed run left is removed', async () => {
  const home = homeWithOne();
  home.write('.ao/data/.ao.db.ao-migrate-999999999', 'half a database');
  home.write('.ao/data/.ao.db.ao-migrate-999999999-wal', 'its log');
  expect(await home.migrate()).toMatchObject({ code: 0, dbCreated: true });
  expect(readdirSync(home.at('.ao/data'))).toEqual(['ao.db']);
});

it('70: what a run left that was killed right after its end is removed by the next', async () => {
  const home = homeWithOne();
  await home.migrate();
  home.write('.ao/data/.ao.db.ao-migrate-999999999', 'a second name of the database');
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [0, 1, 0] });
  expect(readdirSync(home.at('.ao/data'))).toEqual(['ao.db']);
});

it.each([8, 100, 400])(
  '70: where only %s blocks of 512 bytes can be written, nothing has the name',
  (blocks) => {
    const home = homeWithOne();
    const { status, stdout, stderr } = spawnSync(
      'sh',
      ['-c', `ulimit -f ${blocks}; exec "${process.execPath}" "${resolve('bin/ao-migrate.js')}" --json`],
      { env: { PATH: process.env['PATH'], HOME: home.path }, encoding: 'utf8' },
    );
    expect(status, stderr).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ dbCreated: false, projects: { created: 0 } });
    expect(stderr).toMatch(/out of reach: (disk I\/O error|database or disk is full)\./);
    expect(readdirSync(home.at('.ao/data'))).toEqual([]);
  },
);

it('two runs at once: one makes the database, and the other one is told to run again or finds it whole', async () => {
  const home = homeWithOne();
  const results = await Promise.all([home.migrate(), home.migrate()]);
  expect(results.filter(({ dbCreated }) => dbCreated)).toHaveLength(1);
  expect(readdirSync(home.at('.ao/data'))).toEqual(['ao.db']);
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [0, 1, 0], orchestrators: [0, 1, 0] });
});

it('the columns that are checked are those that are filled', async () => {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  onTestFinished(() => prepare.mockRestore());
  await homeWithOne().migrate();
  const inserts = prepare.mock.calls.map(([sql]) => /^INSERT INTO (\w+) \(([^)]+)\)/.exec(sql));
  const filled = inserts.flatMap((match) =>
    match === null ? [] : [[match[1], match[2]?.split(', ').sort()]],
  );
  expect(Object.fromEntries(filled)).toEqual({
    projects: [...filledColumns.projects].sort(),
    sessions: [...filledColumns.sessions].sort(),
  });
});

it('71: a new database is in the mode of the daemon, closed, and for its owner only; it takes workers of cursor', async () => {
  const home = homeWithOne();
  await home.migrate();
  expect(readdirSync(home.at('.ao/data'))).toEqual(['ao.db']);
  expect(statSync(home.database).mode & 0o777).toBe(0o600);
  expect(statSync(home.at('.ao/data')).mode & 0o777).toBe(0o750);
  const database = openedDatabase(home);
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  database.exec(
    session('fin-1', 1).replace('(id,', '(harness, id,').replace("('fin-1'", "('cursor', 'fin-1'"),
  );
});

it('80: a refusal is an object on one stream and a sentence on the other', async () => {
  const home = homeWithOne();
  writeFileSync(home.at('.ao'), 'x');
  const outcome = await home.migrate();
  expect(JSON.parse(outcome.out)).toMatchObject({ dbCreated: false });
  expect(outcome.out.split('\n')).toHaveLength(2);
  expect(outcome.err).toMatch(/Migration refused \(DATA_DIR_INVALID\): .+\nHow to fix: /);
  const { out, err } = await home.run([]);
  expect(out).toBe('');
  expect(err).toContain('Migration refused (DATA_DIR_INVALID)');
});

describe('a dry run of what would be refused', () => {
  it('ends with 0 and a note, and with 1 for --check', async () => {
    const home = homeWithOne();
    home.makeDatabase('', 11);
    expect(await home.migrate(['--dry-run'])).toMatchObject({
      code: 0,
      projects: [1, 0, 0],
      schemaVersion: 12,
    });
    expect(await home.notes()).toContain('a real run would be refused (SCHEMA_TOO_OLD)');
    const checked = await home.migrate(['--check']);
    expect(checked).toMatchObject({ code: 1, projects: [1, 0, 0] });
    // The object has no room for the reason.
    expect(checked.err).toMatch(/Migration refused \(\w+\): .+\nHow to fix: /);
  });

  it('--check of a home that can be migrated ends with 0, and writes nothing', async () => {
    const home = homeWithOne();
    expect(await home.migrate(['--check'])).toMatchObject({ code: 0, projects: [1, 0, 0], dbCreated: true });
    expect(home.exists('.ao')).toBe(false);
  });
});

it('start and end are one line each beside the result', async () => {
  const home = homeWithOne();
  const { err } = await home.migrate();
  expect(err.split('\n').map((line) => line.replace(/^\S+Z /, ''))).toEqual([
    'cli.migration_invoked {"dryRun":false,"json":true}',
    'cli.migration_completed {"dryRun":false,"dbCreated":true,"schemaVersion":12,"projects":{"created":1,"skipped":0,"failed":0},"orchestrators":{"created":1,"skipped":0,"failed":0,"relocatedTranscripts":0}}',
    '',
  ]);
});

it('an option that is not known ends with 1, as everything that fails', async () => {
  expect(await homeWithOne().run(['--dryrun'])).toMatchObject({ code: 1, out: '' });
});

it('a person reads a summary', async () => {
  const home = homeWithOne();
  const { out } = await home.run([]);
  expect(out).toBe(
    `Migration complete.\nDB created at schema v12: ${home.database}\nProjects: 1 created, 0 skipped, 0 failed\nOrchestrators: 1 created, 0 skipped, 0 failed\nTranscripts: 0 relocated\nNotes:\n- [home] ${home.base('config.yaml')}: 1 of the projects set no permissions: the legacy tool let their agents do everything, the rewrite asks by its own default; --strict-parity writes "bypass-permissions"\n`,
  );
});
