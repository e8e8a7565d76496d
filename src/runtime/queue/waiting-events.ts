/**
 * Decides how events that wait are kept: by their places in the log, with the event itself only where it was at hand. A million
 * waiting events are two lists of a million numbers; what is needed of them is read from the log when its turn comes.
 */
import { eventIdAt, isEventIdAt, seqOfEventId } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';

/** An event of the queue; `tick` is its place among all queue-visible events of the run. */
export interface WaitingEvent {
  readonly tick: number;
  readonly seq: number;
  readonly id: string;
  /** `null` when it has to be read from the log. */
  readonly event: LogEvent | null;
}

export class WaitingEvents {
  /** Tick of the entry that stands first in the lists, less one. */
  #before = 0;
  #seqs: number[] = [];
  #events: (LogEvent | null)[] = [];
  /** Ids that are not the canonical ones of their places, both ways. */
  readonly #strayIds = new Map<number, string>();
  readonly #straySeqs = new Map<string, number>();

  /** Tick of the last entry. */
  get lastTick(): number {
    return this.#before + this.#seqs.length;
  }

  add(seq: number, id: string, event: LogEvent | null): void {
    this.addPlace(seq);
    if (event !== null) this.#events[this.#events.length - 1] = event;
    if (isEventIdAt(id, seq)) return;
    this.#strayIds.set(seq, id);
    this.#straySeqs.set(id, seq);
  }

  /** Adds an event by its place, under the id that belongs to it. */
  addPlace(seq: number): void {
    this.#seqs.push(seq);
    this.#events.push(null);
  }

  /** The entry of a tick; the event goes with it, and is not kept here any more. */
  take(tick: number): WaitingEvent | null {
    const index = tick - this.#before - 1;
    const seq = this.#seqs[index];
    if (seq === undefined) return null;
    const event = this.#events[index] ?? null;
    this.#events[index] = null;
    return { tick, seq, id: this.#strayIds.get(seq) ?? eventIdAt(seq), event };
  }

  isAtHand(tick: number): boolean {
    return this.#events[tick - this.#before - 1] !== null;
  }

  seqAt(tick: number): number | undefined {
    return this.#seqs[tick - this.#before - 1];
  }

  /** Hands in an event that was read from the log. True when it waits behind `afterTick`. */
  supply(event: LogEvent, afterTick: number): boolean {
    const index = this.#indexOf(event.seq);
    if (index === -1 || index + this.#before + 1 <= afterTick) return false;
    this.#events[index] = event;
    return true;
  }

  /** The tick of an event that waits behind `afterTick`. */
  tickOf(eventId: string, afterTick: number): number | null {
    const seq = this.#straySeqs.get(eventId) ?? seqOfEventId(eventId);
    if (seq === null || (this.#strayIds.has(seq) && this.#strayIds.get(seq) !== eventId)) return null;
    // Mostly it is the next one, and then there is nothing to look for.
    const next = afterTick - this.#before;
    const index = this.#seqs[next] === seq ? next : this.#indexOf(seq);
    const tick = index + this.#before + 1;
    return index === -1 || tick <= afterTick ? null : tick;
  }

  /** Drops what stands up to a tick, now or when there is enough of it. */
  forgetTo(tick: number): void {
    const count = tick - this.#before;
    if (count <= 0) return;
    if (count < this.#seqs.length && (count <= 4096 || count * 2 <= this.#seqs.length)) return;
    if (this.#strayIds.size > 0) this.#forgetStrays(count);
    this.#seqs = this.#seqs.slice(count);
    this.#events = this.#events.slice(count);
    this.#before += count;
  }

  /** Places and ids of what waits behind a tick. */
  entries(afterTick: number): readonly (number | readonly [seq: number, id: string])[] {
    return this.#seqs.slice(afterTick - this.#before).map((seq) => {
      const id = this.#strayIds.get(seq);
      return id === undefined ? seq : [seq, id];
    });
  }

  /** Begins behind a tick; only for an empty list. */
  startAfter(tick: number): void {
    this.#before = tick;
  }

  #forgetStrays(count: number): void {
    for (const seq of this.#seqs.slice(0, count)) {
      const id = this.#strayIds.get(seq);
      if (id !== undefined) this.#straySeqs.delete(id);
      this.#strayIds.delete(seq);
    }
  }

  #indexOf(seq: number): number {
    let low = 0;
    let high = this.#seqs.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#seqs[middle] ?? 0;
      if (found === seq) return middle;
      if (found < seq) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}
