/**
 * Decides what becomes of runs whose process has died: found by their leases, and ended with the one event that says so. Whoever is
 * first writes the end, with what the agent had told until then; a run that somebody works on is left alone.
 */
import { sessionError } from '../errors/session-error.ts';
import type { Execution } from '../model/execution.ts';
import type { SessionStatus } from '../model/session.ts';
import { retried } from './change-session.ts';
import { finishRun, type FinishedRun } from './finish-run.ts';
import { storedFacts } from './past/heard-facts.ts';
import { ownRun } from './lease-keeper.ts';
import type { Parts } from './parts.ts';
import { isAbandoned, leaseOf, type RunLease, takenBy, withLease } from './run-lease.ts';

const open: readonly SessionStatus[] = ['active', 'paused', 'pending'];
const pageSize = 100;

/** Every abandoned run of one session, or of all that are open. */
export async function* abandonedRuns(parts: Parts, sessionId?: string): AsyncGenerator<Execution> {
  if (sessionId !== undefined) {
    yield* abandonedIn(parts, sessionId);
    return;
  }
  for (const status of open) {
    for (let offset = 0; ; offset += pageSize) {
      const page = await parts.store.listSessions({ status, limit: pageSize, offset });
      for (const { id } of page) yield* abandonedIn(parts, id);
      if (page.length < pageSize) break;
    }
  }
}

async function* abandonedIn(parts: Parts, sessionId: string): AsyncGenerator<Execution> {
  const running = await parts.store.listRuns(sessionId, { status: 'running' });
  for (const run of running) if (isAbandoned(parts, run)) yield run;
}

/**
 * Ends it as failed, or as cancelled when somebody asks for that or has asked. It is taken before anything of its agent is ended: until
 * then the agent may be that of somebody who has gone on with it. `null` when somebody else was faster.
 */
export async function endAbandoned(
  parts: Parts,
  runId: string,
  asked: { readonly isCancelled?: boolean } = {},
): Promise<FinishedRun | null> {
  const taken = await takeAbandoned(parts, runId);
  if (taken === null) return null;
  const { before, lease } = taken;
  const isCancelled = asked.isCancelled ?? lease.isCancelRequested;
  await parts.agent.endLeftovers?.(runId);
  const { earlier, model, providerSessionId, tokenUsage, provider } = await storedFacts(parts.store, before);
  return finishRun(parts, () => ownRun(parts, runId, lease), {
    ending: isCancelled ? 'cancelled' : 'failed',
    provider: provider ?? parts.agent.name,
    earlier,
    result: null,
    error: isCancelled ? sessionError('cancelled', `run '${runId}' was cancelled`) : gone(before),
    model,
    providerSessionId,
    tokenUsage,
    failures: 0,
    told: null,
    isInterrupted: true,
  });
}

async function takeAbandoned(
  parts: Parts,
  runId: string,
): Promise<{ readonly before: Execution; readonly lease: RunLease } | null> {
  return retried(async () => {
    const before = await parts.store.getRun(runId);
    if (!isAbandoned(parts, before)) return null;
    const isCancelRequested = leaseOf(before)?.isCancelRequested ?? false;
    const lease = { ...takenBy(parts, before), isCancelRequested };
    await parts.store.saveRun(withLease(before, lease));
    return { before, lease };
  });
}

function gone(run: Execution): Error {
  const lease = leaseOf(run);
  return sessionError(
    'internal_error',
    `the process that worked on run '${run.id}' ended before the run did`,
    {
      details: {
        reason: 'owner_gone',
        owner: lease?.owner ?? null,
        epoch: lease?.epoch ?? 0,
        expired_at: lease?.expiresAt ?? null,
      },
      why: 'Nobody has renewed the lease of the run.',
      howToFix: 'Start a new run, or go on with this one by `resumeRun` before it is ended.',
    },
  );
}
