/** Decides which events stay at hand: the last few, for views and status. A run keeps no list of all its events. */
import type { LogEvent } from '../../log/index.ts';

/** How many events back a view can look. */
export const recentEventsKept = 256;

export class RecentEvents {
  readonly #ring: LogEvent[] = [];
  #next = 0;

  add(event: LogEvent): void {
    this.#ring[this.#next] = event;
    this.#next = (this.#next + 1) % recentEventsKept;
  }

  /** The last `count` events, oldest first. */
  last(count: number): readonly LogEvent[] {
    const size = Math.min(count, this.#ring.length);
    const found: LogEvent[] = [];
    for (let back = size; back >= 1; back -= 1) {
      const event = this.#ring[(this.#next - back + recentEventsKept) % recentEventsKept];
      if (event !== undefined) found.push(event);
    }
    return found;
  }
}
