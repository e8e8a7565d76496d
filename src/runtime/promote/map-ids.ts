/** Decides how data that names new objects of a fork is rewritten for its parent: a text that is exactly such an id becomes the parent's id. */
import { defineKey, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';

/** Data with the ids of the parent. */
export function mapIds(data: JsonObject, ids: ReadonlyMap<string, string>): JsonObject {
  if (ids.size === 0) return data;
  const mapped: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(data)) defineKey(mapped, key, mapValue(value, ids));
  return mapped;
}

/** The same for one value, such as an entry of a list of evidence. */
export function mapValue(value: JsonValue, ids: ReadonlyMap<string, string>): JsonValue {
  if (typeof value === 'string') return ids.get(value) ?? value;
  if (isJsonArray(value)) return value.map((item) => mapValue(item, ids));
  return isJsonObject(value) ? mapIds(value, ids) : value;
}
