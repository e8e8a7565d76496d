/** Decides what is said of a run that ended long ago, or in another process: what the store knows of it. */
import { readUsd } from '../../../base/index.ts';
import { sessionError, sessionErrorFromJson } from '../../errors/session-error.ts';
import type { Execution } from '../../model/execution.ts';
import type { SessionStore } from '../../store/port.ts';
import type { RunResult } from '../work-on-run.ts';

interface Place {
  readonly store: SessionStore;
  readonly sessionId: string;
}

/** Rejects with `SessionRunNotFoundError` for a run of another session. */
export async function storedRun({ store, sessionId }: Place, runId: string): Promise<Execution> {
  const run = await store.getRun(runId);
  if (run.sessionId === sessionId) return run;
  throw sessionError('run_not_found', `run '${runId}' is not of session '${sessionId}'`);
}

/** Rejects with what the run ended with, and with `InvalidOperationError` for one that has not ended. */
export async function storedOutcome(place: Place, runId: string): Promise<RunResult> {
  const run = await storedRun(place, runId);
  if (run.status !== 'completed') {
    const failure = run.error === null ? null : sessionErrorFromJson(run.error);
    throw (
      failure ?? sessionError('invalid_operation', `run '${runId}' is ${run.status}, and not of this server`)
    );
  }
  const session = await place.store.getSession(run.sessionId);
  const costUsd = run.costUsd === null ? null : readUsd(String(run.costUsd));
  const { tokenUsage, output } = run;
  return {
    run,
    session,
    output: output ?? {},
    tokenUsage,
    costUsd,
    persistenceFailures: 0,
    policy: null,
    routing: null,
  };
}
