/** Decides how a trace reads payloads that any writer may have written: what is missing shows as a question mark. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import { pythonText } from '../text/python-text.ts';

/** The object under a key, or an empty one. */
export function field(payload: JsonObject, key: string): JsonObject {
  const value = payload[key];
  return isJsonObject(value) ? value : {};
}

export function fieldText(payload: JsonObject, key: string, missing = '?'): string {
  const value = payload[key];
  return value === undefined ? missing : pythonText(value);
}

/** How many entries a list or an object has. */
export function listed(value: JsonValue | undefined): number {
  if (value === undefined) return 0;
  if (isJsonArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : 0;
}
