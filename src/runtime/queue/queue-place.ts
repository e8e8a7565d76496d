/** Decides what it means to stand somewhere in the queue: one event is worked on, those before it are done with. */
import type { LogEvent } from '../../log/index.ts';
import type { WaitingEvents } from './waiting-events.ts';

/** The event that is being worked on, and how far. */
export interface CurrentEvent {
  /** Its place among the queue-visible events of the run. */
  readonly tick: number;
  readonly seq: number;
  readonly id: string;
  /** `null` until it is read: a loaded run knows places. */
  event: LogEvent | null;
  /** Place of the first trace of work on it, `null` while there is none; matches are computed on the graph before it. */
  firstSeq: number | null;
  /** Invocations that ended or were put off. */
  readonly done: Set<string>;
}

export class QueuePlace {
  readonly #events: WaitingEvents;
  /** Tick of the last event that was taken. */
  taken = 0;
  current: CurrentEvent | null = null;

  constructor(events: WaitingEvents) {
    this.#events = events;
  }

  copy(): QueuePlace {
    const place = new QueuePlace(this.#events);
    place.taken = this.taken;
    const { current } = this;
    place.current = current === null ? null : { ...current, done: new Set(current.done) };
    return place;
  }

  /** Makes the event of a tick the current one. */
  take(tick: number): CurrentEvent | null {
    const next = this.#events.take(tick);
    if (next === null) return null;
    this.taken = tick;
    this.current = { ...next, firstSeq: null, done: new Set() };
    return this.current;
  }

  takeTo(eventId: string): CurrentEvent | null {
    if (this.current?.id === eventId) return this.current;
    const tick = this.#events.tickOf(eventId, this.taken);
    return tick === null ? null : this.take(tick);
  }

  takeToTick(tick: number): void {
    const last = Math.min(Math.ceil(tick), this.#events.lastTick);
    if (this.taken < last) this.take(last);
  }

  clear(): void {
    this.current = null;
    this.taken = this.#events.lastTick;
  }
}
