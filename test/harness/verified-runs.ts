/**
 * Decides that every run that a test opens through the harness is verified against its log when the test has ended: whatever
 * the test was about, the behaviors that made the run make it again.
 */
import { type LoadOptions, verifyRun } from 'runlog';
import type { LogStore } from 'runlog/log';
import { afterEach, expect } from 'vitest';

interface Witnessed {
  readonly store: LogStore;
  readonly runId: string;
  /** What the run was driven with, opening by opening. */
  readonly drives: LoadOptions[];
}

let runs: Witnessed[] = [];

export function witnessed(store: LogStore, runId: string, options: LoadOptions): void {
  runs.push({ store, runId, drives: [options] });
}

export function alsoDriven(store: LogStore, runId: string, options: LoadOptions): void {
  runs.find((run) => run.store === store && run.runId === runId)?.drives.push(options);
}

/** All that drove the run, and the forms that its last program knew; `null` when two things of one name did, which no program can give at once. */
function together(drives: readonly LoadOptions[]): LoadOptions | null {
  const merged = Object.assign({}, ...drives) as LoadOptions;
  const behaviors = [...new Set(drives.flatMap((drive) => drive.behaviors ?? []))];
  const tools = [...new Set(drives.flatMap((drive) => drive.tools ?? []))];
  const names = new Set(behaviors.map(({ name }) => name));
  const upcasts = drives.at(-1)?.upcasts ?? [];
  return names.size === behaviors.length ? { ...merged, behaviors, tools, upcasts } : null;
}

afterEach(async () => {
  const ended = runs;
  runs = [];
  for (const { store, runId, drives } of ended) {
    const options = together(drives);
    if (options === null) continue;
    const { divergence } = await verifyRun(store, { ...options, runId });
    expect(divergence, 'the run is not made again by its behaviors').toBeNull();
  }
});
