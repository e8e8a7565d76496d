// Decides how tests get a run that was driven by several, under a clock, a seed and a frame of their own, and forks of it that nobody drove.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { forkRun } from '../../src/app/fork/fork-run.ts';
import { load, open } from '../../src/app/open.ts';
import { openStore } from '../../src/app/open-store.ts';
import { logicalClock } from '../../src/base/index.ts';
import type { StoredRecord } from '../../src/log/index.ts';
import { behavior } from '../../src/runtime/index.ts';

/** What it adds depends on the seed and the frame of whoever drives it. */
export const noter = behavior({
  name: 'noter',
  on: 'goal.created',
  run: ({ graph, ctx }) =>
    void graph.addObject('note', { drawn: ctx.random.next(), of: ctx.frame?.goal ?? null }),
});
export const other = behavior({ name: 'other', on: 'goal.created', run: () => undefined });

const clock = () => logicalClock('2026-01-01T00:00:00Z');

/** The URL of a store with a run that was driven by one behavior up to its fifth event, by others after it, and forks of it. */
export async function forked(
  ...forks: readonly (readonly [runId: string, atEvent: string])[]
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-forks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const url = `sqlite:///${join(folder, 'runs.db')}`;
  const first = { runId: 'parent', clock: clock(), seed: 7, frame: { goal: 'the frame' } };
  const run = await open(url, { ...first, behaviors: [noter] });
  await run.runGoal('one');
  await run.close();
  const again = await load(url, { runId: 'parent', behaviors: [noter, other], seed: 8 });
  await again.runGoal('two');
  await again.close();
  for (const [newRunId, atEvent] of forks) await forkRun(url, { runId: 'parent', atEvent, newRunId });
  return url;
}

/** The hash of the run's head, when it has gone on. */
export async function driven(url: string, runId: string): Promise<string> {
  const run = await load(url, { runId, behaviors: [noter] });
  await run.runGoal('more');
  const { hash } = await run.head();
  await run.close();
  return hash;
}

export async function openingsOf(url: string, runId: string): Promise<readonly StoredRecord[]> {
  const store = await openStore(url, { mode: 'read' });
  try {
    return await store.records('opening', `${runId}/`);
  } finally {
    await store.close();
  }
}
