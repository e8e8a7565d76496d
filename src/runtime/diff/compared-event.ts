/**
 * Decides when two events of different runs did the same: type, actor and payload are equal, without the fields that only say
 * when, where from, how long and at what price. Ids of events do not count either: one event more shifts all that follow.
 */
import { isJsonObject, type JsonObject } from '../../base/index.ts';
import { isComparedAway, type LogEvent } from '../../log/index.ts';

/** Fields of payloads that do not count, by type. Everything else counts, `cost_usd` of an event of one's own included. */
export const fieldsLeftOutOfDiff: Readonly<Record<string, readonly string[]>> = {
  'llm.requested': ['cache_hit', 'estimated_input_tokens', 'estimated_cost_usd', 'budget_remaining_usd'],
  'llm.responded': ['cache_hit', 'latency_seconds', 'cost_usd', 'provider_meta'],
  'tool.requested': ['cache_hit', 'call_id', 'deterministic'],
  'tool.responded': ['cache_hit', 'latency_seconds', 'cost_usd', 'deterministic'],
};

/** The element in a payload whose `provenance` does not count. */
const elementFields: Readonly<Record<string, string>> = {
  'object.created': 'object',
  'relation.created': 'relation',
  'patch.proposed': 'patch',
  'patch.applied': 'patch',
};

/** Equal for events that did the same. The order of keys counts here; it does not when graphs are compared. */
export function comparedText(event: LogEvent): string {
  return textOf(event, comparedPayload(event.type, event.payload));
}

/** The same, and what is left of the payload of an event about an element: all that the comparison of graphs reads. */
export function comparedChange(event: LogEvent): { readonly text: string; readonly payload: JsonObject } {
  const { type, payload } = event;
  const compared = comparedPayload(type, payload);
  const text = textOf(event, compared);
  const name = elementFields[type];
  if (name === undefined || compared === payload) return { text, payload };
  return { text, payload: { [name]: compared, diff: payload['diff'] ?? null } };
}

function textOf({ type, actor }: LogEvent, compared: JsonObject): string {
  return JSON.stringify([type, actor, compared]);
}

function comparedPayload(type: string, payload: JsonObject): JsonObject {
  const name = elementFields[type];
  if (name !== undefined) {
    const element = payload[name];
    // What a patch changed follows from the patch, and is told by the state.
    return element !== undefined && isJsonObject(element)
      ? { ...element, provenance: noProvenance }
      : payload;
  }
  if (isComparedAway(type))
    return { behavior: payload['behavior'] ?? null, relation_id: payload['relation_id'] ?? null };
  const fields = fieldsLeftOutOfDiff[type];
  if (fields === undefined) return payload;
  return Object.fromEntries(Object.entries(payload).filter(([field]) => !fields.includes(field)));
}

const noProvenance: JsonObject = {};
