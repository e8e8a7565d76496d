/** Decides how a run is cancelled that this process does not work on: at once when nobody does, else by a word in its lease. */
import { sessionError } from '../errors/session-error.ts';
import { type Execution, isExecutionOver, moveExecution } from '../model/execution.ts';
import { retried } from './change-session.ts';
import { finishRun } from './finish-run.ts';
import type { Outcome } from './end/outcome.ts';
import type { Parts } from './parts.ts';
import { endAbandoned } from './recover-runs.ts';
import { isAbandoned, leaseOf, withLease } from './run-lease.ts';

/** Between two looks at a run that another process is to end. */
const lookMs = 100;

/** The run as it ended; `null` for one that somebody works on. Rejects with `InvalidTransitionError` when it has ended otherwise. */
export async function cancelWaiting(parts: Parts, runId: string): Promise<Execution | null> {
  const free = async (): Promise<Execution> => {
    const run = await parts.store.getRun(runId);
    if (run.status === 'running') throw busy(runId);
    moveExecution(run, 'cancelled', parts.mint);
    return run;
  };
  const run = await parts.store.getRun(runId);
  if (run.status === 'cancelled') return run;
  if (isAbandoned(parts, run)) return (await endAbandoned(parts, runId, { isCancelled: true }))?.run ?? null;
  if (run.status === 'running') return null;
  return (await finishRun(parts, free, cancelledOutcome(parts, runId))).run;
}

/** Asks the process that works on it, and resolves when the run has ended. */
export async function cancelElsewhere(parts: Parts, runId: string): Promise<Execution> {
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

function busy(runId: string): Error {
  return sessionError('invalid_operation', `run '${runId}' has begun meanwhile`, {
    details: { run_id: runId },
    howToFix: 'Cancel it again: it is under way now.',
  });
}
