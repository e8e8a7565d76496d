// Edge cases 1 to 12 of the specification: whole homes, and what the registry says. Each test begins with its number.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { fixtureHome, fingerprint, legacyHome, orchestrator } from './legacy-home.ts';

const typicalJson =
  '{"dbCreated":true,"schemaVersion":12,"projects":{"created":7,"skipped":0,"failed":0},"orchestrators":{"created":4,"skipped":2,"failed":0,"relocatedTranscripts":1}}\n';

it('1: a typical home arrives as a whole, and none of its files is changed', async () => {
  const home = fixtureHome('home-typical');
  const before = fingerprint(home);
  const { code, out } = await home.migrate();
  expect({ code, out }).toEqual({ code: 0, out: typicalJson });
  expect(home.rows('projects')).toHaveLength(7);
  expect(
    home.orchestrators.map(({ id, harness, activity_state: state, num }) => [id, harness, state, num]),
  ).toEqual([
    ['har-orchestrator', 'codex', 'idle', 0],
    ['la-orchestrator', 'claude-code', 'active', 0],
    ['mrs-orchestrator', 'claude-code', 'idle', 0],
    ['tw-orchestrator', 'opencode', 'waiting_input', 0],
  ]);
  expect(home.exists(home.target('lumen-api_1a2b3c4d5e', 'la-orchestrator'))).toBe(true);
  expect(home.rows('change_log').map((row) => row['event_type'])).toEqual(Array(4).fill('session_created'));
  expect(fingerprint(home)).toBe(before);
});

it('2: a second run finds everything there, and writes nothing', async () => {
  const home = fixtureHome('home-typical');
  await home.migrate();
  const before = fingerprint(home, []);
  const second = await home.migrate();
  expect(second).toMatchObject({
    code: 0,
    projects: [0, 7, 0],
    orchestrators: [0, 6, 0],
    relocated: 0,
    dbCreated: false,
    schemaVersion: 12,
  });
  expect(home.rows('change_log')).toHaveLength(4);
  expect(fingerprint(home, [])).toBe(before);
});

it('3: a dry run says what a run would do, and makes no file', async () => {
  const home = fixtureHome('home-typical');
  const before = fingerprint(home, []);
  const { code, out } = await home.migrate(['--dry-run']);
  expect({ code, out }).toEqual({ code: 0, out: typicalJson });
  expect(fingerprint(home, [])).toBe(before);
});

it('what was told of rows that are there is not told again', async () => {
  const home = fixtureHome('home-typical');
  const notesOf = (out: string): readonly string[] => (out.split('Notes:\n')[1] ?? '').trimEnd().split('\n');
  const first = notesOf((await home.run([])).out);
  expect(first.filter((note) => note.includes('dropped'))).not.toEqual([]);
  const second = notesOf((await home.run([])).out);
  const isAgain = (note: string): boolean =>
    first.includes(note) && !/skipped|terminal|migratable/.test(note);
  expect(second.filter(isAgain)).toEqual([]);
  expect(second.filter((note) => note.includes('in the database already'))).toHaveLength(11);
});

it('4: a dry run after a run says that nothing is left, and changes no byte', async () => {
  const home = fixtureHome('home-typical');
  await home.migrate();
  const before = fingerprint(home, []);
  expect(await home.migrate(['--dry-run'])).toMatchObject({
    code: 0,
    projects: [0, 7, 0],
    orchestrators: [0, 6, 0],
    relocated: 0,
    schemaVersion: 12,
  });
  expect(fingerprint(home, [])).toBe(before);
});

const nothing = {
  code: 0,
  out: '{"dbCreated":false,"schemaVersion":0,"projects":{"created":0,"skipped":0,"failed":0},"orchestrators":{"created":0,"skipped":0,"failed":0,"relocatedTranscripts":0}}\n',
};

it('5: without a registry there is nothing to migrate, and no database is made', async () => {
  const home = legacyHome();
  expect(await home.migrate()).toMatchObject(nothing);
  expect(await home.notes()).toContain('nothing to migrate');
  expect(home.exists('.ao')).toBe(false);
  expect(home.exists('.agent-orchestrator')).toBe(false);
});

it('6: a registry without projects makes no database', async () => {
  const home = legacyHome();
  home.registry({});
  expect(await home.migrate()).toMatchObject(nothing);
  expect(home.exists('.ao')).toBe(false);
});

it('7: an empty registry is as none', async () => {
  const home = legacyHome();
  home.write(home.base('config.yaml'), '');
  expect(await home.migrate()).toMatchObject(nothing);
});

it('8: a registry that is no YAML is told in one line with its place', async () => {
  const home = legacyHome();
  home.write(home.base('config.yaml'), 'projects:\n  a: {path: /a\n  b: [\n');
  const { code, out, err } = await home.run([]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/error: .*config\.yaml cannot be read: line \d+, column \d+: /);
  expect((await home.migrate()).out).toBe('');
});

it('9: an id that the rewrite refuses is skipped with a note, and the others go on', async () => {
  const home = legacyHome();
  home.registry({ 'bad id': {}, 'a.b': {}, _under: {} });
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [1, 2, 0] });
  expect(home.rows('projects').map(({ id }) => id)).toEqual(['a.b']);
  expect(await home.notes()).toContain('[project] bad id: skipped: the rewrite takes no such id');
});

it('11: an entry without a path is skipped with a note', async () => {
  const home = legacyHome();
  home.registry({ a: {}, b: { path: null }, c: { path: '  ' }, d: 5 });
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [1, 3, 0] });
  const notes = await home.notes();
  for (const id of ['b', 'c']) expect(notes).toContain(`[project] ${id}: skipped: it has no path`);
  expect(notes).toContain('[project] d: skipped: its entry is no mapping');
});

it('12: of two projects with one prefix both arrive, and the second orchestrator is skipped with a note', async () => {
  const home = legacyHome();
  home.registry({ one: { sessionPrefix: 'x' }, two: { sessionPrefix: 'x' } });
  home.session('one', 'x-orchestrator', orchestrator());
  home.session('two', 'x-orchestrator', orchestrator());
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [2, 0, 0], orchestrators: [1, 1, 0] });
  expect(home.orchestrator).toMatchObject({ id: 'x-orchestrator', project_id: 'one' });
  expect(await home.notes()).toContain(
    '[orchestrator] x-orchestrator: skipped in two: one has a session of that name',
  );
});

it('66: a Node whose SQLite is switched off refuses with the object, and makes no file', async () => {
  const home = fixtureHome('home-typical');
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('bin/ao-migrate.js'), '--json'], {
    env: { PATH: process.env['PATH'], HOME: home.path, NODE_OPTIONS: '--no-experimental-sqlite' },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stdout).toBe(
    '{"dbCreated":false,"schemaVersion":0,"projects":{"created":0,"skipped":0,"failed":0},"orchestrators":{"created":0,"skipped":2,"failed":0,"relocatedTranscripts":0}}\n',
  );
  expect(stderr).toContain('Migration refused (BETTER_SQLITE3_UNAVAILABLE)');
  expect(home.exists('.ao')).toBe(false);
});
