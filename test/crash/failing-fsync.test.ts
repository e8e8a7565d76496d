// A disk that does not confirm: fsync fails under SQLite (a library in front of libc; Linux, needs a C compiler as `cc`). The commit
// is not called durable, the same commit sent again is stored once, and what was acknowledged is there after a kill.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { migrateStore, openStore } from 'runlog';
import { builtProgram } from '../harness/built-programs/built-program.ts';
import { createdAt, openStorm, stormBatch, stormRun } from './storm/storm-batch.ts';

const programs = new URL('programs/', import.meta.url).pathname;

interface Bench {
  readonly folder: string;
  readonly sign: string;
  readonly env: NodeJS.ProcessEnv;
}

function bench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-fsync-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [sign, library] = [join(folder, 'sign'), join(folder, 'failing-fsync.so')];
  execFileSync('cc', ['-shared', '-fPIC', '-o', library, join(programs, 'failing-fsync.c'), '-ldl']);
  return { folder, sign, env: { ...process.env, LD_PRELOAD: library, FSYNC_FAILS_WHILE: sign } };
}

test('a commit that the disk did not confirm is not known, and is stored once when it is sent again', async () => {
  const { folder, sign, env } = bench();
  const path = join(folder, 'runs.db');
  const args = ['--disable-warning=ExperimentalWarning', builtProgram('unsynced-child'), path, sign];
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

test('a migration is not called done before the disk has confirmed all of it, and the same call completes it', async () => {
  const { folder, sign, env } = bench();
  const [from, to] = [`sqlite:///${join(folder, 'from.db')}`, `sqlite:///${join(folder, 'to.db')}`];
  const store = await openStore(from);
  for (const id of ['a', 'b', 'c']) {
    await store.create({ id, kind: 'run', label: null, createdAt });
    await store.commit([{ logId: id, expected: 0, epoch: null, events: stormBatch(1, 3) }]);
  }
  await store.close();
  const program = builtProgram('unsynced-migration');
  const args = ['--disable-warning=ExperimentalWarning', program, from, to, sign];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  expect(stdout, stderr).toBe('refused store-unavailable-error\n');
  const { ok, runs } = await migrateStore(from, to);
  expect([ok, runs.map(({ status }) => status)]).toEqual([true, ['present', 'present', 'present']]);
});
