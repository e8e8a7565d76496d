/**
 * Decides how spooled events come back into the store: oldest first, before anything newer, page by page. A page that arrived and
 * was not removed comes again, which changes nothing, since events carry their ids.
 */
import { isRetryable } from '../errors/session-error.ts';
import { UnknownCommitError } from '../../log/index.ts';
import type { SessionEvent } from '../model/session-event.ts';
import type { EventStore } from './event-store.ts';
import type { EventSpool } from './spool-port.ts';

const pageSize = 1000;

interface DrainOptions {
  readonly store: EventStore;
  readonly retryMs: number;
  readonly platform: { readonly nowMs: () => number };
  readonly onStored: (events: readonly SessionEvent[]) => void;
  readonly onRefused: (event: SessionEvent, error: unknown) => void;
}

export class SpoolDrain {
  readonly #spool: EventSpool;
  readonly #options: DrainOptions;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(spool: EventSpool, options: DrainOptions) {
    this.#spool = spool;
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#spool.isEmpty;
  }

  dueNow(): void {
    this.#dueMs = Number.NEGATIVE_INFINITY;
  }

  /** Keeps events until the store is back. */
  async keep(events: readonly SessionEvent[]): Promise<void> {
    await this.#spool.append(events);
    this.#postpone();
  }

  /** True when nothing is spooled any more: the store may be asked. */
  async drain(): Promise<boolean> {
    if (this.#spool.isEmpty) return true;
    if (this.#options.platform.nowMs() < this.#dueMs) return false;
    for (
      let page = await this.#spool.read(pageSize);
      page !== null;
      page = await this.#spool.read(pageSize)
    ) {
      try {
        await this.#store(page.events);
      } catch (error) {
        if (!isAway(error)) throw error;
        this.#postpone();
        return false;
      }
      await this.#spool.removeTo(page.end);
    }
    return true;
  }

  async #store(events: readonly SessionEvent[]): Promise<void> {
    try {
      this.#options.onStored(await this.#options.store.appendEvents(events));
    } catch (error) {
      if (isAway(error)) throw error;
      for (const event of events) await this.#storeOne(event);
    }
  }

  /** What the store will never take is set aside, so that it does not stand in the way of all that follows. */
  async #storeOne(event: SessionEvent): Promise<void> {
    try {
      this.#options.onStored(await this.#options.store.appendEvents([event]));
    } catch (error) {
      if (isAway(error)) throw error;
      await this.#spool.setAside(event, error instanceof Error ? error.message : String(error));
      this.#options.onRefused(event, error);
    }
  }

  #postpone(): void {
    this.#dueMs = this.#options.platform.nowMs() + this.#options.retryMs;
  }
}

/** The store can be there again later, or did not say whether it has the events: the same append again is safe. */
export function isAway(error: unknown): boolean {
  return isRetryable(error) || error instanceof UnknownCommitError;
}
