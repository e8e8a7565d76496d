/**
 * Decides when two values that were parsed have one text: key order counts, `-0` is `0`. Told without building the texts, because
 * most of a diff is this question.
 */
import { isJsonArray, type JsonArray, type JsonObject, type JsonValue } from '../../base/index.ts';

/** True exactly when `JSON.stringify` makes one text of both. */
export function sameJson(left: JsonValue, right: JsonValue): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null)
    return isTextOfNull(left) && isTextOfNull(right);
  if (isJsonArray(left)) return isJsonArray(right) && sameArrays(left, right);
  return !isJsonArray(right) && sameObjects(left, right);
}

/** A number beyond what JavaScript holds is parsed as infinite, which no JSON can say. */
function isTextOfNull(value: JsonValue): boolean {
  return value === null || (typeof value === 'number' && !Number.isFinite(value));
}

function sameArrays(left: JsonArray, right: JsonArray): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1)
    if (!sameJson(left[index] ?? null, right[index] ?? null)) return false;
  return true;
}

function sameObjects(left: JsonObject, right: JsonObject): boolean {
  const keys = Object.keys(left);
  const others = Object.keys(right);
  if (keys.length !== others.length) return false;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? '';
    if (key !== others[index] || !sameJson(left[key] ?? null, right[key] ?? null)) return false;
  }
  return true;
}
