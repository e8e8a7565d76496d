/**
 * Decides how a run goes from its beginning to its end: the agent works, its events are stored, the lease is kept, and whoever stops
 * it - a cancel, a deadline, another owner - stops the agent first and then writes the end.
 */
import type { Canceller, CancelSignal, JsonObject, JsonValue, Usd } from '../../base/index.ts';
import { agentTimeoutMs, longestTimeoutMs } from '../agents/agent-timeout.ts';
import { executeGraceMs } from '../agents/patient-agent.ts';
import type { AgentCall, AgentEvent, AgentResult } from '../agents/port.ts';
import { toldByAgent } from '../agents/told-by-agent.ts';
import { sessionError, sessionErrorCode } from '../errors/session-error.ts';
import type { Execution } from '../model/execution.ts';
import type { Session } from '../model/session.ts';
import type { Policy } from '../policy/policy.ts';
import { policyHints } from '../policy/tool-lists.ts';
import type { RunTelemetry } from '../telemetry/run-telemetry.ts';
import type { TranscriptWindow } from '../transcript/window.ts';
import type { BegunRun, Memory } from './begin-run.ts';
import type { Continuation } from './continuation.ts';
import { finishRun } from './finish-run.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { Ending, Outcome } from './end/outcome.ts';
import type { Parts } from './parts.ts';
import { PolicyGuard, type PolicyReport } from './policy-guard.ts';
import { readPast, type RunPast } from './past/run-past.ts';
import { type OnLiveEvent, RunIntake } from './run-intake.ts';

/** How one run of an agent goes: events, continuation, limits in milliseconds, tools, policies. */
export interface RunOptions {
  readonly onEvent?: OnLiveEvent;
  /** `false` by default; of `resumeRun`, that of the call that ended. */
  readonly continuation?: Continuation;
  readonly window?: TranscriptWindow;
  /** What the agent gets; the run fails with `provider_timeout` after it. See `agentTimeoutMs`. */
  readonly timeoutMs?: number;
  /** The run ends as `timeout` after so long, whatever the agent does. Without it there is only `timeoutMs`. */
  readonly deadlineMs?: number;
  /** Refused with `RunOwnedError` while another run of the session is under way; of two that begin at once, one is. */
  readonly isAlone?: boolean;
  /** Cancels the run. */
  readonly signal?: CancelSignal;
  readonly allowedTools?: readonly string[];
  readonly deniedTools?: readonly string[];
  /** Hold together with those of the manager: the strictest action, the smallest limits, all rules. */
  readonly policies?: readonly Policy[];
  /** Settings of the adapter for this run. */
  readonly settings?: JsonObject;
}

/** How a run ended: its row, its session, output, tokens, cost in dollars, policies. */
export interface RunResult {
  readonly run: Execution;
  readonly session: Session;
  readonly output: JsonObject;
  readonly tokenUsage: JsonObject;
  /** Exact; `null` when nobody knows. */
  readonly costUsd: Usd | null;
  /** Events of the agent that could not be stored. */
  readonly persistenceFailures: number;
  /** What its policy has seen; `null` for a run without one. */
  readonly policy: PolicyReport | null;
  /** Which agent a router has chosen, and why; `null` without a router. */
  readonly routing: JsonObject | null;
}

/** What an agent that was stopped gets to end what it started. */
const stopGraceMs = executeGraceMs;

/** Who stopped a run. `taken`: another process has it now, so nothing is written. `policy`: it fails. */
type Stop = 'cancelled' | 'timeout' | 'taken' | 'policy';

/** What an agent's work came to. */
interface Answer {
  readonly result: AgentResult | null;
  readonly failure: unknown;
}

/** What a run begins with. */
export interface GivenToRun {
  /** As it was given, secrets included. */
  readonly input: JsonValue;
  readonly memory: Memory;
  /** All policies in one; `null` for none. */
  readonly policy: Policy | null;
  /** `null` when nobody listens. */
  readonly telemetry: RunTelemetry | null;
}

/** A run that this process works on. */
export class RunAtWork {
  readonly #parts: Parts;
  readonly #begun: BegunRun;
  readonly #policy: Policy | null;
  readonly #options: RunOptions;
  readonly #telemetry: RunTelemetry | null;
  readonly #stop: Canceller;
  #stoppedBy: Stop | null = null;
  /** Settles with the run: what it rejects with is why it did not complete. */
  readonly ended: Promise<RunResult>;

  constructor(parts: Parts, begun: BegunRun, given: GivenToRun, options: RunOptions) {
    const { input, memory, policy, telemetry } = given;
    this.#telemetry = telemetry;
    this.#parts = parts;
    this.#begun = begun;
    this.#policy = policy;
    this.#options = options;
    this.#stop = parts.platform.newCanceller();
    this.ended = this.#work(input, memory);
  }

  get sessionId(): string {
    return this.#begun.session.id;
  }

  /** Stops the agent; the end is written when it has stopped. The first who stops a run says how it ends. */
  stop(by: Stop): void {
    this.#stoppedBy ??= by;
    this.#stop.abort();
  }

  async #work(input: JsonValue, memory: Memory): Promise<RunResult> {
    const { run, lease, session, isAgain } = this.#begun;
    const parts = this.#parts;
    const { onEvent = () => undefined, signal } = this.#options;
    const keeper = new LeaseKeeper(parts, run, lease, (news) =>
      this.stop(news === 'taken' ? 'taken' : 'cancelled'),
    );
    const stopped = new Promise<void>((resolve) => {
      this.#stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    // Whoever listens is told everything; a run that is stopped does not wait until it was heard.
    const heard: OnLiveEvent = (event) => Promise.race([onEvent(event), stopped]);
    const cancel = (): void => this.stop('cancelled');
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted === true) cancel();
    const timer = this.#startDeadline();
    try {
      const past = isAgain ? await readPast(parts, run, this.#policy) : null;
      const given = { onEvent: heard, heard: past?.facts ?? null };
      const intake = new RunIntake(parts, session, run.id, keeper, given);
      const guard = this.#startGuard(intake, past);
      const answer = await this.#ask(intake, guard, input, memory);
      timer.abort();
      await guard?.finish(answer.result);
      await intake.close();
      await keeper.stop();
      return await this.#finish(keeper, intake, guard, answer);
    } finally {
      timer.abort();
      signal?.removeEventListener('abort', cancel);
      await keeper.stop();
    }
  }

  #startDeadline(): Canceller {
    const { platform } = this.#parts;
    const { deadlineMs } = this.#options;
    const timer = platform.newCanceller();
    if (deadlineMs !== undefined) {
      void platform.sleep(deadlineMs, timer.signal).then(() => {
        if (!timer.signal.aborted) this.stop('timeout');
      });
    }
    return timer;
  }

  #startGuard(intake: RunIntake, past: RunPast | null): PolicyGuard | null {
    const policy = this.#policy;
    if (policy === null) return null;
    const stopped = this.#stop.signal;
    return new PolicyGuard(this.#parts, policy, intake, {
      past,
      stopped,
      stopRun: () => this.stop('policy'),
    });
  }

  async #ask(
    intake: RunIntake,
    guard: PolicyGuard | null,
    input: JsonValue,
    memory: Memory,
  ): Promise<Answer> {
    const { run, session, isAgain } = this.#begun;
    const { agent } = this.#parts;
    const { timeoutMs, deadlineMs, settings } = this.#options;
    // A person takes longer than any agent.
    const isPatient = deadlineMs !== undefined || this.#policy?.onViolation === 'request_approval';
    const weigh = guard === null ? null : (event: AgentEvent) => guard.weigh(event);
    const call: AgentCall = {
      onEvent: async (given) => {
        const event = toldByAgent(given);
        await intake.take(event, weigh);
        this.#telemetry?.told(event);
        await guard?.gate();
      },
      onAgent: (name) => intake.changeAgent(name),
      timeoutMs: agentTimeoutMs(timeoutMs ?? (isPatient ? longestTimeoutMs : undefined)),
      signal: this.#stop.signal,
      ...memory,
      ...policyHints(this.#policy, this.#options, guard?.usedTokens),
      ...(this.#policy?.onViolation === 'request_approval'
        ? { isApproved: (toolCallId) => guard?.isApproved(toolCallId) ?? false }
        : {}),
      ...(settings === undefined ? {} : { settings }),
    };
    try {
      // Only now: until it was taken, what works on it may have been somebody else's.
      if (isAgain) await agent.endLeftovers?.(run.id);
      await guard?.begin();
      const asked = agent.execute({ ...run, input }, session, call);
      return { result: await this.#withinGrace(asked), failure: null };
    } catch (failure) {
      return { result: null, failure };
    }
  }

  /** An agent that has been stopped and does not end is left alone: what it tells later is refused. */
  async #withinGrace(asked: Promise<AgentResult>): Promise<AgentResult> {
    const { platform } = this.#parts;
    const timer = platform.newCanceller();
    const left = new Promise<never>((_, reject) => {
      const wait = (): void => {
        void platform.sleep(stopGraceMs, timer.signal).then(() => {
          if (!timer.signal.aborted) reject(sessionError('provider_timeout', 'the agent did not stop'));
        });
      };
      this.#stop.signal.addEventListener('abort', wait, { once: true });
      if (this.#stop.signal.aborted) wait();
    });
    try {
      return await Promise.race([asked, left]);
    } finally {
      timer.abort();
    }
  }

  #outcomeOf(intake: RunIntake, { result, failure }: Answer): Outcome {
    const { failures, endings } = intake;
    const { earlier, model, providerSessionId, tokenUsage } = intake.heard;
    const ending = this.#endingOf(result, failure);
    const error = ending === 'completed' ? null : this.#reasonOf(ending, failure);
    const told = endings.get(`run_${ending}`) ?? null;
    const who = { provider: result?.agent ?? intake.agent, earlier };
    return { ...who, ending, result, error, model, providerSessionId, tokenUsage, failures, told };
  }

  #endingOf(result: AgentResult | null, failure: unknown): Ending {
    const by = this.#stoppedBy;
    if (by === 'cancelled' || by === 'timeout') return by;
    if (by === null && result === null && sessionErrorCode(failure) === 'cancelled') return 'cancelled';
    return by === 'policy' || result === null ? 'failed' : 'completed';
  }

  #reasonOf(ending: Ending, failure: unknown): unknown {
    const { id } = this.#begun.run;
    if (ending === 'cancelled') return sessionError('cancelled', `run '${id}' was cancelled`);
    const { deadlineMs = 0 } = this.#options;
    return ending === 'timeout'
      ? sessionError('timeout', `run '${id}' did not end within ${deadlineMs} ms`, {
          details: { run_id: id, deadline_ms: deadlineMs },
        })
      : failure;
  }

  async #finish(
    keeper: LeaseKeeper,
    intake: RunIntake,
    guard: PolicyGuard | null,
    { result, failure }: Answer,
  ): Promise<RunResult> {
    const why = this.#stoppedBy === 'policy' ? (guard?.refusal ?? failure) : failure;
    const outcome = this.#outcomeOf(intake, { result, failure: why });
    // Rejects when another process has the run: its end is theirs to write.
    const done = await finishRun(this.#parts, () => keeper.own(), { ...outcome, failures: intake.failures });
    const { run, session, costUsd, end, error } = done;
    await intake.tell(end, null);
    if (error !== null) throw asError(error);
    return {
      run,
      session,
      output: run.output ?? {},
      tokenUsage: run.tokenUsage,
      costUsd,
      persistenceFailures: intake.failures,
      policy: guard?.report ?? null,
      routing: result?.routing ?? null,
    };
  }
}

/** Whoever listens may throw anything. */
function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : sessionError('unknown_error', String(thrown));
}
