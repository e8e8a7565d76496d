/**
 * Decides which events of two tails the comparison of state has to look at: those about elements that the sides treated
 * differently. What both did alike to an element, in the same order and from the same past, leaves it equal.
 */
import { jsonEqual } from '../../base/index.ts';
import type { ComparedEvent } from './compared-event.ts';
import type { EventsDiff } from './diff-events.ts';
import { type IdNumbers, perId } from './id-numbers.ts';
import type { GraphEvent } from './touched-element.ts';

/** What each side did to the graph behind the past. */
export interface GraphTails {
  readonly left: readonly GraphEvent[];
  readonly right: readonly GraphEvent[];
}

interface ComparedTails {
  readonly left: readonly ComparedEvent[];
  readonly right: readonly ComparedEvent[];
  readonly ids: IdNumbers;
}

export interface DifferingEvents {
  /** About elements of which one side alone has an event: what has to be known of the past is read off these. */
  readonly touched: GraphTails;
  /** Those of them that can leave an element different. */
  readonly compared: GraphTails;
}

export function differingEvents(
  { left, right, ids }: ComparedTails,
  { onlyLeft, onlyRight }: Pick<EventsDiff, 'onlyLeft' | 'onlyRight'>,
): DifferingEvents {
  // With an object go the relations that touch it, which no event names: then everything counts.
  if (left.some(removesObject) || right.some(removesObject)) {
    const all = { left: left.filter(isOfGraph), right: right.filter(isOfGraph) };
    return { touched: all, compared: all };
  }
  const elements = perId(ids, no);
  for (const only of [onlyLeft, onlyRight]) for (const { touched } of only) elements[touched] = yes;
  const touched = { left: about(elements, left), right: about(elements, right) };
  // Another actor may have done the same.
  const changed = changedElements({ ...touched, ids });
  return {
    touched,
    compared: { left: about(changed, touched.left), right: about(changed, touched.right) },
  };
}

const no = 0;
const yes = 1;
const none = -1;

type ComparedGraphEvent = ComparedEvent & GraphEvent;

function isOfGraph(event: ComparedEvent): event is ComparedGraphEvent {
  return event.payload !== null;
}

function removesObject({ type }: ComparedEvent): boolean {
  return type === 'object.removed';
}

/** Those about the elements that have a `yes`. */
function about(elements: Int32Array, events: readonly ComparedEvent[]): readonly ComparedGraphEvent[] {
  const found: ComparedGraphEvent[] = [];
  for (const event of events) if (elements[event.touched] === yes && isOfGraph(event)) found.push(event);
  return found;
}

/** Says `yes` of the elements with which the tails did not do one and the same, step by step. */
function changedElements({ left, right, ids }: ComparedTails): Int32Array {
  /** The first event of the left tail about each element that the right one has not repeated, and behind each event the next one. */
  const awaited = perId(ids, none);
  const next = new Int32Array(left.length);
  for (let index = left.length - 1; index >= 0; index -= 1) {
    const touched = left[index]?.touched ?? none;
    next[index] = awaited[touched] ?? none;
    awaited[touched] = index;
  }
  const changed = perId(ids, no);
  for (const event of right) {
    const { touched } = event;
    const index = awaited[touched] ?? none;
    const other = left[index];
    if (other !== undefined && didAlike(other, event)) awaited[touched] = next[index] ?? none;
    else changed[touched] = yes;
  }
  for (const { touched } of left) if (awaited[touched] !== none) changed[touched] = yes;
  return changed;
}

/** What the state depends on is compared as the state is: a number that no JSON can say is not `null` there. */
function didAlike(one: ComparedEvent, other: ComparedEvent): boolean {
  if (one.type !== other.type) return false;
  if (one.element !== null && other.element !== null) return jsonEqual(one.element, other.element);
  return jsonEqual(one.payload, other.payload);
}
