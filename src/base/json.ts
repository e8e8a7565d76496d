/** Decides what JSON is in the type system, and the one canonical text of a value (RFC 8785) that hashes are taken of. */

export type JsonPrimitive = string | number | boolean | null;
/** Everything that JSON carries. */
export type JsonValue = JsonPrimitive | JsonArray | JsonObject;
/** An array of JSON values. */
export type JsonArray = readonly JsonValue[];
/** A JSON object. Its keys are whatever the text said, also `__proto__`: read them as own properties. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Same value, same text: keys sorted by UTF-16 code unit, no white space, numbers as JavaScript writes them. */
export function canonicalJson(value: JsonValue): string {
  if (isJsonArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Tells a plain object from null, arrays and everything else. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Tells an array among JSON values. */
export function isJsonArray(value: JsonValue): value is JsonArray {
  return Array.isArray(value);
}

/** Equal as JSON: key order does not count, array order does. */
export function jsonEqual(left: JsonValue, right: JsonValue): boolean {
  if (left === right) return true;
  if (isJsonArray(left)) return isJsonArray(right) && arraysEqual(left, right);
  return isJsonObject(left) && isJsonObject(right) && objectsEqual(left, right);
}

function arraysEqual(left: JsonArray, right: JsonArray): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1)
    if (!jsonEqual(left[index] ?? null, right[index] ?? null)) return false;
  return true;
}

/** Loops, because a diff of long runs asks this most of the time; keys are mostly in one order. */
function objectsEqual(left: JsonObject, right: JsonObject): boolean {
  const keys = Object.keys(left);
  const others = Object.keys(right);
  if (keys.length !== others.length) return false;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? '';
    if (key !== others[index] && !Object.hasOwn(right, key)) return false;
    if (!jsonEqual(left[key] ?? null, right[key] ?? null)) return false;
  }
  return true;
}

/**
 * A new object with the keys of both, `over` winning. Keys are defined, never assigned: a parsed `__proto__` key stays
 * data instead of replacing the prototype.
 */
export function mergeObjects(under: JsonObject, over: JsonObject): JsonObject {
  if (!Object.hasOwn(under, '__proto__') && !Object.hasOwn(over, '__proto__')) return { ...under, ...over };
  const merged: Record<string, JsonValue> = {};
  for (const source of [under, over]) {
    for (const key of Object.keys(source)) defineKey(merged, key, source[key] ?? null);
  }
  return merged;
}

/** Sets a key as data, also when it is called `__proto__`. */
export function defineKey(target: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** Freezes a value all the way down. Stops at what is frozen already, so freezing again costs one look. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  // A list of the values would cost more than all the rest: every object that is handed out comes by here.
  if (Array.isArray(value)) for (const child of value) deepFreeze(child);
  else for (const name in value) if (Object.hasOwn(value, name)) deepFreeze(value[name]);
  return value;
}
