// The same work on runlog: a behavior that counts to a number, writes down a note of its own at each step, and is durable after each.
import { behavior, load, open, type Runtime } from '../../src/app/index.ts';
import type { LogStore } from '../../src/log/index.ts';

export function stepper(noteAt: (n: number) => string) {
  return behavior({
    name: 'step',
    on: 'step',
    run: ({ event, graph }) => {
      const n = Number(event.payload['n']);
      graph.patchObject('counter#1', { n, note: noteAt(n) });
      if (n < Number(event.payload['until'])) graph.emit('step', { n: n + 1, until: event.payload['until'] });
    },
  });
}

export async function countingRun(url: string, noteAt: (n: number) => string): Promise<Runtime> {
  const run = await open(url, { behaviors: [stepper(noteAt)] });
  await run.mutate((graph) => graph.addObject('counter', { n: 0, note: '' }));
  return run;
}

/** Whoever waits for a condition is shown durable state only: each step is committed before the next begins. */
export async function countTo(run: Runtime, from: number, until: number): Promise<void> {
  await run.emit('step', { n: from + 1, until });
  await run.runUntil((graph) => graph.object('counter#1')?.data['n'] === until);
}

export async function goOn(
  target: string | LogStore,
  runId: string,
  noteAt: (n: number) => string,
): Promise<Runtime> {
  return load(target, { runId, behaviors: [stepper(noteAt)] });
}
