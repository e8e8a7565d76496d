/**
 * Decides what one call of an agent from the command line is: a run in a new session or in one that goes on, in a store of this URL.
 * What a process that died has left behind in the session is put right first, and the session stays open for the next call.
 */
import { checkArguments, checkOptionNames, readUsd, type Usd } from '../../base/index.ts';
import {
  type Execution,
  followSession,
  isSessionOver,
  longestTimeoutMs,
  type OnLiveEvent,
  type OpenSessionStore,
  type RunResult,
  type Session,
  type SessionEvent,
  sessionIsBusy,
  type SessionManager,
} from '../../sessions/index.ts';
import { nodePlatform } from '../node-platform.ts';
import { openStore } from '../open-store.ts';
import { openSessionManager } from '../sessions/open-session-manager.ts';
import { openSessionStore } from '../sessions/open-session-store.ts';
import { readRunPolicyFile } from '../sessions/policy-file.ts';
import { checkOptionValue } from '../option-value.ts';
import { type AgentChoices, agentNames, chosenAgent } from './chosen-agent.ts';

/** A run of an agent to be made, as the command asks for it. */
export interface AgentCallRequest extends AgentChoices {
  readonly url: string;
  readonly prompt: string;
  /** Goes on in it; a new one without it. */
  readonly sessionId?: string;
  /** Of a new session. */
  readonly tags?: readonly string[];
  /** Files with policies; all of them hold. */
  readonly policyFiles?: readonly string[];
  /** The run ends as `timeout` after so long; seven days without it. */
  readonly deadlineMs?: number;
  /** Asks the agent to stop; the run ends as `cancelled`. */
  readonly signal: AbortSignal;
  /** Kills the agent and all that it started, at once. */
  readonly insisted: AbortSignal;
  /** Hears the agent while it works. */
  readonly onEvent?: OnLiveEvent;
  /** Gets each event of the session and of the run as it is stored. */
  readonly onStored?: (event: SessionEvent) => Promise<void>;
  /** Hears of runs that a dead process left behind, as they were ended. */
  readonly onRecovered?: (runs: readonly Execution[]) => Promise<void>;
}

/** The name of every part of a request: one that is missing here does not compile. */
const requestNames: readonly string[] = Object.keys({
  agent: true,
  allowed: true,
  denied: true,
  model: true,
  url: true,
  prompt: true,
  sessionId: true,
  tags: true,
  policyFiles: true,
  deadlineMs: true,
  signal: true,
  insisted: true,
  onEvent: true,
  onStored: true,
  onRecovered: true,
} satisfies Record<keyof AgentCallRequest, true>);

/** How a run of an agent ended, for the command. */
export interface AgentCallReport {
  readonly session: Session;
  readonly run: Execution;
  /** Exact; `null` when nobody knows. */
  readonly costUsd: Usd | null;
  /** Events that could not be stored. */
  readonly persistenceFailures: number;
  /** What the run failed with; `null` for one that completed. */
  readonly failure: Error | null;
}

/**
 * Resolves with what came of the run, good or bad, when that is stored. Rejects when there was no run: with the errors of the store, with
 * `SessionNotFoundError`, with `RunOwnedError` while another process works in the session, and as `chosenAgent` does.
 */
export async function runAgent(request: AgentCallRequest): Promise<AgentCallReport> {
  checkArguments('runAgent', { request: [request, 'object'] });
  checkOptionNames('runAgent', request, requestNames);
  checkOptionValue('runAgent', 'agent', request.agent, agentNames);
  const policies = await Promise.all((request.policyFiles ?? []).map(readRunPolicyFile));
  const { adapter, tools } = chosenAgent(request);
  const mode = request.sessionId === undefined ? 'create' : 'write';
  const store = await openSessionStore(await openStore(request.url, { mode }));
  const manager = openSessionManager(store, adapter, { coalescing: {} });
  try {
    const before = request.sessionId === undefined ? 0 : await store.getLatestSequence(request.sessionId);
    const session = await openSession(manager, store, request);
    const { id } = await manager.startRun(session.id, request.prompt);
    // What was killed has ended; the end of the run is written as for every other.
    const kill = (): void => void adapter.endLeftovers?.(id, { isAtOnce: true }).catch(() => undefined);
    request.insisted.addEventListener('abort', kill, { once: true });
    if (request.insisted.aborted) kill();
    const { deadlineMs, signal, onEvent } = request;
    const working = manager.executeRun(id, {
      ...tools,
      continuation: 'auto',
      policies,
      isAlone: true,
      signal,
      timeoutMs: longestTimeoutMs,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      ...(onEvent === undefined ? {} : { onEvent }),
    });
    const ended = working.then(
      (result) => ({ result, failure: null }),
      (thrown: unknown) => ({ result: null, failure: asError(thrown) }),
    );
    if (request.onStored !== undefined)
      await hand(store, { sessionId: session.id, after: before }, ended, request.onStored);
    const { result, failure } = await ended;
    request.insisted.removeEventListener('abort', kill);
    const report = await reported(store, id, result, failure);
    // Refused before it began: nobody else will end it.
    if (failure !== null && report.run.status === 'pending') {
      await manager.cancelRun(id);
      throw failure;
    }
    return report;
  } finally {
    await manager.close();
    await store.close();
  }
}

async function openSession(
  manager: SessionManager,
  store: OpenSessionStore,
  { sessionId, tags, onRecovered }: AgentCallRequest,
): Promise<Session> {
  if (sessionId === undefined) {
    const { id } = await manager.startSession(tags === undefined ? {} : { tags });
    return manager.activateSession(id);
  }
  const session = await store.getSession(sessionId);
  const recovered = isSessionOver(session.status) ? [] : await manager.recover(sessionId);
  if (recovered.length > 0) await onRecovered?.(recovered);
  const active = await store.getActiveRun(sessionId);
  if (active !== null) throw sessionIsBusy(active);
  return session.status === 'pending' ? manager.activateSession(sessionId) : session;
}

/** Hands out what is stored, until all is handed out that there is when the run has ended. */
async function hand(
  store: OpenSessionStore,
  place: { readonly sessionId: string; after: number },
  ended: Promise<unknown>,
  onStored: (event: SessionEvent) => Promise<void>,
): Promise<void> {
  const { sessionId } = place;
  const followed = followSession(store, sessionId, nodePlatform, { after: place.after });
  void ended.then(() => followed.close());
  const take = async (events: AsyncIterable<SessionEvent>): Promise<void> => {
    for await (const event of events) {
      place.after = event.sequenceNumber ?? place.after;
      await onStored(event);
    }
  };
  await take(followed);
  await take(followSession(store, sessionId, nodePlatform, { after: place.after, isOnlyStored: true }));
}

async function reported(
  store: OpenSessionStore,
  runId: string,
  result: RunResult | null,
  failure: Error | null,
): Promise<AgentCallReport> {
  const run = await store.getRun(runId);
  const session = await store.getSession(run.sessionId);
  const recorded = run.costUsd === null ? null : readUsd(String(run.costUsd));
  return {
    session,
    run,
    costUsd: result === null ? recorded : result.costUsd,
    persistenceFailures: result?.persistenceFailures ?? 0,
    failure,
  };
}

/** Whoever listens may throw anything. */
function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
