/**
 * Decides which delayed invocations are due. Entries of one delay fall due in the order in which they were put off, so each
 * delay is a lane of its own, and looking for what is due costs the same with one entry waiting and with a million.
 */
import type { LogEvent } from '../../log/index.ts';

/** A delayed invocation that has not fired. */
export interface ScheduledInvocation {
  /** Of the invocation, as among the matches of its event. */
  readonly key: string;
  readonly behavior: string;
  readonly relationId: string | null;
  /** Id and place of the event that it was put off for. */
  readonly eventId: string;
  readonly eventSeq: number;
  /** That event; `null` until it is read: a loaded run knows places. */
  event: LogEvent | null;
  readonly fireAtTick: number;
  /** How many events it was put off by. */
  readonly delay: number;
  /** Place of its `behavior.scheduled`. */
  readonly seq: number;
}

interface Lane {
  entries: ScheduledInvocation[];
  start: number;
}

export class Schedule {
  readonly #byId = new Map<string, ScheduledInvocation>();
  readonly #lanes = new Map<number, Lane>();
  #goneTick = 0;

  get size(): number {
    return this.#byId.size;
  }

  /** Up to this tick entries were dropped because their edges were gone. */
  get goneTick(): number {
    return this.#goneTick;
  }

  /** Ids of the events that something was put off for. */
  eventIds(): ReadonlySet<string> {
    return new Set([...this.#byId.values()].map(({ eventId }) => eventId));
  }

  /** What waits, in the order in which it was put off. */
  entries(): readonly ScheduledInvocation[] {
    return [...this.#byId.values()].sort((left, right) => left.seq - right.seq);
  }

  get(key: string, eventId: string): ScheduledInvocation | undefined {
    return this.#byId.size === 0 ? undefined : this.#byId.get(idOf(key, eventId));
  }

  add(entry: ScheduledInvocation): void {
    this.#byId.set(idOf(entry.key, entry.eventId), entry);
    const lane = this.#lanes.get(entry.delay);
    if (lane === undefined) this.#lanes.set(entry.delay, { entries: [entry], start: 0 });
    else lane.entries.push(entry);
  }

  remove(key: string, eventId: string): void {
    if (this.#byId.size > 0) this.#byId.delete(idOf(key, eventId));
  }

  /** Forgets what was due by a tick and can never fire, because its edge is gone. */
  dropGone(tick: number, isGone: (relationId: string) => boolean): void {
    for (const { key, relationId, eventId, fireAtTick } of this.due(tick)) {
      if (relationId === null || !isGone(relationId)) continue;
      this.remove(key, eventId);
      this.#goneTick = Math.max(this.#goneTick, fireAtTick);
    }
  }

  /** What falls due at or before a tick, in the order in which it falls due. */
  due(tick: number): readonly ScheduledInvocation[] {
    if (this.#byId.size === 0) return [];
    const due: ScheduledInvocation[] = [];
    for (const [delay, lane] of this.#lanes) {
      this.#dropFired(lane);
      if (lane.entries.length === 0) this.#lanes.delete(delay);
      for (let index = lane.start; index < lane.entries.length; index += 1) {
        const entry = lane.entries[index];
        if (entry === undefined || entry.fireAtTick > tick) break;
        if (this.#isWaiting(entry)) due.push(entry);
      }
    }
    return due.sort((left, right) => left.fireAtTick - right.fireAtTick || left.seq - right.seq);
  }

  #dropFired(lane: Lane): void {
    let first = lane.entries[lane.start];
    while (first !== undefined && !this.#isWaiting(first)) {
      lane.start += 1;
      first = lane.entries[lane.start];
    }
    if (first !== undefined && lane.start <= 1024) return;
    lane.entries = lane.entries.slice(lane.start);
    lane.start = 0;
  }

  #isWaiting(entry: ScheduledInvocation): boolean {
    return this.#byId.get(idOf(entry.key, entry.eventId)) === entry;
  }
}

function idOf(key: string, eventId: string): string {
  return `${eventId}\u0000${key}`;
}
