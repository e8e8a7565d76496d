/**
 * Decides when an agent that fails again and again is left alone, and how it comes back: closed it is asked, open it is not, and half
 * open after a while it is asked by a few runs, whose outcome closes or opens it.
 */

export interface CircuitBreakerOptions {
  /** So many failures in a row open it; 5 by default. */
  readonly failureThreshold?: number;
  /** It stays open for so long; 30,000 by default. */
  readonly cooldownMs?: number;
  /** So many runs at once may try a half open one; 1 by default. */
  readonly halfOpenMaxProbes?: number;
}

/** Whether an agent is asked: always, not now, or once as a trial. */
export type CircuitState = 'closed' | 'open' | 'half_open';

/** What came of a run that was let through. `unknown`: cancelled, or ended for a reason that is not the agent's. */
export type Outcome = 'success' | 'failure' | 'unknown';

export class CircuitBreaker {
  readonly #threshold: number;
  readonly #cooldownMs: number;
  readonly #maxProbes: number;
  #failures = 0;
  #openedMs: number | null = null;
  #probes = 0;

  constructor({ failureThreshold = 5, cooldownMs = 30_000, halfOpenMaxProbes = 1 }: CircuitBreakerOptions) {
    this.#threshold = failureThreshold;
    this.#cooldownMs = cooldownMs;
    this.#maxProbes = halfOpenMaxProbes;
  }

  state(nowMs: number): CircuitState {
    if (this.#openedMs === null) return 'closed';
    return nowMs - this.#openedMs < this.#cooldownMs ? 'open' : 'half_open';
  }

  /** True when a run would be let through. */
  allows(nowMs: number): boolean {
    const state = this.state(nowMs);
    return state === 'closed' || (state === 'half_open' && this.#probes < this.#maxProbes);
  }

  /** Lets a run through; what it gives back is called once, with what came of it. */
  begin(nowMs: number): (outcome: Outcome, endedMs: number) => void {
    const isProbe = this.state(nowMs) === 'half_open';
    if (isProbe) this.#probes += 1;
    return (outcome, endedMs) => {
      if (isProbe) this.#probes -= 1;
      if (outcome === 'success') this.#close();
      if (outcome === 'failure') this.#fail(isProbe, endedMs);
    };
  }

  #close(): void {
    this.#failures = 0;
    this.#openedMs = null;
  }

  #fail(isProbe: boolean, nowMs: number): void {
    this.#failures += 1;
    if (isProbe || this.#failures >= this.#threshold) this.#openedMs = nowMs;
  }
}
