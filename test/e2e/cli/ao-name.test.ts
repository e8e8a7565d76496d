// `ao-migrate` and `runlog ao migrate` are one command, and each names itself as it was called.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

function said(bin: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [resolve('bin', bin), ...args], {
    encoding: 'utf8',
  });
  return stdout + stderr;
}

test('ao-migrate is used without an action, and says so', () => {
  const help = said('ao-migrate.js', '--help');
  expect(help).toMatch(/^Usage: ao-migrate \[options\]\n/);
  expect(help).not.toMatch(/runlog|<action>|Arguments/);
  expect(said('ao-migrate.js', '--bogus')).toContain('`ao-migrate --help`');
});

test('runlog ao migrate is called by that name', () => {
  expect(said('runlog.js', 'ao', '--help')).toMatch(/^Usage: runlog ao \[options\] <action>\n/);
});
