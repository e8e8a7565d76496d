/**
 * Decides how a run ends: its row, the row of its session and the one event that tells of the end are written in one commit, whether
 * it succeeded, failed, was cancelled or took too long. What others changed meanwhile stays.
 */
import { addUsd, isJsonObject, type JsonObject, mergeObjects, type Usd, zeroUsd } from '../../base/index.ts';
import type { AgentResult } from '../agents/port.ts';
import { sessionErrorToJson } from '../errors/session-error.ts';
import type { SessionEventType } from '../model/event-types.ts';
import { addTokenUsage, type Execution, moveExecution } from '../model/execution.ts';
import { isSessionOver, moveSession, type Session } from '../model/session.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { redactExecution } from '../redact/redact-session.ts';
import { retried } from './change-session.ts';
import type { Parts } from './parts.ts';
import { costOfRun } from './end/run-cost.ts';
import { bareOutcome, type Ending, isUnstorable, type Outcome } from './end/outcome.ts';
import { withoutLease } from './run-lease.ts';
import { contextOf, failureData, tellOf } from './session-events.ts';

export interface FinishedRun {
  readonly session: Session;
  readonly run: Execution;
  readonly costUsd: Usd | null;
  /** The event that tells of the end. */
  readonly end: SessionEvent;
  /** Why it did not complete; `null` when it did. */
  readonly error: unknown;
}

const eventOf: Readonly<Record<Ending, SessionEventType>> = {
  completed: 'run_completed',
  failed: 'run_failed',
  cancelled: 'run_cancelled',
  timeout: 'run_timeout',
};

/**
 * `own` gives the row while it is still the caller's, and rejects otherwise. What cannot be stored of the outcome is left out, and the
 * run has then failed.
 */
export async function finishRun(
  parts: Parts,
  own: () => Promise<Execution>,
  outcome: Outcome,
): Promise<FinishedRun> {
  try {
    return await writeEnd(parts, own, outcome);
  } catch (error) {
    if (!isUnstorable(error)) throw error;
    return writeEnd(parts, own, bareOutcome(outcome, error));
  }
}

async function writeEnd(parts: Parts, own: () => Promise<Execution>, outcome: Outcome): Promise<FinishedRun> {
  return retried(async () => {
    const before = await own();
    const stored = await parts.store.getSession(before.sessionId);
    const costUsd = priced(parts, outcome);
    const run = endedRun(parts, before, outcome, costUsd);
    const session = endedSession(parts, stored, before, outcome);
    const end = endEvent(parts, stored, run, { ...outcome, costUsd });
    const events = session.status === stored.status ? [end] : [end, sessionEnd(parts, stored, outcome)];
    await parts.store.flush({ session, run, events });
    return { session, run, costUsd, end, error: outcome.error };
  });
}

/** The mark of a run whose session ends with it. */
export const endsItsSession = 'ends_session';

/** Under this name a session remembers that the process died that drove its agent, and in which run. */
export const interruptedRun = 'interrupted_run';

function priced({ prices, mint }: Parts, outcome: Outcome): Usd | null {
  const { provider, earlier, result, model } = outcome;
  const at = mint.now();
  const tokenUsage = result?.tokenUsage ?? outcome.tokenUsage;
  const used = { provider, model: result?.model ?? model, tokenUsage, at };
  const isUnused = earlier.length > 0 && Object.keys(tokenUsage).length === 0;
  const last = isUnused ? zeroUsd : costOfRun({ ...used, reportedUsd: result?.costUsd ?? null }, prices);
  const costs = earlier.map((before) => costOfRun({ ...before, reportedUsd: null }, prices));
  return costs.reduce((sum, cost) => (sum === null || cost === null ? null : addUsd(sum, cost)), last);
}

/** The sum over all who worked on it. */
function usedBy(run: Execution, { earlier, result, tokenUsage }: Outcome): Execution {
  const all = [...earlier.map((before) => before.tokenUsage), result?.tokenUsage ?? tokenUsage];
  return all.reduce(addTokenUsage, run);
}

function endedRun(parts: Parts, before: Execution, outcome: Outcome, costUsd: Usd | null): Execution {
  const { result, failures, ending, error } = outcome;
  const said = saidByProvider(outcome);
  const ended = moveExecution(withoutLease(before), ending, parts.mint);
  const counted = usedBy(ended, outcome);
  const run: Execution = {
    ...counted,
    output: result?.output ?? null,
    error: error === null ? null : sessionErrorToJson(error),
    turnCount: result?.turnCount ?? before.turnCount,
    costUsd: costUsd === null ? null : Number(costUsd),
    provider: outcome.provider,
    providerMetadata: mergeObjects(before.providerMetadata, {
      ...said,
      ...(result?.routing === undefined ? {} : { routing: result.routing }),
    }),
    metadata: mergeObjects(ended.metadata, {
      ...said,
      ...(failures === 0 ? {} : { persistence_failures: failures }),
    }),
  };
  return parts.redactor === null ? run : redactExecution(run, parts.redactor);
}

function saidByProvider({ provider, result, model, providerSessionId }: Outcome): JsonObject {
  const own = result?.providerSessionId ?? providerSessionId;
  const which = result?.model ?? model;
  return {
    provider,
    ...(own === null ? {} : { provider_session_id: own }),
    ...(which === null ? {} : { model: which }),
  };
}

function endedSession(parts: Parts, stored: Session, run: Execution, outcome: Outcome): Session {
  const { provider: _provider, ...own } = saidByProvider(outcome);
  const all = stored.metadata['provider_sessions'];
  const known = isJsonObject(all) ? all : {};
  const before = known[outcome.provider];
  // An agent that died before it named its session may have gone on in the one that is known.
  const said =
    outcome.isInterrupted === true
      ? mergeObjects(isJsonObject(before) ? before : {}, { ...own, [interruptedRun]: run.id })
      : own;
  const isKnown = Object.keys(said).length > 0;
  const sessions = mergeObjects(known, { [outcome.provider]: said });
  const metadata = isKnown ? mergeObjects(stored.metadata, { provider_sessions: sessions }) : stored.metadata;
  const told: Session = isKnown ? { ...stored, metadata, updatedAt: parts.mint.now() } : stored;
  // Somebody may have paused or ended the session meanwhile: then it is left as they want it.
  if (run.metadata[endsItsSession] !== true || told.status === 'paused' || isSessionOver(told.status))
    return told;
  return moveSession(told, sessionEnding(outcome), parts.mint);
}

function sessionEnding({ ending }: Outcome): 'completed' | 'failed' | 'cancelled' {
  return ending === 'timeout' ? 'failed' : ending;
}

function sessionEnd(parts: Parts, session: Session, outcome: Outcome): SessionEvent {
  const ending = sessionEnding(outcome);
  const data = ending === 'failed' ? failureData(outcome.error) : {};
  return tellOf(parts, session, null, `session_${ending}`, data);
}

/** The agent's own telling, where it told this end, beside what the house knows of it. */
function endEvent(
  parts: Parts,
  session: Session,
  run: Execution,
  outcome: Outcome & { readonly costUsd: Usd | null },
): SessionEvent {
  const { provider, earlier, ending, result, told, error, costUsd } = outcome;
  const known =
    ending === 'completed'
      ? { stop_reason: 'end_turn', token_usage: result?.tokenUsage ?? {}, ...reported(result) }
      : ending === 'cancelled'
        ? {}
        : failureData(error);
  const own = told === null ? known : mergeObjects(known, told.data);
  // The agent tells of its last attempt; the run is all attempts, and all who worked on it.
  const isSum = ending === 'completed' && earlier.length > 0;
  const { total_cost_usd: ownCost, ...uncosted } = own;
  const isCosted = ownCost !== undefined && costUsd !== null;
  const sums: JsonObject = {
    token_usage: run.tokenUsage,
    ...(isCosted ? { total_cost_usd: Number(costUsd) } : {}),
  };
  const data = isSum ? mergeObjects(uncosted, sums) : own;
  const raw = { ...told, type: eventOf[ending], data };
  return parts.builder.build(raw, contextOf(session, run.id, provider)).event;
}

function reported(result: AgentResult | null): JsonObject {
  const cost = result?.costUsd ?? null;
  return cost === null || cost === zeroUsd ? {} : { total_cost_usd: Number(cost) };
}
