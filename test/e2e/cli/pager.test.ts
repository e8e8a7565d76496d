// Long output at a terminal goes through the pager of the environment; programs get it as it is.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { beforeAll, expect, test } from 'vitest';
import { makeReadmeRun } from './stored-runs.ts';
import { Workplace, workplace } from './workplace.ts';

const place = new Workplace();
beforeAll(async () => {
  await makeReadmeRun(place.path('runs.db'));
  return () => place.remove();
});

/** What stands on the screen of a real terminal afterwards, line by line. */
function onTerminal(args: string, pager: string, term = 'xterm'): readonly string[] {
  const command = `"${process.execPath}" "${resolve('bin/runlog.js')}" ${args}`;
  const env = { PATH: process.env['PATH'], TERM: term, NO_COLOR: '1', PAGER: pager };
  const screen = execFileSync('script', ['-qec', command, '/dev/null'], {
    cwd: place.folder,
    env,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return screen.split(/\r*\n/).filter((text) => text !== '');
}

const marking = 'sed -u s/^/paged:/';

test('a list at a terminal is shown by the pager', () => {
  const lines = onTerminal('runs sqlite:///runs.db', marking);
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.every((text) => text.startsWith('paged:'))).toBe(true);
});

test.each(['', 'cat', 'no-such-pager'])('with PAGER=%j it is shown as it is', (pager) => {
  expect(onTerminal('runs sqlite:///runs.db', pager)[1]).toMatch(/^run_x /);
});

test('a pager may have quotes, spaces in its path, and words of several pieces, as a shell has them', () => {
  writeFileSync(place.path('my pager.sh'), '#!/bin/sh\nsed "s/^/$1/"\n', { mode: 0o755 });
  for (const pager of [
    `"./my pager.sh" 'paged: '`,
    String.raw`./my\ pager.sh "paged: "`,
    `./'my pager'.sh paged:\\ `,
  ])
    expect(onTerminal('runs sqlite:///runs.db', pager)[1]).toMatch(/^paged: run_x /);
});

test.each(['false', 'sh -c "exit 3"', 'sed --no-such-option', 'sh no-such-script', '"never closed'])(
  'where the pager %j fails, the output is shown as it is',
  (pager) => {
    const lines = onTerminal('runs sqlite:///runs.db; echo code $?', pager);
    expect(lines.filter((text) => text.startsWith('run_x '))).toHaveLength(1);
    expect(lines.at(-1)).toBe('code 0');
  },
);

test('a pager that ends well at once has read what it wanted', () => {
  expect(onTerminal('runs sqlite:///runs.db; echo code $?', 'true')).toEqual(['code 0']);
});

test('on a terminal that cannot move its cursor it is shown as it is', () => {
  expect(onTerminal('runs sqlite:///runs.db', marking, 'dumb')[1]).toMatch(/^run_x /);
});

test('an interrupt while the pager is open is for the pager', () => {
  writeFileSync(place.path('interrupting.sh'), 'kill -INT $PPID\nsleep 0.1\ncat\n');
  const lines = onTerminal('runs sqlite:///runs.db; echo code $?', 'sh interrupting.sh');
  expect(lines[1]).toMatch(/^run_x /);
  expect(lines.at(-1)).toBe('code 0');
});

test('a mistake is told without the pager', () => {
  const command = 'runs sqlite:///none.db || true';
  expect(onTerminal(command, marking)[0]).toMatch(/^error: no store at 'none.db'/);
});

test('a pager that is left early ends the command as if all had been read', () => {
  expect(onTerminal('inspect sqlite:///runs.db --tail 16 && echo left', 'head -n 1').slice(0, 2)).toEqual([
    expect.stringMatching(/^run_id: +run_x/),
    'left',
  ]);
});

test('a program that reads the output gets no pager', async () => {
  const own = workplace();
  await makeReadmeRun(own.path('runs.db'));
  const { stdout } = await own.runlog(['runs', 'sqlite:///runs.db'], {
    env: { PAGER: marking, TERM: 'xterm' },
  });
  expect(stdout).not.toContain('paged:');
});
