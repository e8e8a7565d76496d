// `runlog doctor` as a process: what it prints, what it ends with, and what it does with bad input.
import { copyFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { makeReadmeRun } from './stored-runs.ts';
import { Workplace, workplace } from './workplace.ts';

const place = new Workplace();

function changed(name: string, sql: string): string {
  copyFileSync(place.path('runs.db'), place.path(name));
  const database = new DatabaseSync(place.path(name));
  database.exec(sql);
  database.close();
  return `sqlite:///${name}`;
}

beforeAll(async () => {
  await makeReadmeRun(place.path('runs.db'));
  const database = new DatabaseSync(place.path('runs.db'));
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
});
afterAll(() => place.remove());

test('a whole store ends with 0 and one line', async () => {
  const { code, stdout } = await place.runlog(['doctor', 'sqlite:///runs.db']);
  expect([code, stdout]).toEqual([0, 'runs.db: whole; 1 run, 16 events looked at\n']);
});

test('damage ends with 4, and says what, where, what it means and what to do', async () => {
  const url = changed('damaged.db', "UPDATE events SET actor = 'x' WHERE seq = 3");
  const { code, stdout, stderr } = await place.runlog(['doctor', url]);
  expect([code, stderr]).toEqual([4, '']);
  expect(stdout).toMatch(
    /^damaged {2}run 'run_x', place 3 {2}\(event-changed\)\n {2}what .+\n {2}means .+\n {2}do .+\n/,
  );
  expect(stdout).toContain(
    '`runlog export-trace sqlite:///damaged.db --run-id run_x --format jsonl --until-damage',
  );
  expect(stdout).toContain('damaged.db: history damaged in 1 place, 0 to repair; 1 run, 16 events looked at');
  expect((await place.runlog(['doctor', url, '--repair'])).code).toBe(4);
});

test.each([
  ['an event', "UPDATE events SET actor = 'x' WHERE seq = 3"],
  ['a payload', "UPDATE events SET payload = 'no json' WHERE seq = 3"],
])(
  'what stands before %s that was changed is brought out by the commands that doctor prints',
  async (_what, sql) => {
    const own = workplace();
    copyFileSync(place.path(changed('before.db', sql).slice(10)), own.path('before.db'));
    const { stdout } = await own.runlog(['doctor', 'sqlite:///before.db']);
    const [taken, imported] = Array.from(stdout.matchAll(/`runlog ([^`]+)`/g), ([, words = '']) =>
      words.split(' '),
    );
    expect(await own.runlog(taken ?? [])).toMatchObject({ code: 0 });
    expect(await own.runlog(imported ?? [])).toMatchObject({ code: 0 });
    const saved = await own.runlog(['inspect', 'sqlite:///salvaged.db', '--verify', '--json']);
    expect(JSON.parse(saved.stdout)).toMatchObject({ events_processed: 2 });
  },
);

test('an error that refuses damage names the command that brings out what stands before it', async () => {
  const own = workplace();
  const url = changed('load.db', "UPDATE events SET payload = 'no json' WHERE seq = 3");
  copyFileSync(place.path('load.db'), own.path('load.db'));
  const { stderr } = await own.runlog(['inspect', url]);
  const [words = ''] = Array.from(
    stderr.matchAll(/`runlog (export-trace [^`]+)`/g),
    ([, found = '']) => found,
  );
  expect(await own.runlog(words.split(' '))).toMatchObject({ code: 0 });
});

test('the commands that damage recommends work as they are typed', async () => {
  const url = changed('again.db', "UPDATE events SET actor = 'x' WHERE seq = 3");
  const { stdout } = await place.runlog(['doctor', url]);
  const commands = Array.from(stdout.matchAll(/`runlog ([^`]+)`/g), ([, words = '']) => words.split(' '));
  expect(commands).toHaveLength(4);
  for (const words of commands) expect((await place.runlog(words)).code).not.toBe(2);
});

describe('an event that was changed and can still be read', () => {
  const forked = (url: string, id: string) =>
    place.runlog(['fork', url, '--run-id', 'run_x', '--at-event', 'evt_016', '--id', id]);
  const url = 'sqlite:///changed.db';

  beforeAll(async () => {
    changed('changed.db', "UPDATE events SET actor = 'x' WHERE seq = 3");
    await forked(url, 'fork');
  });

  it.each([
    ['inspect --verify', 4, ['inspect', url, '--run-id', 'run_x', '--verify']],
    ['replay', 4, ['replay', url, '--run-id', 'run_x']],
    ['doctor', 4, ['doctor', url]],
    ['export-trace', 4, ['export-trace', url, '--run-id', 'run_x']],
    ['migrate, of each run by itself,', 1, ['migrate', '--from', url, '--to', 'sqlite:///moved.db']],
    ['promote', 4, ['promote', url, '--run-id', 'fork', '--dry-run']],
  ])('is refused by %s with %i: it proves the chain', async (_command, code, args) => {
    const ended = await place.runlog(args);
    expect(ended).toMatchObject({ code });
    expect(ended.stdout + ended.stderr).toContain('tored hash does not belong to');
  });

  it.each([
    ['inspect', () => place.runlog(['inspect', url, '--run-id', 'run_x'])],
    ['fork', () => forked(url, 'another')],
    ['diff', () => place.runlog(['diff', url, '--run-a', 'run_x', '--run-b', 'fork'])],
  ])('is read by %s, which proves nothing', async (_command, read) => {
    expect(await read()).toMatchObject({ code: 0 });
  });
});

test('what follows from history ends with 1, is put right by --repair, and is whole then', async () => {
  const url = changed('behind.db', 'UPDATE logs SET seq = 10; UPDATE events SET is_head = NULL');
  expect((await place.runlog(['doctor', url])).code).toBe(1);
  const repaired = await place.runlog(['doctor', url, '--repair', '--json']);
  expect(repaired.code).toBe(0);
  expect(JSON.parse(repaired.stdout)).toMatchObject({
    state: 'whole',
    runs: 1,
    events: 16,
    counts: { damage: 0, derived: 0 },
    findings: [],
    repaired: [{ code: 'head-behind', severity: 'derived', run_id: 'run_x', seq: 10 }],
  });
  expect((await place.runlog(['doctor', url])).code).toBe(0);
  expect((await place.runlog(['inspect', url])).code).toBe(0);
});

describe('bad input', () => {
  it.each([
    ['a store that is not there', 3, ['doctor', 'sqlite:///none.db']],
    ['a bare path', 2, ['doctor', 'runs.db']],
    ['no store', 2, ['doctor']],
    ['two stores', 2, ['doctor', 'sqlite:///runs.db', 'sqlite:///runs.db']],
    ['an option that is not known', 2, ['doctor', 'sqlite:///runs.db', '--fix']],
    ['a file that is no database', 4, ['doctor', 'sqlite:///text.db']],
    ['a store whose events are gone', 4, ['doctor', 'sqlite:///dropped.db']],
    ['a newer layout', 4, ['doctor', 'sqlite:///newer.db', '--repair']],
    ['a server that is not there', 1, ['doctor', 'postgres://127.0.0.1:1/none']],
  ] as const)('%s ends with %i', async (_what, code, args) => {
    writeFileSync(place.path('text.db'), 'this is no database, and long enough to be looked at '.repeat(40));
    changed('dropped.db', 'DROP TABLE events');
    changed('newer.db', "UPDATE meta SET value = '9' WHERE name = 'schema_version'");
    const before = place.fingerprint();
    const ended = await place.runlog(args);
    expect(ended.code, ended.stderr).toBe(code);
    expect(ended.stderr).not.toMatch(/^\s+at .+:\d+/m);
    expect(place.fingerprint()).toEqual(before);
  });
});
