/** Decides which object or relation an event made, changed or removed: read as the projection of the graph reads it. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import type { EventRef } from './run-diff.ts';

/** An event that made, changed or removed an element, with as much of its payload as says how. */
export interface GraphEvent extends EventRef {
  readonly payload: JsonObject;
}

/** True for the types that make, change or remove elements. */
export function changesGraph(type: string): boolean {
  switch (type) {
    case 'object.created':
    case 'relation.created':
    case 'patch.applied':
    case 'object.removed':
    case 'relation.removed':
      return true;
    default:
      return false;
  }
}

/** The id of the element; `null` for an event that leaves the graph as it is. */
export function touchedElement(type: string, payload: JsonObject): string | null {
  switch (type) {
    case 'object.created':
      return textIn(payload['object'], 'id');
    case 'relation.created':
      return textIn(payload['relation'], 'id');
    case 'patch.applied':
      return textIn(payload['patch'], 'target');
    case 'object.removed':
    case 'relation.removed':
      return textIn(payload, 'id');
    default:
      return null;
  }
}

function textIn(value: JsonValue | undefined, key: string): string | null {
  if (value === undefined || !isJsonObject(value)) return null;
  const text = value[key];
  return typeof text === 'string' ? text : null;
}
