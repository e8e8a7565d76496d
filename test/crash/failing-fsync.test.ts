// A disk that does not confirm: fsync fails under SQLite (a library in front of libc; Linux, needs a C compiler as `cc`). The commit
// is not called durable, the same commit sent again is stored once, and what was acknowledged is there after a kill.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStorm, stormBatch, stormRun } from './storm/storm-batch.ts';

const programs = new URL('programs/', import.meta.url).pathname;

test('a commit that the disk did not confirm is not known, and is stored once when it is sent again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-fsync-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [path, sign, library] = ['runs.db', 'sign', 'failing-fsync.so'].map((name) => join(folder, name));
  if (path === undefined || sign === undefined || library === undefined)
    throw new Error('three names were made');
  execFileSync('cc', ['-shared', '-fPIC', '-o', library, join(programs, 'failing-fsync.c'), '-ldl']);

  const args = ['--disable-warning=ExperimentalWarning', join(programs, 'unsynced-child.ts'), path, sign];
  const env = { ...process.env, LD_PRELOAD: library, FSYNC_FAILS_WHILE: sign };
  const { stdout, stderr, signal } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  expect([stdout.trim().split('\n'), signal], stderr).toEqual([
    ['stored 10', 'refused unknown-commit-error', 'stored 20', 'stored 30'],
    'SIGKILL',
  ]);

  const store = await openStorm({ kind: 'sqlite', path });
  const stored: string[] = [];
  for await (const page of store.read(stormRun)) stored.push(...page.map(({ payload }) => payload));
  const written = [1, 11, 21].flatMap((first) => stormBatch(first, 10));
  expect(stored).toEqual(written.map(({ payload }) => payload));
  await store.close();
});
