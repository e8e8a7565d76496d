import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-folder-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('a folder is made with those above it, once', () => {
  const path = join(scratch(), 'a', 'b', 'c');
  makeFolder(path, 0o750);
  makeFolder(path);
  expect((statSync(path).mode & 0o777).toString(8)).toBe('750');
});

test('where nothing can be made, what the system says is heard, and at once', () => {
  const file = join(scratch(), 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(join(file, 'a'))).toThrow(/EEXIST/);
  expect(() => makeFolder(file)).toThrow(/EEXIST/);
  const link = join(scratch(), 'link');
  symlinkSync(join(link, 'nowhere'), link);
  expect(() => makeFolder(join(link, 'a'))).toThrow(/ELOOP/);
  // Linux says here that something is missing, of a folder that is there.
  expect(() => makeFolder('/proc/x/y')).toThrow();
});
