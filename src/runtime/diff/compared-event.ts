/**
 * Decides when two events of different runs did the same: type, actor and payload are equal, without the fields that only say
 * when, where from, how long and at what price. Ids of events do not count either: one event more shifts all that follow.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import { isComparedAway, type LogEvent } from '../../log/index.ts';
import type { IdNumbers } from './id-numbers.ts';
import type { EventRef } from './run-diff.ts';
import { sameJson } from './same-json.ts';
import { changesGraph, touchedElement } from './touched-element.ts';

/** Fields of payloads that do not count, by type. Everything else counts, `cost_usd` of an event of one's own included. */
export const fieldsLeftOutOfDiff: Readonly<Record<string, readonly string[]>> = {
  'llm.requested': ['cache_hit', 'estimated_input_tokens', 'estimated_cost_usd', 'budget_remaining_usd'],
  'llm.responded': ['cache_hit', 'latency_seconds', 'cost_usd', 'provider_meta'],
  'tool.requested': ['cache_hit', 'call_id', 'deterministic'],
  'tool.responded': ['cache_hit', 'latency_seconds', 'cost_usd', 'deterministic'],
};

const leftOut = new Map(Object.entries(fieldsLeftOutOfDiff));

/** An event with as much of its payload as counts. */
export interface ComparedEvent extends EventRef {
  /** The object, relation or patch that it tells, without provenance; `null` for an event that is compared by a text. */
  readonly element: JsonObject | null;
  /** The number of the element's id; -1 beside a text. */
  readonly elementNumber: number;
  /** Equal for events that did the same; empty beside an element. */
  readonly text: string;
  /** All that the comparison of graphs reads; `null` for an event that leaves the graph as it is. */
  readonly payload: JsonObject | null;
  /** The number of the object or relation that it made, changed or removed; -1 without one. */
  readonly touched: number;
}

/** A text is built only of what has no id to be found by: comparing in place is cheaper than writing down. */
export function comparedEvent({ id, seq, type, actor, payload }: LogEvent, ids: IdNumbers): ComparedEvent {
  const element = comparedElement(type, payload);
  const elementId = element?.['id'];
  const isOfGraph = changesGraph(type);
  if (element === null || !isOfGraph || typeof elementId !== 'string') {
    const text = JSON.stringify([type, actor, element ?? comparedPayload(type, payload)]);
    const touched = isOfGraph ? touchedBy(type, payload, ids) : -1;
    const kept = isOfGraph ? payload : null;
    return { id, seq, type, actor, element: null, elementNumber: -1, text, payload: kept, touched };
  }
  const kept = graphPayload(type, element, payload);
  const elementNumber = ids.of(elementId);
  const touched = type === 'patch.applied' ? touchedBy(type, kept, ids) : elementNumber;
  return { id, seq, type, actor, element, elementNumber, text: '', payload: kept, touched };
}

/** True for events that did the same. The order of keys counts here; it does not when graphs are compared. */
export function didTheSame(left: ComparedEvent, right: ComparedEvent): boolean {
  if (left.element === null || right.element === null)
    return left.element === right.element && left.text === right.text;
  return left.type === right.type && left.actor === right.actor && sameJson(left.element, right.element);
}

/** Equal for events that did the same, and for no others. */
export function comparedText({ type, actor, element, text }: ComparedEvent): string {
  return element === null ? text : JSON.stringify([type, actor, element]);
}

const noProvenance: JsonObject = {};

/** The element of a payload, without its provenance. */
function comparedElement(type: string, payload: JsonObject): JsonObject | null {
  const element = elementOf(type, payload);
  return element !== undefined && isJsonObject(element) ? { ...element, provenance: noProvenance } : null;
}

function elementOf(type: string, payload: JsonObject): JsonValue | undefined {
  switch (type) {
    case 'object.created':
      return payload['object'];
    case 'relation.created':
      return payload['relation'];
    case 'patch.proposed':
    case 'patch.applied':
      return payload['patch'];
    default:
      return undefined;
  }
}

function touchedBy(type: string, payload: JsonObject, ids: IdNumbers): number {
  const id = touchedElement(type, payload);
  return id === null ? -1 : ids.of(id);
}

function graphPayload(type: string, element: JsonObject, payload: JsonObject): JsonObject {
  if (type === 'object.created') return { object: element };
  if (type === 'relation.created') return { relation: element };
  // What a patch changed follows from the patch: it does not count, and tells what was there before.
  return { patch: element, diff: payload['diff'] ?? null };
}

function comparedPayload(type: string, payload: JsonObject): JsonObject {
  if (isComparedAway(type))
    return { behavior: payload['behavior'] ?? null, relation_id: payload['relation_id'] ?? null };
  const fields = leftOut.get(type);
  if (fields === undefined) return payload;
  return Object.fromEntries(Object.entries(payload).filter(([field]) => !fields.includes(field)));
}
