/** Decides what is committed together: events gather in a batch until it is due, and what belongs together is never cut. */
import type { Draft } from '../../graph/index.ts';
import { commitLimits, type EventRow, invalidEvent, type LogEvent } from '../../log/index.ts';

/** A batch is due at this size or age. */
const dueAt = { events: 1000, characters: 8 * 1024 * 1024, ageMs: 50 } as const;

export class Batch {
  readonly rows: EventRow[] = [];
  readonly events: LogEvent[] = [];
  readonly #sinceMs: number;
  #characters = 0;

  constructor(sinceMs: number) {
    this.#sinceMs = sinceMs;
  }

  add(event: LogEvent, row: EventRow): void {
    this.rows.push(row);
    this.events.push(event);
    this.#characters += row.payload.length;
  }

  /** True when this many events more still fit into the same commit. */
  hasRoom(size: GroupSize): boolean {
    return (
      this.rows.length + size.events <= commitLimits.events &&
      this.#characters + size.characters <= commitLimits.characters
    );
  }

  isDue(nowMs: () => number): boolean {
    if (this.rows.length >= dueAt.events || this.#characters >= dueAt.characters) return true;
    return nowMs() - this.#sinceMs >= dueAt.ageMs;
  }
}

export interface GroupSize {
  readonly events: number;
  readonly characters: number;
}

export function groupSize(drafts: readonly Draft[]): GroupSize {
  let characters = 0;
  for (const { text } of drafts) characters += text.length;
  return { events: drafts.length, characters };
}

/** Throws `InvalidEventError` for a group that no store takes in one commit. */
export function checkGroup(logId: string, { events, characters }: GroupSize): void {
  if (events <= commitLimits.events && characters <= commitLimits.characters) return;
  throw invalidEvent({
    logId,
    what: `${events} events with ${characters} characters that belong together`,
    limit: `${commitLimits.events} events and ${commitLimits.characters} characters in one behavior, one mutate or one promotion`,
    context: { events, characters },
  });
}
