/**
 * Decides which event is worked on and which ones wait: first in, first out, as they stand in the log. So a trace of work on
 * one event says that everything before it is done with.
 */
import type { LogEvent } from '../../log/index.ts';

/** `tick` is the place of an event among the queue-visible events of the run. */
export interface QueuedEvent {
  readonly event: LogEvent;
  readonly tick: number;
}

/** The event that is being worked on, and how far. */
export interface CurrentEvent extends QueuedEvent {
  /** Place of the first trace of work on it, `null` while there is none; matches are computed on the graph before it. */
  firstSeq: number | null;
  /** Invocations that ended or were put off. */
  readonly done: Set<string>;
}

export class EventQueue {
  #waiting: QueuedEvent[] = [];
  #start = 0;
  #current: CurrentEvent | null = null;
  #visible = 0;
  #taken = 0;

  get current(): CurrentEvent | null {
    return this.#current;
  }

  /** Events that wait, the current one not counted. */
  get waiting(): number {
    return this.#waiting.length - this.#start;
  }

  /** Tick of the last event that was taken. */
  get takenTick(): number {
    return this.#taken;
  }

  add(event: LogEvent): void {
    this.#visible += 1;
    this.#waiting.push({ event, tick: this.#visible });
  }

  /** Makes the next event the current one. */
  take(): CurrentEvent | null {
    const next = this.#waiting[this.#start];
    if (next === undefined) return null;
    this.#start += 1;
    if (this.#start > 4096 && this.#start * 2 > this.#waiting.length) this.#compact();
    this.#taken = next.tick;
    this.#current = { event: next.event, tick: next.tick, firstSeq: null, done: new Set() };
    return this.#current;
  }

  /** Says that the current event is worked off. */
  finish(): void {
    this.#current = null;
  }

  /** Makes an event the current one, if it is that already or waits; what waits before it is done with. */
  takeTo(eventId: string): CurrentEvent | null {
    if (this.#current?.event.id === eventId) return this.#current;
    for (let index = this.#start; index < this.#waiting.length; index += 1) {
      if (this.#waiting[index]?.event.id !== eventId) continue;
      this.#start = index;
      return this.take();
    }
    return null;
  }

  /** Takes events until the one of this tick is the current one, or a later one is already. */
  takeToTick(tick: number): void {
    while (this.#taken < tick && this.waiting > 0) this.take();
  }

  /** Says that everything is worked off. */
  clear(): void {
    this.#current = null;
    this.#start = this.#waiting.length;
    this.#taken = this.#visible;
    this.#compact();
  }

  #compact(): void {
    this.#waiting = this.#waiting.slice(this.#start);
    this.#start = 0;
  }
}
