/** Decides which events stay at hand: the last few, for views and status. A run keeps no list of all its events. */
import { recentEventsLimit } from '../../graph/index.ts';
import { decodeEvent, type LogEvent, type StoredEvent } from '../../log/index.ts';

/** Twice what a view can show, so that a view as of an earlier place is complete for as long as nothing newer fills it. */
export const recentEventsKept = 2 * recentEventsLimit;

export class RecentEvents {
  readonly #ring: (LogEvent | StoredEvent)[] = [];
  #next = 0;
  /** How an event as it is stored is decoded. */
  decode: (stored: StoredEvent) => LogEvent = (stored) => decodeEvent(stored, '');

  /** One as it is stored is decoded when somebody looks at it. */
  add(event: LogEvent | StoredEvent): void {
    this.#ring[this.#next] = event;
    this.#next = (this.#next + 1) % recentEventsKept;
  }

  /** The last `count` events up to and including place `upToSeq`, oldest first. */
  last(count: number, upToSeq = Number.POSITIVE_INFINITY): readonly LogEvent[] {
    const found: LogEvent[] = [];
    for (let back = 1; back <= this.#ring.length && found.length < count; back += 1) {
      const place = (this.#next - back + recentEventsKept) % recentEventsKept;
      const event = this.#ring[place];
      if (event !== undefined && event.seq <= upToSeq) found.push(this.#decoded(event, place));
    }
    return found.reverse();
  }

  #decoded(event: LogEvent | StoredEvent, place: number): LogEvent {
    if (!isStored(event)) return event;
    const decoded = this.decode(event);
    this.#ring[place] = decoded;
    return decoded;
  }
}

function isStored(event: LogEvent | StoredEvent): event is StoredEvent {
  return typeof event.payload === 'string';
}
