// `runlog backup` as a process: what it prints, what it ends with, and what it does with bad input.
import { existsSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { makeReadmeRun } from './stored-runs.ts';
import { Workplace } from './workplace.ts';

const place = new Workplace();

beforeAll(() => makeReadmeRun(place.path('runs.db')));
afterAll(() => place.remove());

test('a backup says what it is and that it is whole, and can be read', async () => {
  const { code, stdout } = await place.runlog(['backup', 'sqlite:///runs.db', 'monday.db']);
  expect([code, stdout]).toEqual([
    0,
    'backed up to monday.db: everything, as it was at one moment\nmonday.db: whole; 1 run, 16 events looked at\n',
  ]);
  expect((await place.runlog(['inspect', 'sqlite:///monday.db'])).code).toBe(0);
});

test('the report is JSON when that is asked for', async () => {
  const { stdout } = await place.runlog(['backup', 'sqlite:///runs.db', 'tuesday.db', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    file: 'tuesday.db',
    kind: 'file',
    health: { state: 'whole', runs: 1 },
  });
});

test('a damaged store is backed up, and ends with 4', async () => {
  await makeReadmeRun(place.path('damaged.db'));
  const database = new DatabaseSync(place.path('damaged.db'));
  database.exec("UPDATE events SET actor = 'x' WHERE seq = 3");
  database.close();
  const { code, stdout } = await place.runlog(['backup', 'sqlite:///damaged.db', 'kept.db']);
  expect([code, existsSync(place.path('kept.db'))]).toEqual([4, true]);
  expect(stdout).toContain(
    '`runlog export-trace sqlite:///kept.db --run-id run_x --format jsonl --until-damage ',
  );
});

test('the commands that a backup recommends name the file, whatever stands in its name', async () => {
  const { stdout } = await place.runlog(['backup', 'sqlite:///damaged.db', 'kept?%41.db']);
  expect(stdout).toContain('`runlog export-trace sqlite:///kept%3F%2541.db --run-id run_x ');
  expect(await place.runlog(['runs', 'sqlite:///kept%3F%2541.db'])).toMatchObject({ code: 0 });
});

describe('bad input', () => {
  it.each([
    ['a store that is not there', 3, ['backup', 'sqlite:///none.db', 'new.db']],
    ['a bare path', 2, ['backup', 'runs.db', 'new.db']],
    ['no file', 2, ['backup', 'sqlite:///runs.db']],
    ['an empty file name', 2, ['backup', 'sqlite:///runs.db', '']],
    ['a URL for the file', 2, ['backup', 'sqlite:///runs.db', 'sqlite:///new.db']],
    ['a file that is there', 1, ['backup', 'sqlite:///runs.db', 'there.txt']],
    ['the store itself', 1, ['backup', 'sqlite:///runs.db', 'runs.db']],
    ['a folder', 1, ['backup', 'sqlite:///runs.db', '.']],
    ['a folder that is not there', 1, ['backup', 'sqlite:///runs.db', 'none/new.db']],
    ['a file that is no database', 4, ['backup', 'sqlite:///text.db', 'new.db']],
  ] as const)('%s ends with %i, and nothing is made', async (_what, code, args) => {
    writeFileSync(place.path('there.txt'), 'mine');
    writeFileSync(place.path('text.db'), 'this is no database, and long enough to be looked at '.repeat(40));
    const before = place.fingerprint();
    const ended = await place.runlog(args);
    expect(ended.code, ended.stderr).toBe(code);
    expect(ended.stderr).not.toMatch(/^\s+at .+:\d+/m);
    expect(place.fingerprint()).toEqual(before);
  });
});
