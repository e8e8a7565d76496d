/** Proves that a folder of prompts is read as a pack needs it, and that a file that is no prompt is named. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadPromptsFromDirectory, PackPromptLoadError, sha256 } from 'runlog';
import { promptHash } from 'runlog/packs';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runlog-prompts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

test('every .md file is a prompt, sorted by name, which is the file’s unless it says otherwise', async () => {
  write('b.md', '---\nversion = "1.0.0"\n---\nhello\n');
  write('a.md', '---\nversion = "2"\nname = "zebra"\n---\n');
  write('notes.txt', 'no prompt');
  const prompts = await loadPromptsFromDirectory(folder);
  expect(prompts).toEqual([
    { name: 'b', version: '1.0.0', body: 'hello' },
    { name: 'zebra', version: '2', body: '' },
  ]);
  expect(prompts.map((prompt) => promptHash(prompt, sha256))).toEqual([
    'sha256:2cf24dba5fb0a30e',
    'sha256:e3b0c44298fc1c14',
  ]);
  expect(await loadPromptsFromDirectory(pathToFileURL(folder))).toEqual(prompts);
});

test.each([
  ['no frontmatter', 'hello', 'does not begin with frontmatter'],
  ['no end of the frontmatter', '---\nversion = "1"\nhello', 'does not begin with frontmatter'],
  ['no version', '---\nname = "a"\n---\nhello', 'no text `version`'],
  ['a version that is no text', '---\nversion = 1\n---\nhello', 'no text `version`'],
  ['what is no TOML', '---\nversion: 1\n---\nhello', 'is not TOML'],
])('a file with %s is refused by name', async (_, text, problem) => {
  write('odd.md', text);
  const loading = loadPromptsFromDirectory(folder);
  await expect(loading).rejects.toBeInstanceOf(PackPromptLoadError);
  await expect(loading).rejects.toThrow(/odd\.md/);
  await expect(loading).rejects.toThrow(problem);
});

test('a folder that is not there, and a folder called like a prompt, are refused', async () => {
  await expect(loadPromptsFromDirectory(join(folder, 'none'))).rejects.toBeInstanceOf(PackPromptLoadError);
  mkdirSync(join(folder, 'x.md'));
  await expect(loadPromptsFromDirectory(folder)).rejects.toThrow(/x\.md/);
});
