/**
 * Decides how a run is cancelled: by its signal when this manager works on it, at once when nobody does, else by a word in its lease. One
 * that begins while somebody cancels it is cancelled as one that works.
 */
import { sessionError } from '../errors/session-error.ts';
import { type Execution, isExecutionOver, moveExecution } from '../model/execution.ts';
import { retried } from './change-session.ts';
import type { Outcome } from './end/outcome.ts';
import { finishRun } from './finish-run.ts';
import type { Parts } from './parts.ts';
import { endAbandoned } from './recover-runs.ts';
import { isAbandoned, leaseOf, withLease } from './run-lease.ts';
import type { RunAtWork } from './work-on-run.ts';

/** Between two looks at a run that another process is to end. */
const lookMs = 100;

/** Resolves with the run as it ended. Rejects with `InvalidTransitionError` when it has ended otherwise. */
export async function cancelRun(
  parts: Parts,
  atWork: ReadonlyMap<string, RunAtWork>,
  runId: string,
): Promise<Execution> {
  const stopHere = async (): Promise<Execution | null> => {
    const work = atWork.get(runId);
    if (work === undefined) return null;
    work.stop('cancelled');
    // Why it ended is told to the one who executes; here only the end is waited for.
    await work.ended.catch(() => undefined);
    return parts.store.getRun(runId);
  };
  return (
    (await stopHere()) ??
    (await cancelWaiting(parts, runId)) ??
    // It has begun while it was looked at.
    (await stopHere()) ??
    cancelElsewhere(parts, runId)
  );
}

/** `null` for a run that somebody works on. */
async function cancelWaiting(parts: Parts, runId: string): Promise<Execution | null> {
  const moved = sessionError('invalid_operation', `run '${runId}' does not wait any more`);
  const waiting = async (): Promise<Execution> => {
    const run = await parts.store.getRun(runId);
    if (run.status === 'running' || run.status === 'cancelled') throw moved;
    moveExecution(run, 'cancelled', parts.mint);
    return run;
  };
  const run = await parts.store.getRun(runId);
  if (run.status === 'cancelled') return run;
  if (isAbandoned(parts, run)) return (await endAbandoned(parts, runId, { isCancelled: true }))?.run ?? null;
  if (run.status === 'running') return null;
  try {
    return (await finishRun(parts, waiting, cancelledOutcome(parts, runId))).run;
  } catch (error) {
    if (error !== moved) throw error;
    return cancelWaiting(parts, runId);
  }
}

/** Asks the process that works on it, and resolves when the run has ended. */
async function cancelElsewhere(parts: Parts, runId: string): Promise<Execution> {
  await retried(async () => {
    const run = await parts.store.getRun(runId);
    const lease = leaseOf(run);
    if (run.status !== 'running' || lease === null || lease.isCancelRequested) return;
    await parts.store.saveRun(withLease(run, { ...lease, isCancelRequested: true }));
  });
  for (;;) {
    const run = await parts.store.getRun(runId);
    if (isExecutionOver(run.status)) return moveExecution(run, 'cancelled', parts.mint);
    const ended = await cancelWaiting(parts, runId);
    if (ended !== null) return ended;
    await parts.platform.sleep(lookMs);
  }
}

function cancelledOutcome({ agent }: Parts, runId: string): Outcome {
  return {
    earlier: [],
    ending: 'cancelled',
    provider: agent.name,
    result: null,
    error: sessionError('cancelled', `run '${runId}' was cancelled`),
    model: null,
    providerSessionId: null,
    tokenUsage: {},
    failures: 0,
    told: null,
  };
}
