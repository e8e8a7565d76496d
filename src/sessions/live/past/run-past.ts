/**
 * Decides what a run has used before it is gone on with: all that its log says of the attempts that ended with their processes. A limit
 * holds for the run, and not for each of them; what a person has let pass stays let pass.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../../base/index.ts';
import type { Execution } from '../../model/execution.ts';
import type { SessionEvent } from '../../model/session-event.ts';
import type { Policy } from '../../policy/policy.ts';
import { PolicyMeter, type PolicyViolation } from '../../policy/policy-meter.ts';
import { isTaking, StoredFacts } from './heard-facts.ts';
import type { Parts } from '../parts.ts';

export interface RunPast {
  readonly facts: StoredFacts;
  /** Has counted all of it; `null` without a policy. */
  readonly meter: PolicyMeter | null;
  /** From the beginning of each attempt to the last that it told, without the time in which a person was waited for. */
  readonly elapsedMs: number;
  /** Limits that are passed, of which nothing is to be said any more: a person has let them pass, or the log has the warning. */
  readonly settled: readonly PolicyViolation[];
  /** Limits that are passed, and not settled. */
  readonly open: readonly PolicyViolation[];
}

const pageSize = 1_000;

/** Reads the run from its beginning to the event by which it was taken over: this costs as much as the run has events. */
export async function readPast(
  { store, prices, agent }: Parts,
  { id: runId, sessionId }: Execution,
  policy: Policy | null,
): Promise<RunPast> {
  const facts = new StoredFacts();
  const meter = policy === null ? null : new PolicyMeter(policy, prices);
  const clock = new AttemptClock();
  const words = new SaidOfLimits();
  const limits: PolicyViolation[] = [];
  // A tool that was denied is asked for again by the agent, which does the whole of it again.
  const pass = (found: readonly PolicyViolation[] = []): void => {
    limits.push(...found.filter(({ kind }) => kind === 'budget_exceeded'));
  };
  for (let after = 0; ;) {
    const page = await store.getEvents(sessionId, { runId, after, limit: pageSize });
    for (const event of page) {
      facts.add(event);
      clock.add(event);
      words.add(event);
      if (isTaking(event)) meter?.beginAgain();
      else pass(meter?.take(event, event.provider ?? agent.name, event.timestamp));
    }
    const last = page.at(-1)?.sequenceNumber ?? null;
    if (page.length < pageSize || last === null) break;
    after = last;
  }
  pass(meter?.takeDuration(clock.elapsedMs));
  return {
    facts,
    meter,
    elapsedMs: clock.elapsedMs,
    settled: limits.filter((limit) => words.isSettled(limit)),
    open: limits.filter((limit) => !words.isSettled(limit)),
  };
}

/** Counts the time of attempts. */
class AttemptClock {
  #attemptMs: number | null = null;
  #lastMs = 0;
  #sumMs = 0;
  #waitingMs: number | null = null;
  readonly #asked = new Set<JsonValue>();

  get elapsedMs(): number {
    return this.#sumMs;
  }

  add(event: SessionEvent): void {
    const { id, type, data, timestamp } = event;
    const atMs = Date.parse(timestamp);
    if (isTaking(event)) {
      this.#close();
      this.#attemptMs = atMs;
    }
    this.#attemptMs ??= atMs;
    // The clock of an agent may be another one: time does not go back.
    this.#lastMs = Math.max(this.#lastMs, this.#attemptMs, atMs);
    if (type === 'tool_approval_requested') {
      this.#asked.add(id);
      this.#waitingMs ??= atMs;
    }
    if (type === 'tool_approval_granted' || type === 'tool_approval_denied') this.#decided(data, atMs);
  }

  #decided(data: JsonObject, atMs: number): void {
    this.#asked.delete(data['request_id'] ?? null);
    if (this.#asked.size > 0 || this.#waitingMs === null) return;
    this.#sumMs -= Math.max(0, atMs - this.#waitingMs);
    this.#waitingMs = null;
  }

  #close(): void {
    const endMs = this.#waitingMs ?? this.#lastMs;
    this.#sumMs = Math.max(0, this.#sumMs + endMs - (this.#attemptMs ?? endMs));
    this.#waitingMs = null;
    this.#asked.clear();
    this.#lastMs = 0;
  }
}

/** What the log says of limits that were passed. */
class SaidOfLimits {
  readonly #warned = new Set<string>();
  readonly #granted = new Set<string>();
  readonly #asked = new Map<JsonValue, string>();

  add({ id, type, data }: SessionEvent): void {
    const limit = limitOf(data['details'] ?? null);
    if (type === 'policy_violation') this.#warned.add(limit);
    if (type === 'tool_approval_requested') this.#asked.set(id, limit);
    const asked = this.#asked.get(data['request_id'] ?? null);
    if (type === 'tool_approval_granted' && asked !== undefined) this.#granted.add(asked);
  }

  isSettled({ action, details }: PolicyViolation): boolean {
    if (action === 'cancel') return false;
    return (action === 'warn' ? this.#warned : this.#granted).has(limitOf(details));
  }
}

function limitOf(details: JsonValue): string {
  return isJsonObject(details) ? JSON.stringify([details['metric'] ?? null, details['limit'] ?? null]) : '';
}
