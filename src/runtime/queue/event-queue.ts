/**
 * Decides which event is worked on and which ones wait: first in, first out, as they stand in the log. So a trace of work on
 * one event says that everything before it is done with. The loop may be ahead of such traces, because an event that wakes
 * nobody leaves none: so there are two places in the queue, where the loop stands and where the log says that it stands.
 */
import type { LogEvent } from '../../log/index.ts';
import { QueuePlace, type CurrentEvent } from './queue-place.ts';
import { WaitingEvents } from './waiting-events.ts';

/** A queue as the log alone says it is: what a run that is loaded begins with. */
export interface LoggedQueue {
  /** Tick of the last event that was taken. */
  readonly taken: number;
  readonly current: {
    readonly seq: number;
    readonly id: string;
    readonly firstSeq: number | null;
    readonly done: readonly string[];
  } | null;
  /** Places of what waits, with the id where it is not the one that belongs to the place. */
  readonly waiting: readonly (number | readonly [seq: number, id: string])[];
}

export class EventQueue {
  readonly #events = new WaitingEvents();
  readonly #logged = new QueuePlace(this.#events);
  /** The same place as the log's while the loop is not ahead of it. */
  #loop = this.#logged;

  get current(): CurrentEvent | null {
    return this.#loop.current;
  }

  /** Events that wait, the current one not counted. */
  get waiting(): number {
    return this.#events.lastTick - this.#loop.taken;
  }

  /** Tick of the last event that was taken. */
  get takenTick(): number {
    return this.#loop.taken;
  }

  /** Tick of the last event that the log says was taken. */
  get loggedTick(): number {
    return this.#logged.taken;
  }

  /** Nothing before this place is worked on any more, as far as the log says. */
  get loggedSeq(): number {
    const { current, taken } = this.#logged;
    return current?.seq ?? this.#events.seqAt(taken + 1) ?? Number.POSITIVE_INFINITY;
  }

  /** With `event` null only its place is kept, and it is read from the log when its turn comes. */
  add(seq: number, id: string, event: LogEvent | null): void {
    this.#events.add(seq, id, event);
  }

  /** Place of the next event if it has to be read from the log before it can be taken. */
  get nextToRead(): number | null {
    const next = this.#loop.taken + 1;
    return this.#events.isAtHand(next) ? null : (this.#events.seqAt(next) ?? null);
  }

  /** Hands in an event that was read from the log. True when it waits. */
  supply(event: LogEvent): boolean {
    return this.#events.supply(event, this.#loop.taken);
  }

  /** The loop takes the next event, which the log does not know yet. */
  take(): CurrentEvent | null {
    this.#goAhead();
    return this.#loop.take(this.#loop.taken + 1);
  }

  /** The loop is done with the current event, which the log does not know yet. */
  finish(): void {
    this.#goAhead();
    this.#loop.current = null;
  }

  /** A trace in the log: an event is the current one, if it was that already or waits; what waits before it is done with. */
  takeTo(eventId: string, firstSeq: number): CurrentEvent | null {
    return this.#follow((place) => {
      const current = place.takeTo(eventId);
      if (current !== null) current.firstSeq ??= firstSeq;
      return current;
    });
  }

  /** A trace in the log: the event of this tick is the current one, or a later one is already. */
  takeToTick(tick: number, firstSeq: number | null): void {
    this.#follow((place) => {
      place.takeToTick(tick);
      if (place.current !== null && firstSeq !== null) place.current.firstSeq ??= firstSeq;
    });
  }

  /** A trace in the log: an invocation of the current event has ended or was put off. */
  done(eventId: string, key: string): void {
    this.#follow(({ current }) => {
      if (current?.id === eventId) current.done.add(key);
    });
  }

  /** A trace in the log: everything is worked off. */
  clear(): void {
    this.#loop = this.#logged;
    this.#logged.clear();
    this.#events.forgetTo(this.#logged.taken);
  }

  logged(): LoggedQueue {
    const { taken, current } = this.#logged;
    return {
      taken,
      current:
        current === null
          ? null
          : { seq: current.seq, id: current.id, firstSeq: current.firstSeq, done: [...current.done] },
      waiting: this.#events.entries(taken),
    };
  }

  /** Begins where another queue stood; only for an empty one. */
  restore({ taken, current, waiting }: LoggedQueue): void {
    this.#events.startAfter(taken);
    for (const entry of waiting) {
      if (typeof entry === 'number') this.#events.addPlace(entry);
      else this.#events.add(...entry, null);
    }
    this.#logged.taken = taken;
    this.#logged.current =
      current === null ? null : { ...current, tick: taken, event: null, done: new Set(current.done) };
  }

  #goAhead(): void {
    if (this.#loop === this.#logged) this.#loop = this.#logged.copy();
  }

  /** What the log says moves both places; the answer is that of the loop's. */
  #follow<Answer>(move: (place: QueuePlace) => Answer): Answer {
    const answer = move(this.#loop);
    if (this.#loop !== this.#logged) move(this.#logged);
    this.#events.forgetTo(this.#logged.taken);
    return answer;
  }
}
