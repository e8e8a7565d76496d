// `runlog completion`: what a shell offers when somebody presses Tab.
import { execFileSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { workplace } from './workplace.ts';

/** What bash offers for a line that is typed up to its last word. */
async function offeredByBash(words: readonly string[]): Promise<readonly string[]> {
  const place = workplace();
  const { code, stdout } = await place.runlog(['completion', 'bash']);
  expect(code).toBe(0);
  writeFileSync(place.path('script.bash'), stdout);
  symlinkSync(resolve('bin/runlog.js'), place.path('runlog'));
  chmodSync(place.path('runlog'), 0o755);
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const line = words.join(' ');
  // What the package bash-completion provides.
  const drive = `_get_comp_words_by_ref() { words=("\${COMP_WORDS[@]}"); cword=$COMP_CWORD; cur="\${words[cword]}"; }
    source script.bash
    COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; COMP_LINE='${line}'; COMP_POINT=${line.length}
    name=$(complete -p runlog | sed 's/.*-F \\([^ ]*\\).*/\\1/'); $name runlog '${words.at(-1) ?? ''}' '${words.at(-2) ?? ''}'
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const env = { PATH: `${place.folder}:${process.env['PATH'] ?? ''}` };
  const offered = execFileSync('bash', ['--norc', '-c', drive], { cwd: place.folder, env, encoding: 'utf8' });
  return offered
    .trim()
    .split('\n')
    .map((text) => text.split(/\s/)[0] ?? '');
}

test('bash offers the commands that begin as typed', async () => {
  expect(await offeredByBash(['runlog', 'ins'])).toEqual(['inspect']);
});

test('bash offers the options of a command', async () => {
  expect(await offeredByBash(['runlog', 'inspect', '--pa'])).toEqual(['--pack-version']);
});

test.each([
  ['fish', 'complete -c runlog'],
  ['powershell', "Register-ArgumentCompleter -CommandName 'runlog'"],
  ['zsh', '#compdef runlog'],
])('there is a script for %s', async (shell, line) => {
  const { code, stdout } = await workplace().runlog(['completion', shell]);
  expect(code).toBe(0);
  expect(stdout).toContain(line);
});

test('a shell that is not known is a mistake, and the known ones are named', async () => {
  const { code, stdout, stderr } = await workplace().runlog(['completion', 'tcsh']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('bash, fish, powershell, zsh');
});

test('what the scripts call is not listed by help', async () => {
  const { stdout } = await workplace().runlog(['--help']);
  expect(stdout).toMatch(/^ {2}completion /m);
  expect(stdout).not.toMatch(/^ {2}complete /m);
});
