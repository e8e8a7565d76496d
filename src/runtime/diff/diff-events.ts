/**
 * Decides which events of two tails are shared. How the loop went is no difference of what came of it: the events by which it
 * writes that down count as shared where both sides have them, and never as differences.
 */
import { matchEvents } from './match-events.ts';
import type { Tail } from './read-tail.ts';
import type { EventRef, RunDiff } from './run-diff.ts';

export function diffEvents(left: Tail, right: Tail): RunDiff['events'] {
  const matched = matchEvents(left.texts, right.texts);
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

function eventsAt(events: readonly EventRef[], indexes: readonly number[]): readonly EventRef[] {
  return indexes.flatMap((index) => events[index] ?? []);
}
