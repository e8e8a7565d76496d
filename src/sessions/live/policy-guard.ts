/**
 * Decides what becomes of a run that does more than its policy allows: it is written down, and then told, made to wait for a person,
 * or ended. Time is watched by a timer, so that an agent that tells nothing is stopped too.
 */
import type { Canceller, CancelSignal, JsonObject, JsonValue } from '../../base/index.ts';
import type { AgentEvent, AgentResult } from '../agents/port.ts';
import { sessionError } from '../errors/session-error.ts';
import type { SessionEventType } from '../model/event-types.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { brokenRule } from '../policy/broken-rule.ts';
import type { Policy, PolicyAction } from '../policy/policy.ts';
import { PolicyMeter, type PolicyViolation, type PolicyWarning } from '../policy/policy-meter.ts';
import { awaitDecision } from './approvals.ts';
import type { Parts } from './parts.ts';
import type { RunIntake } from './run-intake.ts';
import type { RunPast } from './past/run-past.ts';

/** What a guard begins with. */
export interface GivenToGuard {
  /** What the run has used before; `null` for one that begins. */
  readonly past: RunPast | null;
  /** Given when the run is stopped, by whomever. */
  readonly stopped: CancelSignal;
  readonly stopRun: () => void;
}

/** What a policy has seen of a run. */
export interface PolicyReport {
  readonly name: string;
  readonly action: PolicyAction;
  readonly violations: readonly PolicyViolation[];
  readonly warnings: readonly PolicyWarning[];
  readonly metadata: JsonObject;
}

export class PolicyGuard {
  readonly #parts: Parts;
  readonly #policy: Policy;
  readonly #intake: RunIntake;
  readonly #meter: PolicyMeter;
  readonly #past: RunPast | null;
  readonly #stopped: CancelSignal;
  readonly #stopRun: () => void;
  readonly #timer: Canceller;
  readonly #watching: Promise<void>;
  readonly #violations: PolicyViolation[] = [];
  readonly #approved = new Set<JsonValue>();
  #held: Promise<unknown> = Promise.resolve();
  #heldMs = 0;
  /** Why the run may not go on. */
  refusal: Error | null = null;

  constructor(parts: Parts, policy: Policy, intake: RunIntake, given: GivenToGuard) {
    this.#parts = parts;
    this.#policy = policy;
    this.#intake = intake;
    this.#past = given.past;
    this.#meter = given.past?.meter ?? new PolicyMeter(policy, parts.prices);
    this.#stopped = given.stopped;
    this.#stopRun = given.stopRun;
    this.#timer = parts.platform.newCanceller();
    this.#watching = this.#watchTime();
  }

  get report(): PolicyReport {
    const { name, onViolation: action, metadata } = this.#policy;
    return { name, action, metadata, violations: [...this.#violations], warnings: this.#meter.warnings };
  }

  /** By attempts that ended with their process. */
  get usedTokens(): number {
    return this.#past === null ? 0 : this.#meter.tokens;
  }

  /** True for a call of a tool that a person has let pass. */
  isApproved(toolCallId: string): boolean {
    return this.#approved.has(toolCallId);
  }

  /** Weighs what the run has used before it was gone on with. Resolves when the agent may begin; rejects when it may not. */
  async begin(): Promise<void> {
    if (this.#past === null) return;
    this.#violations.push(...this.#past.settled);
    await this.#tell(await this.#raise(this.#past.open, null, this.#policy.onViolation));
    await this.gate();
  }

  /** Weighs an event that is stored, and resolves with what that made the policy say. Stops the run where it has to. */
  async weigh(event: AgentEvent): Promise<readonly SessionEvent[]> {
    const found = this.#meter.take(event, this.#intake.agent, this.#parts.mint.now());
    return found.length === 0 ? [] : this.#raise(found, event, this.#policy.onViolation);
  }

  /** Resolves when the agent may go on. Rejects when it may not, and when the run is stopped. */
  async gate(): Promise<void> {
    await this.#held;
    if (this.refusal !== null) throw this.refusal;
    if (this.#stopped.aborted) throw sessionError('cancelled', 'the run was stopped while it waited');
  }

  /** Weighs what came of the run: that is done, so nobody is asked any more. */
  async finish(result: AgentResult | null): Promise<void> {
    this.#timer.abort();
    await this.#watching;
    const found = result === null ? [] : this.#meter.takeResult(result);
    const action = this.#policy.onViolation === 'request_approval' ? 'warn' : this.#policy.onViolation;
    const said = await this.#raise(found, null, action);
    await this.#tell(said);
  }

  async #raise(
    found: readonly PolicyViolation[],
    event: AgentEvent | null,
    action: PolicyAction,
  ): Promise<readonly SessionEvent[]> {
    const said: SessionEvent[] = [];
    for (const violation of found) {
      this.#violations.push(violation);
      const { policy, kind, details } = violation;
      const told = await this.#say('policy_violation', { policy, kind, action: violation.action, details });
      if (told !== null) said.push(told);
      if (action === 'request_approval') said.push(...(await this.#ask(violation, event)));
    }
    if (found.length > 0 && action === 'cancel') this.#refuse(this.#broken());
    return said;
  }

  async #ask({ policy, kind, details }: PolicyViolation, event: AgentEvent | null) {
    const call = event?.type === 'tool_call_started' ? event.data : {};
    const told = await this.#say('tool_approval_requested', {
      tool_name: call['tool_name'] ?? '',
      tool_call_id: call['tool_call_id'] ?? null,
      tool_input: call['tool_input'] ?? {},
      policy_name: policy,
      violation_kind: kind,
      details,
    });
    if (told === null) {
      // A request that nobody can read would be waited for without end.
      this.#refuse(sessionError('storage_write_failed', 'the request for an approval could not be stored'));
      return [];
    }
    this.#held = Promise.all([this.#held, this.#decided(told)]);
    return [told];
  }

  /** Never rejects. */
  async #decided(request: SessionEvent): Promise<void> {
    const { platform } = this.#parts;
    const sinceMs = platform.nowMs();
    const word = await awaitDecision(this.#parts, request, this.#stopped);
    this.#heldMs += platform.nowMs() - sinceMs;
    if (word === null) return;
    if (word.type === 'tool_approval_denied') this.#refuse(this.#broken(word));
    else this.#approved.add(request.data['tool_call_id'] ?? null);
    await this.#tell([word]);
  }

  async #watchTime(): Promise<void> {
    const { maxDurationMs } = this.#policy.limits;
    const { platform } = this.#parts;
    const usedMs = this.#past?.elapsedMs ?? 0;
    // Time that was used up before is weighed at the beginning, with everything else.
    if (maxDurationMs === null || usedMs > maxDurationMs) return;
    const startedMs = platform.nowMs() - usedMs;
    let leftMs = maxDurationMs + 1 - usedMs;
    while (leftMs > 0) {
      const heldMs = this.#heldMs;
      await platform.sleep(leftMs, this.#timer.signal);
      if (this.#timer.signal.aborted) return;
      await this.#held;
      // The time in which a person was waited for is given back.
      leftMs = this.#heldMs - heldMs;
    }
    const elapsedMs = Math.max(maxDurationMs + 1, platform.nowMs() - startedMs - this.#heldMs);
    const said = await this.#raise(this.#meter.takeDuration(elapsedMs), null, this.#policy.onViolation);
    await this.#tell(said);
  }

  #refuse(why: Error): void {
    this.refusal ??= why;
    this.#stopRun();
  }

  #broken(word?: SessionEvent): Error {
    const { name } = this.#policy;
    const violations = this.#violations.map(({ kind, details }) => ({ kind, details }));
    const [last] = violations.slice(-1);
    const { what, howToFix } = brokenRule(name, last);
    const denied =
      word === undefined
        ? {}
        : { denied_by: word.data['by'] ?? null, request_id: word.data['request_id'] ?? null };
    const how = word === undefined ? `broke policy '${name}'` : 'was denied what it asked for';
    return sessionError('policy_violation', `the run ${how}: ${what}`, {
      details: { policy: name, violations, ...denied },
      howToFix,
    });
  }

  /** `null` when it could not be stored; that is counted, and changes nothing about what follows. */
  async #say(type: SessionEventType, data: JsonObject): Promise<SessionEvent | null> {
    try {
      return await this.#intake.say({ type, data });
    } catch {
      this.#intake.failures += 1;
      return null;
    }
  }

  /** Tells what no event of the agent waits for. Whoever listens and refuses it ends the run, as with any event; never rejects. */
  async #tell(said: readonly SessionEvent[]): Promise<void> {
    try {
      for (const event of said) await this.#intake.tell(event, event.sequenceNumber);
    } catch (error) {
      this.#refuse(error instanceof Error ? error : sessionError('unknown_error', String(error)));
    }
  }
}
