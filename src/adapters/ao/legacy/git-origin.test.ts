import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gitOrigin } from './git-origin.ts';

const origin = 'git@example.com:team/app.git';
const folder = mkdtempSync(join(tmpdir(), 'runlog-origin-'));
const at = (...parts: readonly string[]): string => join(folder, ...parts);

beforeAll(() => {
  execFileSync('git', ['init', '-q', at('app')]);
  execFileSync('git', ['-C', at('app'), 'remote', 'add', 'origin', origin]);
  execFileSync('git', ['clone', '-q', '--bare', at('app'), at('bare')], { stdio: 'ignore' });
  mkdirSync(at('app/src/deep'), { recursive: true });
  mkdirSync(at('plain'));
  symlinkSync(at('app/src'), at('link'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['a repository', 'app', origin],
  ['a folder below one', 'app/src/deep', origin],
  ['a link into one', 'link', origin],
  ['a bare repository', 'bare', at('app')],
  ['a folder without git', 'plain', ''],
  ['a folder that is not there', 'gone', ''],
])('of %s', (_what, name, expected) => {
  expect(gitOrigin(at(name))).toBe(expected);
});
