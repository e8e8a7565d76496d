/**
 * Decides which events of two tails are shared. How the loop went is no difference of what came of it: the events by which it
 * writes that down count as shared where both sides have them, and never as differences.
 */
import type { ComparedEvent } from './compared-event.ts';
import type { IdNumbers } from './id-numbers.ts';
import { matchEvents } from './match-events.ts';
import type { Tail } from './read-tail.ts';

/** How many events both tails have, and what one of them alone has, in order. */
export interface EventsDiff {
  readonly shared: number;
  readonly onlyLeft: readonly ComparedEvent[];
  readonly onlyRight: readonly ComparedEvent[];
}

export function diffEvents(left: Tail, right: Tail, ids: IdNumbers): EventsDiff {
  const matched = matchEvents(left.events, right.events, ids);
  return {
    shared: matched.shared + inBoth(left.course, right.course),
    onlyLeft: eventsAt(left.events, matched.onlyLeft),
    onlyRight: eventsAt(right.events, matched.onlyRight),
  };
}

function inBoth(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): number {
  let count = 0;
  for (const [text, times] of left) count += Math.min(times, right.get(text) ?? 0);
  return count;
}

function eventsAt(events: readonly ComparedEvent[], indexes: readonly number[]): readonly ComparedEvent[] {
  const found: ComparedEvent[] = [];
  for (const index of indexes) {
    const event = events[index];
    if (event !== undefined) found.push(event);
  }
  return found;
}
