// One run, two processes: the second is told who holds it, and nothing of the file or of its own memory changes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isStructuredError, load, openStore, RunOwnedError } from '../../src/app/index.ts';
import { builtProgram } from '../harness/built-programs/built-program.ts';

const program = builtProgram('holder-child');
let folder = '';
let url = '';
let holder: ChildProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runlog-two-'));
  url = `sqlite:///${join(folder, 'run.db')}`;
  holder = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (holder.stdout !== null) await once(holder.stdout, 'data');
});

afterEach(async () => {
  await kill();
  rmSync(folder, { recursive: true, force: true });
});

async function kill(): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return;
  const ended = once(holder, 'exit');
  holder.kill('SIGKILL');
  await ended;
}

function bytes(): string {
  return ['run.db', 'run.db-wal']
    .map((name) => readFileSync(join(folder, name)).toString('base64'))
    .join('|');
}

test('a second process is refused with the process id and the host of the first', async () => {
  const refused: unknown = await load(url, { runId: 'held' }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RunOwnedError);
  if (!isStructuredError(refused)) throw new Error('not a structured error');
  expect(refused.context).toMatchObject({ run_id: 'held', pid: holder.pid, host: hostname() });
  expect(refused.howToFix).toContain(`kill ${holder.pid}`);
});

test('a refused process has changed no byte of the log', async () => {
  const store = await openStore(url, { mode: 'write' });
  const before = bytes();
  await expect(load(store, { runId: 'held' })).rejects.toBeInstanceOf(RunOwnedError);
  expect(bytes()).toBe(before);
  await store.close();
});

test('reading needs no claim, and shows what the holder wrote', async () => {
  const store = await openStore(url, { mode: 'read' });
  expect(await store.head('held')).toMatchObject({ seq: 1 });
  await store.close();
});

test('after kill -9 of the holder the run is taken over at once, with the next epoch', async () => {
  await kill();
  const run = await load(url, { runId: 'held' });
  await run.emit('note', { text: 'now mine' });
  expect(await run.head()).toMatchObject({ seq: 2 });
  await run.close();
});
