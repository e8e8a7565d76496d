/**
 * Decides which events of two tails the comparison of state has to look at: those about elements that the sides treated
 * differently. What both did alike to an element, in the same order and from the same past, leaves it equal.
 */
import type { EventRef, RunDiff } from './run-diff.ts';
import { type GraphEvent, touchedElement } from './touched-element.ts';

/** What each side did to the graph behind the past. */
export interface GraphTails {
  readonly left: readonly GraphEvent[];
  readonly right: readonly GraphEvent[];
}

export function differingEvents(
  { left, right }: GraphTails,
  { shared, onlyLeft, onlyRight }: RunDiff['events'],
): GraphTails {
  // With an object go the relations that touch it, which no event names: then everything counts.
  if (shared === 0 || removesObject(left) || removesObject(right)) return { left, right };
  const elements = new Set<string>();
  addTouched(elements, left, onlyLeft);
  addTouched(elements, right, onlyRight);
  const isAboutThem = ({ type, payload }: GraphEvent): boolean =>
    elements.has(touchedElement(type, payload) ?? '');
  return { left: left.filter(isAboutThem), right: right.filter(isAboutThem) };
}

function removesObject(tail: readonly GraphEvent[]): boolean {
  return tail.some(({ type }) => type === 'object.removed');
}

/** Both are in the order of the log. */
function addTouched(elements: Set<string>, tail: readonly GraphEvent[], only: readonly EventRef[]): void {
  let next = 0;
  for (const { seq, type, payload } of tail) {
    while ((only[next]?.seq ?? seq) < seq) next += 1;
    const id = only[next]?.seq === seq ? touchedElement(type, payload) : null;
    if (id !== null) elements.add(id);
  }
}
