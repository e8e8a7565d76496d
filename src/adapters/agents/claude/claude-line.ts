/** Decides how a line of the program is read: leniently, because a later version says more, and never as something that it does not say. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../base/index.ts';
import { intake } from '../../../log/index.ts';

/** `null` for a line that is no JSON object. */
export function readLine(text: string): JsonObject | null {
  try {
    const { value } = intake(JSON.parse(text));
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** True for a whole line of the program, also one that `readLine` does not take. */
export function isObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

export function objectAt(from: JsonObject, key: string): JsonObject {
  const value = from[key];
  return value !== undefined && isJsonObject(value) ? value : {};
}

export function textAt(from: JsonObject, key: string): string | null {
  const value = from[key];
  return typeof value === 'string' ? value : null;
}

export function numberAt(from: JsonObject, key: string): number | null {
  const value = from[key];
  return typeof value === 'number' ? value : null;
}

export function listAt(from: JsonObject, key: string): readonly JsonValue[] {
  const value = from[key];
  return value !== undefined && isJsonArray(value) ? value : [];
}

export function objectsAt(from: JsonObject, key: string): readonly JsonObject[] {
  return listAt(from, key).filter(isJsonObject);
}

/** Only the keys whose value is there. */
export function present(fields: Readonly<Record<string, JsonValue | null>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
