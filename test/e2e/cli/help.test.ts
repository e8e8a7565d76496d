// Help, version and the manners of the command: colour, and a stack only for those who ask.
import { describe, expect, test } from 'vitest';
import { version } from 'runlog';
import { workplace } from './workplace.ts';

const commands = [
  'runs',
  'status',
  'session',
  'sessions',
  'usage',
  'inspect',
  'export-trace',
  'diff',
  'promote',
  'approvals',
  'approve',
  'deny',
];

describe('help', () => {
  test('lists the commands', async () => {
    const { code, stdout, stderr } = await workplace().runlog(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of commands) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  test.each(commands)('of %s has examples', async (name) => {
    const { code, stdout } = await workplace().runlog([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`\\nExamples:\\n  runlog ${name} sqlite:///`));
  });

  test('is the same when it is asked for with a word', async () => {
    const place = workplace();
    expect(await place.runlog(['help', 'inspect'])).toEqual(await place.runlog(['inspect', '--help']));
  });

  test('answers a command line without a command, as a mistake', async () => {
    const { code, stdout, stderr } = await workplace().runlog([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: runlog /);
  });
});

test.each(['--version', '-V'])('%s prints the version', async (option) => {
  expect(await workplace().runlog([option])).toMatchObject({ code: 0, stdout: `runlog ${version}\n` });
});

test('output that is not a terminal has no colour', async () => {
  const { stderr } = await workplace().runlog(['runs', 'sqlite:///none.db']);
  expect(stderr).not.toMatch(/\p{Cc}\[/u);
});

test('a disk that is full is told in a sentence', async () => {
  const place = workplace();
  const { code, stderr } = await place.runlog(['--help'], { stdoutTo: '/dev/full' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: 'standard output' could not be written \(ENOSPC\)\n/);
});
