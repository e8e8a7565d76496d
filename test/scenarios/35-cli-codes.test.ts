/** Scenario 35: the exit codes of the command, and that a refused command leaves the store as it was. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { makeReadmeRun } from '../e2e/cli/stored-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'runlog-codes-'));
const file = join(folder, 'runs.db');
const url = `sqlite:///${file}`;
const damaged = `sqlite:///${join(folder, 'damaged.db')}`;

/** Carries a command line out in this process. */
async function ended(
  args: readonly string[],
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main(args, {
    out: async (text) => void out.push(text),
    err: async (text) => void err.push(text),
    isTty: false,
    columns: null,
    env: {},
  });
  return { code, out: out.join(''), err: err.join('') };
}

beforeAll(async () => {
  await makeReadmeRun(file);
  await makeReadmeRun(join(folder, 'damaged.db'));
  const database = new DatabaseSync(join(folder, 'damaged.db'));
  database.exec('UPDATE events SET payload = substr(payload, 1, 5) WHERE seq = 3');
  database.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const refusals: readonly (readonly [string, number, readonly string[], RegExp])[] = [
  ['inspect of a bare path', 2, ['inspect', 'runs.db'], /Write it as sqlite:\/\/\/runs\.db/],
  [
    'inspect in a folder that is not there',
    3,
    ['inspect', `sqlite:///${folder}/no/runs.db`],
    /does not exist/,
  ],
  [
    'inspect of an event that is not there',
    3,
    ['inspect', url, '--event', 'evt_999'],
    /event 'evt_999' not found/,
  ],
  [
    'inspect with two selectors',
    2,
    ['inspect', url, '--event', 'evt_001', '--behaviors'],
    /mutually exclusive/,
  ],
  [
    'fork with a label that is too long',
    2,
    ['fork', url, '--run-id', 'demo', '--at-event', 'evt_001', '--label', 'x'.repeat(1025)],
    /more than 1024 characters/,
  ],
  [
    'approve by a name that is too long',
    2,
    ['approve', url, '1', '--by', 'x'.repeat(257)],
    /more than 256 characters/,
  ],
  ['replay without a run', 2, ['replay', url], /--run-id/],
  ['replay of a run that is not there', 3, ['replay', url, '--run-id', 'nope'], /run 'nope' not found/],
  [
    'fork at an event that is not there',
    3,
    ['fork', url, '--run-id', 'run_x', '--at-event', 'evt_999'],
    /'evt_999'/,
  ],
  [
    'fork to another store',
    2,
    ['fork', url, '--run-id', 'run_x', '--at-event', 'evt_001', '--to', 'memory:'],
    /--to/,
  ],
  ['migrate from what is no URL', 2, ['migrate', '--from', 'runs.db', '--to', url], /runs\.db/],
  ['a command that there is not', 2, ['bogus'], /bogus/],
];

test.each(refusals)('%s ends with %i', async (_what, expected, args, said) => {
  const before = createHash('sha256').update(readFileSync(file)).digest('hex');
  const { code, out, err } = await ended(args);
  expect({ code, out }, err).toEqual({ code: expected, out: '' });
  expect(err).toMatch(said);
  expect(err).not.toMatch(/^\s+at /m);
  expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(before);
  expect(existsSync(join(folder, 'no'))).toBe(false);
});

test('migrate of a run that cannot be brought along ends with 1, and says which', async () => {
  const { code, out } = await ended([
    'migrate',
    '--from',
    damaged,
    '--to',
    `sqlite:///${join(folder, 'to.db')}`,
  ]);
  expect(code, out).toBe(1);
  expect(out).toContain('0 migrated, 0 there already, 0 in conflict, 1 failed');
});

test('what is right ends with 0', async () => {
  for (const args of [['inspect', url], ['replay', url, '--run-id', 'run_x'], ['--version']])
    expect((await ended(args)).code).toBe(0);
});

test('a replay of a mistyped run makes no run', async () => {
  await ended(['replay', url, '--run-id', 'nope']);
  const { out } = await ended(['runs', url, '--json']);
  expect(out).toContain('run_x');
  expect(out).not.toContain('nope');
});
