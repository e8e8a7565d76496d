/**
 * Decides which events of two tails are shared. How the loop went is no difference of what came of it: the events by which it
 * writes that down count as shared where both sides have them, and never as differences.
 */
import { isComparedAway, type LogEvent } from '../../log/index.ts';
import { comparedText } from './compared-event.ts';
import type { Tails } from './diff-state.ts';
import { eventRef } from './element-causes.ts';
import { matchEvents } from './match-events.ts';
import type { EventRef, RunDiff } from './run-diff.ts';

export function diffEvents({ left, right }: Tails): RunDiff['events'] {
  const sides = { left: parted(left), right: parted(right) };
  const matched = matchEvents(sides.left.texts, sides.right.texts);
  return {
    shared: matched.shared + inBoth(sides.left.course, sides.right.course),
    onlyLeft: refsAt(sides.left.events, matched.onlyLeft),
    onlyRight: refsAt(sides.right.events, matched.onlyRight),
  };
}

interface Parted {
  readonly events: readonly LogEvent[];
  /** What each of the events did. */
  readonly texts: readonly string[];
  /** How often each thing was written down about the course of the loop. */
  readonly course: ReadonlyMap<string, number>;
}

function parted(tail: readonly LogEvent[]): Parted {
  const events: LogEvent[] = [];
  const texts: string[] = [];
  const course = new Map<string, number>();
  for (const event of tail) {
    const text = comparedText(event);
    if (isComparedAway(event.type)) course.set(text, (course.get(text) ?? 0) + 1);
    else {
      events.push(event);
      texts.push(text);
    }
  }
  return { events, texts, course };
}

function inBoth(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): number {
  let count = 0;
  for (const [text, times] of left) count += Math.min(times, right.get(text) ?? 0);
  return count;
}

function refsAt(events: readonly LogEvent[], indexes: readonly number[]): readonly EventRef[] {
  const refs: EventRef[] = [];
  for (const index of indexes) {
    const event = events[index];
    if (event !== undefined) refs.push(eventRef(event));
  }
  return refs;
}
