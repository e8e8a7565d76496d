/**
 * Decides when two events of different runs did the same: type, actor and payload are equal, without the fields that only say
 * when, where from, how long and at what price. Ids of events do not count either: one event more shifts all that follow.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import { isComparedAway, type LogEvent } from '../../log/index.ts';

/** Fields of payloads that do not count, by type. Everything else counts, `cost_usd` of an event of one's own included. */
export const volatileFields: Readonly<Record<string, readonly string[]>> = {
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
export function comparedText({ type, actor, payload }: LogEvent): string {
  return `${type} ${actor ?? ''} ${JSON.stringify(comparedPayload(type, payload))}`;
}

function comparedPayload(type: string, payload: JsonObject): JsonValue {
  const element = elementFields[type];
  if (element !== undefined) return withoutProvenance(payload[element] ?? null);
  if (isComparedAway(type)) return [payload['behavior'] ?? null, payload['relation_id'] ?? null];
  const left = volatileFields[type];
  return left === undefined ? payload : without(payload, left);
}

/** A patch's effect follows from the patch: what it changed is told by the state. */
function withoutProvenance(element: JsonValue): JsonValue {
  return isJsonObject(element) ? without(element, ['provenance']) : element;
}

function without(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !fields.includes(name)));
}
