/**
 * Decides who is told of durable events, and what becomes of a listener's failure: the run is not disturbed by it, and the
 * next call of the program that listens rejects with it.
 */
import { deepFreeze } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';

/** Is told of events once they are durable, in order. */
export type EventListener = (events: readonly LogEvent[]) => void;

export class Listeners {
  readonly #listeners = new Set<EventListener>();
  #failure: { readonly thrown: unknown } | null = null;

  /** Returns the function that ends it. */
  add(listener: EventListener): () => void {
    // A wrapper, so that one function can listen twice and be ended once.
    const added: EventListener = (events) => listener(events);
    this.#listeners.add(added);
    return () => {
      this.#listeners.delete(added);
    };
  }

  tell(events: readonly LogEvent[]): void {
    if (this.#listeners.size === 0) return;
    const frozen = deepFreeze([...events]);
    for (const listener of this.#listeners) {
      try {
        listener(frozen);
      } catch (thrown) {
        this.#failure ??= { thrown };
      }
    }
  }

  /** Throws what a listener threw since the last call. */
  raise(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure.thrown;
  }
}
