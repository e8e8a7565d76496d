// What the command line refuses: each with its exit code, a sentence, no stack trace, and nothing changed on disk.
import { mkdirSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeReadmeRun } from './stored-runs.ts';
import { type Ended, Workplace, workplace } from './workplace.ts';

const place = new Workplace();
const url = 'sqlite:///runs.db';

function changeFile(name: string, sql: string): void {
  const database = new DatabaseSync(place.path(name));
  database.exec(sql);
  database.close();
}

beforeAll(async () => {
  for (const name of ['runs', 'cut', 'changed', 'newer', 'lost', 'dropped', 'circle'])
    await makeReadmeRun(place.path(`${name}.db`));
  changeFile('cut.db', 'UPDATE events SET payload = substr(payload, 1, 5) WHERE seq = 3');
  changeFile('changed.db', `UPDATE events SET payload = '{"goal":"another"}' WHERE seq = 1`);
  changeFile('newer.db', "UPDATE meta SET value = '9' WHERE name = 'schema_version'");
  changeFile('lost.db', 'DELETE FROM events WHERE seq = 7');
  changeFile('dropped.db', 'DROP TABLE events');
  changeFile('circle.db', 'UPDATE logs SET parent = id');
  changeFile('other.db', 'CREATE TABLE customers (name TEXT)');
  writeFileSync(place.path('text.db'), 'this is no database, and long enough to be looked at '.repeat(40));
  mkdirSync(place.path('folder.db'));
});
afterAll(() => place.remove());

const usage: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['a bare path', ['inspect', 'runs.db'], /Write it as sqlite:\/\/\/runs\.db\./],
  ['a scheme that is not known', ['inspect', 'mysql://host/db'], /unsupported store URL scheme 'mysql'/],
  ['an option of the URL that is not known', ['runs', `${url}?mode=rw`], /unknown option 'mode=rw'/],
  ['two selectors', ['inspect', url, '--event', 'evt_001', '--behaviors'], /are mutually exclusive\./],
  ['one event, verified', ['inspect', url, '--event', 'evt_001', '--verify'], /are mutually exclusive\./],
  [
    'three selectors',
    ['inspect', url, '--event', 'e', '--behaviors', '--pack-version'],
    /are mutually exclusive\./,
  ],
  ['a tail that is no number', ['inspect', url, '--tail', 'x'], /a whole number from 0 to 10000/],
  ['a negative tail', ['inspect', url, '--tail', '-5'], /a whole number from 0 to 10000/],
  ['a tail with a fraction', ['inspect', url, '--tail', '1.5'], /a whole number from 0 to 10000/],
  ['a huge tail', ['inspect', url, '--tail', '99999999999999999999'], /a whole number from 0 to 10000/],
  ['an option that is not known', ['inspect', url, '--tial', '5'], /Did you mean --tail\?/],
  ['a command that is not known', ['inspct', url], /Did you mean inspect\?/],
  ['a URL that is missing', ['inspect'], /missing required argument 'url'/],
  ['an argument too many', ['inspect', url, 'more'], /too many arguments/],
  ['an empty run id', ['inspect', url, '--run-id', ''], /--run-id <run>.* is invalid/],
  [
    'a format that is not known',
    ['export-trace', url, '--format', 'xml'],
    /Allowed choices are text, jsonl, events/,
  ],
  [
    'an approval without a name',
    ['approve', url, 'approval_001'],
    /required option '--by <name>' not specified/,
  ],
  ['a denial with an empty name', ['deny', url, 'approval_001', '--by', ' '], /--by <name>.* is invalid/],
  ['an option before the command', ['--nope', 'inspect', url], /unknown option '--nope'/],
];

const others: readonly (readonly [string, number, readonly string[], RegExp])[] = [
  ['a run that is not there', 3, ['inspect', url, '--run-id', 'nope'], /^error: run 'nope' not found/],
  [
    'an event that is not there',
    3,
    ['inspect', url, '--event', 'evt_999'],
    /event 'evt_999' not found in run 'run_x'/,
  ],
  ['a file that is not there', 3, ['inspect', 'sqlite:///none.db'], /no store at 'none\.db'/],
  ['a folder that is not there', 3, ['runs', 'sqlite:///no/none.db'], /The directory 'no' does not exist/],
  ['an approval that is not there', 3, ['approve', url, '7', '--by', 'jane'], /approval '7' is not pending/],
  ['a store without runs', 3, ['inspect', 'memory:'], /the store has no runs/],
  [
    'a payload that was cut off',
    4,
    ['inspect', 'sqlite:///cut.db'],
    /payload of event 'evt_003' in run 'run_x'/,
  ],
  ['the trace of such a payload', 4, ['export-trace', 'sqlite:///cut.db'], /payload of event 'evt_003'/],
  [
    'a decision on such a run',
    4,
    ['approve', 'sqlite:///cut.db', '1', '--by', 'jane'],
    /payload of event 'evt_003'/,
  ],
  [
    'a payload that was changed',
    4,
    ['inspect', 'sqlite:///changed.db', '--verify'],
    /run 'run_x' is damaged at place 1/,
  ],
  [
    'an event that was removed',
    4,
    ['inspect', 'sqlite:///lost.db', '--verify'],
    /run 'run_x' is damaged at place 7/,
  ],
  ['a table that was dropped', 4, ['inspect', 'sqlite:///dropped.db'], /lacks the table 'events'/],
  ['the trace of a changed payload', 4, ['export-trace', 'sqlite:///changed.db'], /is damaged at place 1/],
  [
    'a decision on a run that is its own parent',
    4,
    ['approve', 'sqlite:///circle.db', '1', '--by', 'jane'],
    /The row of run 'run_x' cannot be read/,
  ],
  [
    'a store of another schema',
    4,
    ['inspect', 'sqlite:///newer.db'],
    /has schema version 9, expected (\d+)[^]*runlog \d+\.\d+\.\d+ reads and writes \1\./,
  ],
  ['a file that is no database', 4, ['inspect', 'sqlite:///text.db'], /'text\.db' is not a runlog store/],
  [
    'a database of something else',
    1,
    ['inspect', 'sqlite:///other.db'],
    /of another program \(tables: customers\)/,
  ],
  ['a folder', 1, ['inspect', 'sqlite:///folder.db'], /The path names a directory/],
];

const all = [...usage.map(([name, args, text]) => [name, 2, args, text] as const), ...others];

async function refused(args: readonly string[]): Promise<Ended> {
  const before = place.fingerprint();
  const result = await place.runlog(args);
  expect(place.fingerprint()).toEqual(before);
  return result;
}

describe('as text', () => {
  test.each(all)('%s: exit code %i', async (_name, code, args, text) => {
    const result = await refused(args);
    expect(result.code).toBe(code);
    if (args[0] !== 'export-trace') expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(text);
    expect(result.stderr).toMatch(/^error: .+\n\nWhat failed:\n {2}.+\n\nWhy:\n {2}.+\n\nHow to fix:\n {2}/);
    expect(result.stderr).not.toMatch(/^\s+at .+:\d+/m);
  });
});

const errorShape = z.strictObject({
  error: z.strictObject({
    name: z.string(),
    code: z.string().regex(/^[a-z-]+$/),
    summary: z.string().min(1),
    what_failed: z.string().min(1),
    why: z.string().min(1),
    how_to_fix: z.string().min(1),
    doc_url: z.url(),
    context: z.record(z.string(), z.unknown()),
  }),
});

/** `export-trace` prints no JSON of its own, and so has no such option. */
const withJson = all.filter(([, , args]) => args[0] !== 'export-trace');

describe('as JSON', () => {
  test.each(withJson)('%s: exit code %i', async (_name, code, args) => {
    const result = await refused([...args, '--json']);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(() => errorShape.parse(JSON.parse(result.stderr))).not.toThrow();
  });
});

describe('the commands that a refusal recommends', () => {
  test('name the store and the run that were meant', async () => {
    const { stderr } = await refused(['inspect', url, '--run-id', 'run_x', '--event', 'evt_999']);
    expect(stderr).toContain('`runlog inspect sqlite:///runs.db --run-id run_x --tail 100`');
  });

  test('make the store that is not there', async () => {
    const away = workplace();
    const { code, stderr } = await away.runlog(['inspect', 'sqlite:///none.db']);
    expect(code).toBe(3);
    const [, words = ''] = /A new store is made by `runlog ([^`]+)`/.exec(stderr) ?? [];
    expect(words).toBe('quickstart --store sqlite:///none.db');
    expect(await away.runlog(words.split(' '))).toMatchObject({ code: 0 });
    expect(await away.runlog(['inspect', 'sqlite:///none.db'])).toMatchObject({ code: 0 });
  });

  test('make a store in a database that is empty', async () => {
    const away = workplace();
    writeFileSync(away.path('empty.db'), '');
    const { stderr } = await away.runlog(['inspect', 'sqlite:///empty.db']);
    expect(stderr).toContain('A new store is made by `runlog quickstart --store sqlite:///empty.db`');
  });

  test('are spelled as the program was called', async () => {
    const { stderr } = await place.runlog(['runs'], { env: { RUNLOG_COMMAND: 'npx runlog' } });
    expect(stderr).toContain('`npx runlog runs --help`');
  });
});

describe('the trace of a damaged run', () => {
  test('is written up to the damage', async () => {
    const { stdout } = await refused(['export-trace', 'sqlite:///cut.db', '--format', 'jsonl']);
    expect(stdout.split('\n').map((text) => /^\{"id":"(\w+)"/.exec(text)?.[1])).toEqual([
      undefined,
      'evt_001',
      'evt_002',
      undefined,
    ]);
  });

  test('is not put into a file', async () => {
    expect((await refused(['export-trace', 'sqlite:///cut.db', '-o', 'cut.txt'])).code).toBe(4);
  });
});

test('the quickstart in a folder that cannot be written names another place', async () => {
  const { code, stderr } = await workplace().asReader(['quickstart']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: '\S+\.runlog' could not be written \(EACCES\)\n/);
  expect(stderr).toContain('`runlog quickstart --store sqlite:////tmp/quickstart.db`');
});
