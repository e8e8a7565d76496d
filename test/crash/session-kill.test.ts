// kill -9 while an agent works: the next process finds the run at once, without waiting for its lease, and ends it or goes on with it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSessionManager } from '../../src/app/sessions/open-session-manager.ts';
import { openSessionStore } from '../../src/app/sessions/open-session-store.ts';
import { scriptedAgent } from '../../src/sessions/index.ts';
import { builtProgram } from '../harness/built-programs/built-program.ts';
import { disagreements } from '../harness/session-bed.ts';

const program = builtProgram('session-child');

/** Kills the child when its agent has told so many events. */
async function killAtWork(path: string, lines: number): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const isClosed = once(child, 'close');
  let told = 0;
  createInterface({ input: child.stdout }).on('line', () => {
    told += 1;
    if (told === lines) child.kill('SIGKILL');
  });
  await isClosed;
  expect(child.signalCode).toBe('SIGKILL');
}

test('a run whose process was killed is ended, or gone on with, by the next process at once', async () => {
  // So many lines of the child, and then as long as the signal takes: another place each time.
  const moments = fc.sample(fc.integer({ min: 1, max: 40 }), 3);
  const folder = mkdtempSync(join(tmpdir(), 'runlog-session-kill-'));
  try {
    const path = join(folder, 'sessions.db');
    for (const lines of moments) await killAtWork(path, lines);
    const store = await openSessionStore(path);
    const agent = scriptedAgent({ newCanceller: () => new AbortController(), play: async () => ({}) });
    const manager = openSessionManager(store, agent);
    const [first, ...others] = await manager.findAbandoned();
    if (first !== undefined) expect((await manager.resumeRun(first.id)).run.status).toBe('completed');
    const ended = await manager.recover();
    expect(ended.map(({ status }) => status)).toEqual(others.map(() => 'failed'));
    const sessions = await store.listSessions();
    expect(sessions).toHaveLength(3);
    for (const { id } of sessions) {
      expect(await disagreements(store, id), `killed at ${moments.join(', ')}`).toEqual([]);
      expect(await store.listRuns(id, { status: 'running' })).toEqual([]);
    }
    await manager.close();
    await store.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
