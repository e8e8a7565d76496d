/**
 * Decides which behaviors are not woken by a failure: those whose failures led to it. Kept for as long as somebody may still
 * react to the failure.
 */

/** So many are kept without looking which of them are still needed. */
const keptAtLeast = 1024;

export interface FailureChain {
  /** Place of the `behavior.failed`. */
  readonly seq: number;
  readonly behaviors: ReadonlySet<string>;
}

export class FailureChains {
  readonly #chains = new Map<string, FailureChain>();
  #lookAt = keptAtLeast;

  get(eventId: string): ReadonlySet<string> | undefined {
    return this.#chains.get(eventId)?.behaviors;
  }

  add(eventId: string, chain: FailureChain): void {
    this.#chains.set(eventId, chain);
  }

  get isFull(): boolean {
    return this.#chains.size >= this.#lookAt;
  }

  /** Forgets chains of failures before a place, except for those that are still waited for. */
  forget(beforeSeq: number, isAwaited: (eventId: string) => boolean): void {
    for (const [eventId] of this.needed(beforeSeq, isAwaited, false)) this.#chains.delete(eventId);
    this.#lookAt = Math.max(keptAtLeast, this.#chains.size * 2);
  }

  /** Chains that somebody may still need; with `isNeeded` false those that nobody does. */
  needed(
    beforeSeq: number,
    isAwaited: (eventId: string) => boolean,
    isNeeded = true,
  ): readonly (readonly [eventId: string, chain: FailureChain])[] {
    return [...this.#chains].filter(
      ([eventId, { seq }]) => (seq >= beforeSeq || isAwaited(eventId)) === isNeeded,
    );
  }
}
