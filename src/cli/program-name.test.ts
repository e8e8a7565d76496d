/** Proves that the program is called in printed commands as it can be called again. */
import { expect, test } from 'vitest';
import { programName } from './program-name.ts';

test.each([
  ['by npx', { npm_command: 'exec' }, '/home/me/.npm/_npx/1f/node_modules/.bin/runlog', 'npx runlog'],
  ['out of node_modules', {}, '/home/me/app/node_modules/.bin/runlog', 'npx runlog'],
  ['out of node_modules on Windows', {}, 'C:\\app\\node_modules\\.bin\\runlog', 'npx runlog'],
  ['where it is installed for all', {}, '/usr/local/bin/runlog', 'runlog'],
  [
    'by a script that says how',
    { RUNLOG_COMMAND: './dev runlog' },
    '/x/node_modules/.bin/runlog',
    './dev runlog',
  ],
  ['beside another program', {}, '/home/me/app/node_modules/.bin/vitest', 'runlog'],
])('called %s', (_how, env, script, expected) => {
  expect(programName(env, script)).toBe(expected);
});
