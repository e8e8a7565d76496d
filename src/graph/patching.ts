/** Decides what a patch does to the data of an object, and how its effect is told. */
import { jsonEqual, type JsonObject, type JsonValue, mergeObjects } from '../base/index.ts';

export type PatchOp = 'update' | 'replace';

export function isPatchOp(op: string): op is PatchOp {
  return op === 'update' || op === 'replace';
}

export function patched(data: JsonObject, op: PatchOp, value: JsonObject): JsonObject {
  return op === 'replace' ? value : mergeObjects(data, value);
}

/** The part of checked data that a patch asked to change: what the schema dropped is left out, what it converted is taken. */
export function askedOf(checked: JsonObject, value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(checked).filter(([key]) => Object.hasOwn(value, key)));
}

/** The changed fields with both values; a missing one is `null`. */
export function fieldDiff(before: JsonObject, after: JsonObject): JsonObject {
  const changed: [string, JsonValue][] = [];
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = ownValue(before, field);
    const now = ownValue(after, field);
    if (!jsonEqual(old, now)) changed.push([field, { old, new: now }]);
  }
  return Object.fromEntries(changed);
}

export function staleReason(expected: number, actual: number): string {
  return `version mismatch: expected ${expected}, got ${actual}`;
}

/** A field may be called like something that every object inherits. */
function ownValue(data: JsonObject, field: string): JsonValue {
  return Object.hasOwn(data, field) ? (data[field] ?? null) : null;
}
