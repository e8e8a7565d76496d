/**
 * Decides how a run begins: it is taken with its lease and what the user says is told, in one commit; before that, what was said
 * earlier is read. Only a run that waits can begin, or one that is `running` while nobody works on it.
 */
import { mergeObjects } from '../../base/index.ts';
import { RunOwnedError } from '../../log/index.ts';
import type { AgentMessage } from '../agents/port.ts';
import { sessionError } from '../errors/session-error.ts';
import { type Execution, moveExecution } from '../model/execution.ts';
import { isSessionOver, moveSession, type Session } from '../model/session.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { readTranscript } from '../transcript/read-transcript.ts';
import type { TranscriptWindow } from '../transcript/window.ts';
import { retried } from './change-session.ts';
import { type Continuation, isContinuation } from './continuation.ts';
import type { Parts } from './parts.ts';
import { messagesOfInput } from './run-input.ts';
import { interruptedRun } from './finish-run.ts';
import { isAbandoned, leaseOf, type RunLease, takenBy, withLease } from './run-lease.ts';
import { lastWord } from './past/last-word.ts';
import { tellOf } from './session-events.ts';

export interface Memory {
  readonly transcript?: readonly AgentMessage[];
  readonly resumeFrom?: string;
}

export interface BegunRun {
  readonly session: Session;
  readonly run: Execution;
  readonly lease: RunLease;
  /** A process has died that worked on it before. */
  readonly isAgain: boolean;
}

/** What the agent is told of before. Throws `ValidationError` for no such mode, `InvalidOperationError` for `native` without a session. */
export async function memoryOf(
  parts: Parts,
  session: Session,
  mode: unknown,
  question: { readonly window?: TranscriptWindow; readonly exceptRunId?: string },
): Promise<Memory> {
  if (mode === undefined || mode === false) return {};
  if (!isContinuation(mode)) {
    throw sessionError('validation_error', "continuation must be false, 'auto', 'replay' or 'native'", {
      details: { field: 'continuation', found: typeof mode === 'string' ? mode : typeof mode },
    });
  }
  const known = mode === 'replay' ? null : providerSessionOf(session, parts.agent.name);
  if (known !== null && (mode === 'native' || (await isWhole(parts, session, known))))
    return { resumeFrom: known.id };
  if (mode === 'native') {
    throw sessionError(
      'invalid_operation',
      `agent '${parts.agent.name}' has no session of its own to go on in`,
      {
        details: { session_id: session.id, agent: parts.agent.name },
        howToFix: "Use continuation 'auto' or 'replay': the agent is then told again what was said.",
      },
    );
  }
  const transcript = await readTranscript(parts.store, session.id, question);
  return transcript.length === 0 ? {} : { transcript };
}

interface OwnSession {
  readonly id: string;
  /** The run in which the process died that drove the agent, where that was the last one. */
  readonly interruptedRun: string | null;
}

/** The session of this agent's own, in which it last worked for this one. */
function providerSessionOf(session: Session, agent: string): OwnSession | null {
  const all: unknown = session.metadata['provider_sessions'];
  const own: unknown = Reflect.get(Object(all), agent);
  const id: unknown = Reflect.get(Object(own), 'provider_session_id');
  const run: unknown = Reflect.get(Object(own), interruptedRun);
  if (typeof id !== 'string' || id === '') return null;
  return { id, interruptedRun: typeof run === 'string' ? run : null };
}

/** False when the agent was ended before it had written down what the log has of it, or when nobody can tell. */
async function isWhole({ store, agent }: Parts, session: Session, own: OwnSession): Promise<boolean> {
  if (own.interruptedRun === null) return true;
  const last = await lastWord(store, session.id, own.interruptedRun);
  if (last === null) return true;
  const { type, data } = last;
  return (await agent.remembers?.(own.id, { type, data })) ?? false;
}

/** Throws `InvalidOperationError` for a session that has ended, is paused or is marked as deleted. */
export function checkOpen(session: Session): void {
  const { id, status, deletedAt } = session;
  if (!isSessionOver(status) && status !== 'paused' && deletedAt === null) return;
  const state = deletedAt === null ? status : 'deleted';
  throw sessionError('invalid_operation', `session '${id}' is ${state} and takes no run`, {
    details: { session_id: id, status },
    why: 'Runs belong to sessions that are open: pending or active.',
    howToFix: status === 'paused' ? 'Resume the session first.' : 'Start a new session.',
  });
}

/** Throws `InvalidTransitionError` for a run that has ended, and `InvalidOperationError` for one that somebody works on. */
export function checkCanBegin(parts: Parts, run: Execution): void {
  if (run.status === 'pending' || isAbandoned(parts, run)) return;
  if (run.status === 'running') {
    throw sessionError('invalid_operation', `run '${run.id}' is under way`, {
      details: { run_id: run.id, owner: leaseOf(run)?.owner ?? null },
      howToFix: 'Wait for its end, or cancel it.',
    });
  }
  // Says which states may follow: none.
  moveExecution(run, 'running', parts.mint);
}

/** In the metadata of a session: the run that was begun last as the only one. Who writes it is refused when somebody else just has. */
const lastRunKey = 'last_run_id';

/**
 * Takes a stored run. Rejects with `RunOwnedError` when it has to be alone in its session, and is not, and with `CancelledError` when it
 * was cancelled meanwhile.
 */
export async function beginRun(
  parts: Parts,
  runId: string,
  {
    isAlone = false,
    continuation,
  }: { readonly isAlone?: boolean | undefined; readonly continuation: Continuation },
): Promise<BegunRun> {
  const { store } = parts;
  return retried(async () => {
    const run = await store.getRun(runId);
    const stored = await store.getSession(run.sessionId);
    // Whoever begins it has seen it wait.
    if (run.status === 'cancelled') throw sessionError('cancelled', `run '${run.id}' was cancelled`);
    checkCanBegin(parts, run);
    checkOpen(stored);
    const session = isAlone ? await takenAlone(parts, stored, run) : stored;
    const lease = takenBy(parts, run, continuation);
    const running = withLease(moveExecution(run, 'running', parts.mint), lease);
    const isAgain = run.status === 'running';
    const events = isAgain
      ? [tellOf(parts, session, run.id, 'error_recovered', { reason: 'owner_gone', epoch: lease.epoch })]
      : inputEvents(parts, session, run);
    await store.flush({ session, run: running, events });
    return { session, run: running, lease, isAgain };
  });
}

/** Of two that look at the same moment one writes the session first, and the other looks again. */
async function takenAlone({ store }: Parts, session: Session, { id }: Execution): Promise<Session> {
  const active = await store.getActiveRun(session.id);
  if (active !== null && active.id !== id) throw sessionIsBusy(active);
  return { ...session, metadata: mergeObjects(session.metadata, { [lastRunKey]: id }) };
}

/** Why nobody else begins in a session now. */
export function sessionIsBusy(run: Execution): Error {
  const lease = leaseOf(run);
  const until = lease === null ? '' : ` Its lease holds until ${lease.expiresAt}.`;
  return new RunOwnedError({
    summary: `run '${run.id}' of session '${run.sessionId}' is under way in another process`,
    whatFailed: `The agent was to be asked in session '${run.sessionId}', in which run '${run.id}' is under way.${until}`,
    why: 'A conversation has one turn at a time: two agents at once would each lack what the other says.',
    howToFix: `Wait for its end: \`runlog session URL ${run.sessionId} --follow\`. A run whose process has died is ended by the next call, on another machine when its lease has lapsed.`,
    context: { session_id: run.sessionId, run_id: run.id, owner: lease?.owner ?? null },
  });
}

/** Makes a session and its one run, and takes it, in one commit. */
export async function beginOnce(
  parts: Parts,
  session: Session,
  run: Execution,
  continuation: Continuation,
): Promise<BegunRun> {
  const lease = takenBy(parts, run, continuation);
  const active = moveSession(session, 'active', parts.mint);
  const running = withLease(moveExecution(run, 'running', parts.mint), lease);
  const events = [
    createdEvent(parts, session),
    tellOf(parts, session, null, 'session_started'),
    ...inputEvents(parts, session, run),
  ];
  await parts.store.flush({ session: active, run: running, events });
  return { session: active, run: running, lease, isAgain: false };
}

export function createdEvent(parts: Parts, session: Session): SessionEvent {
  return tellOf(parts, session, null, 'session_created', { provider: parts.agent.name });
}

function inputEvents(parts: Parts, session: Session, run: Execution): readonly SessionEvent[] {
  return messagesOfInput(run.input).map((data) => tellOf(parts, session, run.id, 'message_sent', data));
}
