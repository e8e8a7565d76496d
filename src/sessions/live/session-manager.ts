/**
 * Decides what can be done with sessions of one agent: begun, paused, ended, and given runs that are worked on, cancelled, and put
 * right when a process has died. Every change of state and the event that tells of it are one commit.
 */
import {
  checkedOptions,
  checkOptionNames,
  checkParts,
  type JsonObject,
  type JsonValue,
  redactor as builtInRedactor,
} from '../../base/index.ts';
import { listPrices } from '../../effects/index.ts';
import { ConcurrentWriterError } from '../../log/index.ts';
import { patientAgent } from '../agents/patient-agent.ts';
import { checkDuration } from '../agents/agent-timeout.ts';
import { capabilityResolver } from '../capabilities/capability-resolver.ts';
import { sessionError } from '../errors/session-error.ts';
import type { SessionEventType } from '../model/event-types.ts';
import { type Execution, type NewExecution, newExecution } from '../model/execution.ts';
import {
  checkSessionMove,
  moveSession,
  newSession,
  type Session,
  type SessionStatus,
} from '../model/session.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { checkAgentWaits, checkedPolicy } from '../policy/check-policies.ts';
import type { Policy } from '../policy/policy.ts';
import { EventBuilder } from '../pipeline/event-builder.ts';
import { redactExecution, redactSession } from '../redact/redact-session.ts';
import {
  beginOnce,
  beginRun,
  type BegunRun,
  checkCanBegin,
  checkOpen,
  createdEvent,
  memoryOf,
} from './begin-run.ts';
import { type ApprovalRequest, type ApprovalWord, decideApproval, pendingApprovals } from './approvals.ts';
import { cancelRun } from './cancel-run.ts';
import { changeSession } from './change-session.ts';
import { endsItsSession } from './finish-run.ts';
import { guardedStore } from './guarded-store.ts';
import { KeptInputs } from './kept-inputs.ts';
import type { Parts, SessionManagerOptions } from './parts.ts';
import { abandonedRuns, endAbandoned } from './recover-runs.ts';
import { leaseOf } from './run-lease.ts';
import { failureData, tellOf } from './session-events.ts';
import {
  managerOptionNames,
  runOptionForms,
  runOptionNames,
  sessionOptionNames,
  type StartRun,
  startRunOptionNames,
  type StartSession,
} from './session-options.ts';
import { openTelemetry } from '../telemetry/telemetry.ts';
import { RunTelemetry } from '../telemetry/run-telemetry.ts';
import { type GivenToRun, RunAtWork, type RunOptions, type RunResult } from './work-on-run.ts';

const defaultLeaseMs = 15_000;

/** Drives sessions and runs of agents. What an entry point resolves with is durable. */
export class SessionManager {
  readonly #parts: Parts;
  readonly #atWork = new Map<string, RunAtWork>();
  /** Runs that somebody cancels now. */
  readonly #cancels = new Set<string>();
  readonly #inputs = new KeptInputs();
  /** Calls that begin runs, from their first step to their last. */
  readonly #calls = new Set<Promise<unknown>>();
  #closing: Promise<void> | null = null;

  constructor(options: SessionManagerOptions) {
    const { store, agent, mint, sha256, platform, leaseMs = defaultLeaseMs, prices = listPrices } = options;
    checkOptionNames('SessionManager', options, managerOptionNames);
    checkDuration('leaseMs', leaseMs);
    const redactor = options.redactor === undefined ? builtInRedactor() : options.redactor;
    this.#parts = Object.freeze<Parts>({
      options,
      store: guardedStore(store),
      agent: patientAgent(agent, platform),
      mint,
      platform,
      redactor,
      builder: new EventBuilder({ mint, sha256, redactor }),
      prices,
      leaseMs,
      telemetry: openTelemetry(options.onTelemetry, platform),
    });
  }

  /** A new session, `pending`, with `session_created`. Rejects with `AlreadyExistsError` when the id is taken. */
  async startSession(given: StartSession = {}): Promise<Session> {
    const session = this.#newSession('startSession', given);
    const { store } = this.#parts;
    try {
      await store.flush({ session, run: null, events: [createdEvent(this.#parts, session)] });
    } catch (error) {
      if (!(error instanceof ConcurrentWriterError)) throw error;
      throw sessionError('already_exists', `there is a session '${session.id}' already`, {
        details: { session_id: session.id },
        cause: error,
      });
    }
    return store.getSession(session.id);
  }

  /** From pending to active. A session that is active already stays as it is, without an event; so with the other changes. */
  async activateSession(sessionId: string): Promise<Session> {
    return this.#move(sessionId, ['pending'], 'active', 'session_started');
  }

  /** From active to paused: no run begins until it is resumed; one that is under way goes on. */
  async pauseSession(sessionId: string, reason?: string): Promise<Session> {
    const data = reason === undefined ? {} : { reason };
    return this.#move(sessionId, ['active'], 'paused', 'session_paused', data);
  }

  async resumeSession(sessionId: string): Promise<Session> {
    return this.#move(sessionId, ['paused'], 'active', 'session_resumed');
  }

  /** Rejects with `InvalidOperationError` while a run of it is under way; so do the next two. */
  async completeSession(sessionId: string): Promise<Session> {
    await this.#checkIdle(sessionId);
    return this.#move(sessionId, ['active'], 'completed', 'session_completed');
  }

  async failSession(sessionId: string, error: unknown): Promise<Session> {
    await this.#checkIdle(sessionId);
    return this.#move(sessionId, null, 'failed', 'session_failed', failureData(error));
  }

  async cancelSession(sessionId: string, reason?: string): Promise<Session> {
    await this.#checkIdle(sessionId);
    const data = reason === undefined ? {} : { reason };
    return this.#move(sessionId, null, 'cancelled', 'session_cancelled', data);
  }

  /** A new run, `pending`. Its input is stored without secrets; this manager keeps it as it is until the run begins. */
  async startRun(sessionId: string, input: JsonValue, given: StartRun = {}): Promise<Execution> {
    this.#checkNotClosed();
    checkOptionNames('startRun', checkedOptions('a run', given), startRunOptionNames);
    const { store, agent } = this.#parts;
    checkOpen(await store.getSession(sessionId));
    const { id, metadata = {}, requiredCapabilities = [] } = given;
    if (requiredCapabilities.length > 0) {
      capabilityResolver({ required: requiredCapabilities }).negotiate(await agent.capabilities());
    }
    // Kept with the run: of several agents that a router has, one that can do it is asked.
    const required =
      requiredCapabilities.length === 0 ? {} : { required_capabilities: [...requiredCapabilities] };
    const stored = { sessionId, id, input, metadata: { ...metadata, ...required } };
    const run = await store.saveRun(this.#newRun(stored));
    this.#inputs.keep(run.id, input);
    return run;
  }

  /**
   * Lets the agent work on a run that waits, and resolves with what came of it when its end is stored. Rejects with what the agent
   * failed with, with `CancelledError` and `SessionTimeoutError`, when that is stored, and with the error of the store when it
   * cannot be: the run is then left to `recover`.
   */
  async executeRun(runId: string, options: RunOptions = {}): Promise<RunResult> {
    return this.#call('executeRun', options, async () => {
      const run = await this.#parts.store.getRun(runId);
      if (run.status === 'running') throw underWay(run);
      return this.#execute(run, options);
    });
  }

  /**
   * Goes on with a run whose process has died: the agent does the whole of it again, as the same run in the next epoch. Without
   * `continuation` it learns what was said before as it did in the call that ended; no other option of that call is kept. The row of a
   * run that an older version began does not say it: then it is `false`.
   */
  async resumeRun(runId: string, options: RunOptions = {}): Promise<RunResult> {
    return this.#call('resumeRun', options, async () =>
      this.#execute(await this.#parts.store.getRun(runId), options),
    );
  }

  /** A session for one run: both begin in one commit and end in one. Its default `agentId` is the agent's name. */
  async runOnce(
    input: JsonValue,
    options: RunOptions & { readonly session?: StartSession } = {},
  ): Promise<RunResult> {
    return this.#call('runOnce', options, async () => {
      const session = this.#newSession('session of runOnce', options.session ?? {});
      const metadata = { [endsItsSession]: true };
      const run = this.#newRun({ sessionId: session.id, id: undefined, input, metadata });
      const policy = await this.#policyOf(options);
      const { continuation = false } = options;
      const memory = await memoryOf(this.#parts, session, continuation, {});
      this.#checkNotClosed();
      const begun = await beginOnce(this.#parts, session, run, continuation);
      return this.#workOn(begun, { input, memory, policy }, options);
    });
  }

  /**
   * Ends a run as cancelled, and resolves when its end is stored: at once when it waits or nobody works on it, after its agent when
   * this manager works on it. A run of another process is asked to end, and is watched until it has; that takes a third of its
   * lease. Rejects with `InvalidTransitionError` for a run that has ended in another way.
   */
  async cancelRun(runId: string): Promise<Execution> {
    this.#inputs.take(runId);
    this.#cancels.add(runId);
    try {
      return await cancelRun(this.#parts, this.#atWork, runId);
    } finally {
      this.#cancels.delete(runId);
    }
  }

  /** The requests of runs of a session that wait for a person, in this process or another. */
  async pendingApprovals(sessionId: string): Promise<readonly ApprovalRequest[]> {
    return pendingApprovals(this.#parts, sessionId);
  }

  /**
   * Lets a run go on that waits. The first word counts: the same one again changes nothing, the other one rejects with
   * `InvalidOperationError`, as a request that nobody waits for does.
   */
  async grantApproval(sessionId: string, requestId: string, word: ApprovalWord = {}): Promise<SessionEvent> {
    return decideApproval(this.#parts, sessionId, requestId, 'granted', word);
  }

  /** Ends a run that waits: it fails with `PolicyViolationError`. Otherwise as `grantApproval`. */
  async denyApproval(sessionId: string, requestId: string, word: ApprovalWord = {}): Promise<SessionEvent> {
    return decideApproval(this.#parts, sessionId, requestId, 'denied', word);
  }

  /**
   * Ends every run of one session, or of all open sessions, whose process has died, and what its agent has left running on this host.
   * What the agent had told counts: its own session, its model, its tokens. Resolves with the runs as they ended.
   */
  async recover(sessionId?: string): Promise<readonly Execution[]> {
    const ended: Execution[] = [];
    for await (const { id } of abandonedRuns(this.#parts, sessionId)) {
      if (this.#atWork.has(id)) continue;
      const finished = await endAbandoned(this.#parts, id);
      if (finished !== null) ended.push(finished.run);
    }
    return ended;
  }

  /** The runs that `recover` would end. */
  async findAbandoned(sessionId?: string): Promise<readonly Execution[]> {
    const found: Execution[] = [];
    for await (const run of abandonedRuns(this.#parts, sessionId))
      if (!this.#atWork.has(run.id)) found.push(run);
    return found;
  }

  /** Cancels what is under way or begins, waits for its end, and closes the agent. The store stays open. Safe to call twice. */
  async close(): Promise<void> {
    this.#closing ??= this.#end();
    await this.#closing;
  }

  async #end(): Promise<void> {
    for (const run of this.#atWork.values()) run.stop('cancelled');
    await Promise.allSettled([...this.#calls]);
    await this.#parts.agent.close();
  }

  /** Whoever closes waits for it. */
  async #call(entry: string, options: RunOptions, work: () => Promise<RunResult>): Promise<RunResult> {
    this.#checkNotClosed();
    const known = entry === 'runOnce' ? ['session', ...runOptionNames] : runOptionNames;
    checkOptionNames(entry, checkedOptions('a run', options), known);
    checkParts<RunOptions>(entry, options, runOptionForms);
    if (options.deadlineMs !== undefined) checkDuration('deadlineMs', options.deadlineMs);
    const call = work();
    this.#calls.add(call);
    try {
      return await call;
    } finally {
      this.#calls.delete(call);
    }
  }

  async #execute(run: Execution, options: RunOptions): Promise<RunResult> {
    if (this.#atWork.has(run.id)) throw underWay(run);
    checkCanBegin(this.#parts, run);
    const session = await this.#parts.store.getSession(run.sessionId);
    checkOpen(session);
    const { continuation = leaseOf(run)?.continuation ?? false, window } = options;
    const question = { ...(window === undefined ? {} : { window }), exceptRunId: run.id };
    const memory = await memoryOf(this.#parts, session, continuation, question);
    const policy = await this.#policyOf(options);
    this.#checkNotClosed();
    const begun = await beginRun(this.#parts, run.id, { isAlone: options.isAlone, continuation });
    const input = this.#inputs.take(run.id) ?? run.input;
    return this.#workOn(begun, { input, memory, policy }, options);
  }

  /** Throws for a policy that cannot be kept, before anything is written. */
  async #policyOf({ policies = [] }: RunOptions): Promise<Policy | null> {
    const { agent, options } = this.#parts;
    const policy = checkedPolicy([...(options.policies ?? []), ...policies]);
    if (policy?.onViolation === 'request_approval')
      checkAgentWaits(policy, agent.name, await agent.capabilities());
    return policy;
  }

  async #workOn(
    begun: BegunRun,
    given: Omit<GivenToRun, 'telemetry'>,
    options: RunOptions,
  ): Promise<RunResult> {
    const { id } = begun.run;
    const { agent, redactor, telemetry, platform } = this.#parts;
    const ofAgent = { ...begun, provider: agent.name, redactor, nowMs: platform.nowMs };
    const told = telemetry === null ? null : new RunTelemetry(telemetry, ofAgent);
    const work = new RunAtWork(this.#parts, begun, { ...given, telemetry: told }, options);
    this.#atWork.set(id, work);
    // It was begun while somebody closed, or cancelled it.
    if (this.#closing !== null || this.#cancels.has(id)) work.stop('cancelled');
    try {
      const result = await work.ended;
      told?.stopped(result);
      return result;
    } catch (error) {
      told?.failed(error);
      throw error;
    } finally {
      this.#atWork.delete(id);
    }
  }

  async #move(
    sessionId: string,
    from: readonly SessionStatus[] | null,
    to: SessionStatus,
    type: SessionEventType,
    data: JsonObject = {},
  ): Promise<Session> {
    return changeSession(this.#parts.store, sessionId, (session) => {
      if (session.status === to) return null;
      checkSessionMove(sessionId, session.status, to);
      if (from !== null && !from.includes(session.status)) throw otherWay(session, to);
      const events = [tellOf(this.#parts, session, null, type, data)];
      return { session: moveSession(session, to, this.#parts.mint), events };
    });
  }

  async #checkIdle(sessionId: string): Promise<void> {
    const run = await this.#parts.store.getActiveRun(sessionId);
    if (run !== null) throw underWay(run);
  }

  #newSession(call: string, given: StartSession): Session {
    this.#checkNotClosed();
    const { agent, mint, redactor } = this.#parts;
    checkOptionNames(call, checkedOptions('a session', given), sessionOptionNames);
    const metadata = { ...given.metadata, provider: agent.name };
    const session = newSession({ ...given, agentId: given.agentId ?? agent.name, metadata }, mint);
    return redactor === null ? session : redactSession(session, redactor);
  }

  #newRun(given: NewExecution): Execution {
    const { redactor, mint } = this.#parts;
    const run = newExecution(given, mint);
    return redactor === null ? run : redactExecution(run, redactor);
  }

  #checkNotClosed(): void {
    if (this.#closing !== null) throw sessionError('invalid_operation', 'the session manager is closed');
  }
}

function underWay(run: Execution): Error {
  return sessionError('invalid_operation', `run '${run.id}' of session '${run.sessionId}' is under way`, {
    details: { run_id: run.id, session_id: run.sessionId },
    why: 'A run is worked on by one process at a time, and its session ends after it.',
    howToFix:
      'Wait for its end, or cancel it; one whose process has died is ended by `recover`, or gone on with by `resumeRun`.',
  });
}

function otherWay({ id, status }: Session, to: SessionStatus): Error {
  return sessionError(
    'invalid_transition',
    `session '${id}' is ${status} and does not become ${to} this way`,
    {
      details: { session_id: id, from: status, to },
      howToFix: status === 'paused' ? 'Resume the session instead.' : 'Activate the session first.',
    },
  );
}
