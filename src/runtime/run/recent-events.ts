/** Decides which events stay at hand: the last few, for views and status. A run keeps no list of all its events. */
import { recentEventsLimit } from '../../graph/index.ts';
import type { LogEvent } from '../../log/index.ts';

/** Twice what a view can show, so that a view as of an earlier place is complete for as long as nothing newer fills it. */
export const recentEventsKept = 2 * recentEventsLimit;

export class RecentEvents {
  readonly #ring: LogEvent[] = [];
  #next = 0;

  add(event: LogEvent): void {
    this.#ring[this.#next] = event;
    this.#next = (this.#next + 1) % recentEventsKept;
  }

  /** The last `count` events up to and including place `upToSeq`, oldest first. */
  last(count: number, upToSeq = Number.POSITIVE_INFINITY): readonly LogEvent[] {
    const found: LogEvent[] = [];
    for (let back = 1; back <= this.#ring.length && found.length < count; back += 1) {
      const event = this.#ring[(this.#next - back + recentEventsKept) % recentEventsKept];
      if (event !== undefined && event.seq <= upToSeq) found.push(event);
    }
    return found.reverse();
  }
}
