// `runlog migrate` as a process: what it prints, what it ends with, and that a killed one is gone on with by the same command.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { makeLongRun } from './stored-runs.ts';
import { ended, Workplace } from './workplace.ts';

function place(): Workplace {
  const made = new Workplace();
  copyFileSync('test/fixtures/activegraph/forks.db', made.path('old.db'));
  return made;
}

const migrate = ['migrate', '--from', 'sqlite:///old.db', '--to', 'sqlite:///new.db'];

test('the runs of an ActiveGraph database are moved, and can be listed, shown and exported', async () => {
  const at = place();
  const { code, stdout } = await at.runlog(migrate);
  expect(code).toBe(0);
  expect(stdout).toMatch(/copied +01KJPRZBZHP2A6P0D1R4N3M887 {2}56 events {2}verified [0-9a-f]{12}/);
  expect(stdout).toContain('summary: 4 migrated, 0 there already, 0 in conflict, 0 failed; 78 events');
  expect((await at.runlog(['runs', 'sqlite:///new.db'])).stdout).toContain('[fork of fork]');
  const run = ['--run-id', '01KJPRZEY4F61CNTG533YNWQQ3'];
  expect((await at.runlog(['inspect', 'sqlite:///new.db', ...run])).code).toBe(0);
  expect(
    (await at.runlog(['export-trace', 'sqlite:///new.db', ...run, '--format', 'jsonl'])).stdout
      .trim()
      .split('\n'),
  ).toHaveLength(31);
});

test('a dry run says what would be moved, and makes no file', async () => {
  const at = place();
  const { code, stdout } = await at.runlog([...migrate, '--dry-run']);
  expect([code, stdout.includes('Nothing was written')]).toEqual([0, true]);
  expect(existsSync(at.path('new.db'))).toBe(false);
});

describe('a run that came without an event that cannot be kept', () => {
  const why = /payload/;
  const at = async (): Promise<Workplace> => {
    const made = new Workplace();
    const database = new DatabaseSync(made.path('old.db'));
    database.exec(readFileSync('test/fixtures/activegraph/broken.sql', 'utf8'));
    database.close();
    expect((await made.runlog([...migrate, '--skip-corrupted'])).code).toBe(0);
    return made;
  };

  it.each(['inspect', 'status'])('says so in %s, with what was left out and from where', async (command) => {
    const made = await at();
    const incomplete = [command, 'sqlite:///new.db', '--run-id', 'r1'];
    const { stdout } = await made.runlog(incomplete);
    expect(stdout).toMatch(/^incomplete: {7}1 left out when it was brought from sqlite:\/\/\/.*old\.db$/m);
    expect(stdout).toMatch(/^ {2}evt_002 .*payload/m);
    expect(JSON.parse((await made.runlog([...incomplete, '--json'])).stdout)).toMatchObject({
      brought_from: {
        source: expect.stringMatching(/^sqlite:\/\/\/.*old\.db$/) as unknown,
        left_out: [{ event_id: 'evt_002', why: expect.stringMatching(why) as unknown }],
      },
    });
    expect((await made.runlog([command, 'sqlite:///new.db', '--run-id', 'r2'])).stdout).not.toContain(
      'incomplete',
    );
  });

  it('is noted by doctor, and is no damage', async () => {
    const { code, stdout } = await (await at()).runlog(['doctor', 'sqlite:///new.db']);
    expect(code).toBe(0);
    expect(stdout).toContain("note  run 'r1'  (run-incomplete)");
    expect(stdout).toContain('1 left out when it was brought');
    expect(stdout).toContain('`runlog inspect sqlite:///new.db --run-id r1`');
  });
});

test('the report is JSON when that is asked for', async () => {
  const { stdout } = await place().runlog([...migrate, '--json', '--run-id', '01KJPRZDYK6X6DFR8V3DXACN0D']);
  expect(JSON.parse(stdout)).toMatchObject({
    source_format: 'ActiveGraph, layout 1 (SQLite)',
    ok: true,
    runs: [
      { run_id: '01KJPRZBZHP2A6P0D1R4N3M887', status: 'copied', ancestor_only: true, events_migrated: 26 },
      { run_id: '01KJPRZDYK6X6DFR8V3DXACN0D', status: 'copied', ancestor_only: false, events_migrated: 5 },
    ],
  });
});

test.each([
  ['migrate', ['migrate', '--from', 'sqlite:///ours.db', '--to', 'sqlite:///old.db']],
  ['archive', ['archive', 'sqlite:///ours.db', '--to', 'sqlite:///old.db', '--older-than', '1d', '--apply']],
])(
  '%s into a database of ActiveGraph advises to bring that along, and not what was to be moved',
  async (_name, args) => {
    const at = place();
    await makeLongRun(at.path('ours.db'), { count: 10, characters: 10 });
    const { code, stderr } = await at.runlog(args);
    expect(code).toBe(4);
    expect(stderr).toContain('runlog migrate --from sqlite:///old.db --to');
  },
);

describe('the exit code', () => {
  it.each([
    [
      'of a missing source is 3, and it is not made',
      3,
      ['migrate', '--from', 'sqlite:///none.db', '--to', 'sqlite:///new.db'],
    ],
    ['of a run that is not there is 3', 3, [...migrate, '--run-id', 'zzz']],
    [
      'of a source that is no database is 4',
      4,
      ['migrate', '--from', 'sqlite:///text.db', '--to', 'sqlite:///new.db'],
    ],
    [
      'of a source that another program made is 1',
      1,
      ['migrate', '--from', 'sqlite:///other.db', '--to', 'sqlite:///new.db'],
    ],
    [
      'of artifacts that are not there is 3',
      3,
      [...migrate, '--artifacts-from', 'none.db', '--artifacts-to', 'new.db'],
    ],
    ['of a bare path is 2', 2, ['migrate', '--from', 'old.db', '--to', 'sqlite:///new.db']],
    ['without a destination is 2', 2, ['migrate', '--from', 'sqlite:///old.db']],
  ] as const)('%s', async (_name, code, args) => {
    const at = place();
    writeFileSync(at.path('text.db'), 'this is no database, and long enough to be looked at '.repeat(40));
    const other = new DatabaseSync(at.path('other.db'));
    other.exec('CREATE TABLE customers (name TEXT)');
    other.close();
    const ended = await at.runlog(args);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect([existsSync(at.path('none.db')), existsSync(at.path('new.db'))]).toEqual([false, false]);
  });

  it('of a newer layout is 4, and nothing is written', async () => {
    const at = place();
    const database = new DatabaseSync(at.path('old.db'));
    database.exec("UPDATE meta SET value = '9' WHERE key = 'schema_version'");
    database.close();
    const before = readFileSync(at.path('old.db'));
    expect((await at.runlog(migrate)).code).toBe(4);
    expect([existsSync(at.path('new.db')), readFileSync(at.path('old.db')).equals(before)]).toEqual([
      false,
      true,
    ]);
  });

  it('of a conflict is 5', async () => {
    const at = place();
    await at.runlog(migrate);
    const database = new DatabaseSync(at.path('old.db'));
    database.exec(
      "UPDATE events SET actor = 'another' WHERE run_id = '01KJPRZEY4F61CNTG533YNWQQ3' AND id = 'evt_030'",
    );
    database.close();
    const { code, stdout } = await at.runlog(migrate);
    expect([code, stdout.includes('1 in conflict')]).toEqual([5, true]);
  });
});

test('one that is killed again and again is gone on with by the same command, to the same heads', async () => {
  const at = place();
  for (let delayMs = 60; delayMs < 200; delayMs += 20) {
    const child = at.start(migrate);
    const closed = new Promise((resolve) => child.once('close', resolve));
    await sleep(delayMs);
    child.kill('SIGKILL');
    await closed;
  }
  expect((await at.runlog(migrate)).code).toBe(0);
  expect((await at.runlog([...migrate.slice(0, 4), 'sqlite:///whole.db'])).code).toBe(0);
  const heads = async (name: string): Promise<unknown> => {
    const store = await openStore(`sqlite:///${at.path(name)}`, { mode: 'read' });
    const found = (await store.logs()).map(({ head }) => head);
    await store.close();
    return found;
  };
  expect(await heads('new.db')).toEqual(await heads('whole.db'));
});

test('one that is interrupted stops soon, leaves nothing by halves, and says how to go on', async () => {
  const at = new Workplace();
  await makeLongRun(at.path('long.db'), { count: 20_000, characters: 500 });
  const args = ['migrate', '--from', 'sqlite:///long.db', '--to', 'sqlite:///new.db'];
  const child = at.start(args);
  const result = ended(child);
  await expect.poll(() => existsSync(at.path('new.db-wal')), { interval: 5, timeout: 120_000 }).toBe(true);
  child.kill('SIGINT');
  const { code, stdout } = await result;
  expect(code).toBe(130);
  expect(stdout).toContain('Stopped. Nothing is there by halves; the same command goes on.');
  const store = await openStore(`sqlite:///${at.path('new.db')}`, { mode: 'read' });
  expect(await store.logs()).toEqual([]);
  await store.close();
  expect((await at.runlog(args)).stdout).toContain('1 migrated');
});
