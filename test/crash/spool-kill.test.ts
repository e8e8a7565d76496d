// kill -9 while events are spooled: every event that was accepted reaches the store, once and in order, in the next process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFileSpool } from '../../src/adapters/spool/file/index.ts';
import { openEventPipeline } from '../../src/app/open-event-pipeline.ts';
import { builtProgram } from '../harness/built-programs/built-program.ts';
import { flakyStore } from '../harness/flaky-store.ts';

const program = builtProgram('spool-child');
const rounds = 2;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runlog-spool-kill-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Lets the child accept some events, and kills it while it goes on. */
async function killSpooler(path: string, lines: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const isClosed = once(child, 'close');
  const accepted: string[][] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    // The last line may have been cut by the kill.
    const ids = line.split(' ');
    if (ids.every((id) => id.length === 36)) accepted.push(ids);
    if (accepted.length === lines) child.kill('SIGKILL');
  }
  await isClosed;
  expect(child.signalCode).toBe('SIGKILL');
  return accepted.flat();
}

test('what was accepted before the kill is stored by the next process, in order and once', async () => {
  const path = join(folder, 'events.spool');
  const accepted: string[] = [];
  for (let round = 0; round < rounds; round += 1) accepted.push(...(await killSpooler(path, 5 + 20 * round)));
  const store = flakyStore();
  const spool = await openFileSpool(path);
  const pipeline = openEventPipeline(store, { whenAway: { spool } });
  await pipeline.flush();
  const stored = store.stored.map(({ id }) => id);
  expect(stored.filter((id) => accepted.includes(id))).toEqual(accepted);
  expect(new Set(stored).size).toBe(stored.length);
  expect(spool.isEmpty).toBe(true);
  await pipeline.close();
  await spool.close();
});
