/** Decides how well an agent is: what failed lately counts against it, less with time, and for a while it is not asked at all. */
import {
  CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitState,
  type Outcome,
} from './circuit-breaker.ts';

/** How long, in milliseconds, an agent that failed is left alone, and when its circuit opens. */
export interface HealthOptions {
  /** After a failure an agent is not asked for so long; 30,000 by default. */
  readonly cooldownMs?: number;
  /** Off by default. */
  readonly circuitBreaker?: CircuitBreakerOptions;
}

/** How an agent has done lately. */
export interface HealthStatus {
  /** In a row. */
  readonly failures: number;
  readonly isCoolingDown: boolean;
  /** `null` without a breaker. */
  readonly circuit: CircuitState | null;
}

export class AgentHealth {
  readonly #cooldownMs: number;
  readonly #breaker: CircuitBreaker | null;
  #failures = 0;
  #failedMs: number | null = null;

  constructor({ cooldownMs = 30_000, circuitBreaker }: HealthOptions) {
    this.#cooldownMs = cooldownMs;
    this.#breaker = circuitBreaker === undefined ? null : new CircuitBreaker(circuitBreaker);
  }

  status(nowMs: number): HealthStatus {
    const circuit = this.#breaker?.state(nowMs) ?? null;
    return { failures: this.#failures, isCoolingDown: this.#isCoolingDown(nowMs), circuit };
  }

  /** Why it is not asked now; `null` when it may be. */
  reasonAgainst(nowMs: number): string | null {
    if (this.#isCoolingDown(nowMs)) return 'it failed a moment ago';
    return this.#breaker?.allows(nowMs) === false ? 'its circuit is open' : null;
  }

  /** What its failures count: each half of what it counted one cooldown ago, so that nobody is shut out for ever. */
  penalty(nowMs: number): number {
    if (this.#failedMs === null) return 0;
    const cooldowns = Math.floor((nowMs - this.#failedMs) / Math.max(1, this.#cooldownMs));
    return (this.#failures * 0.5) / 2 ** cooldowns;
  }

  /** An attempt begins; what it gives back is called once, with what came of it. */
  begin(nowMs: number): (outcome: Outcome, endedMs: number) => void {
    const settle = this.#breaker?.begin(nowMs);
    return (outcome, endedMs) => {
      settle?.(outcome, endedMs);
      if (outcome === 'success') {
        this.#failures = 0;
        this.#failedMs = null;
      }
      if (outcome === 'failure') {
        this.#failures += 1;
        this.#failedMs = endedMs;
      }
    };
  }

  #isCoolingDown(nowMs: number): boolean {
    return this.#failedMs !== null && nowMs - this.#failedMs < this.#cooldownMs;
  }
}
