/** Decides what a value from a legacy file counts as: anything of another type than expected counts as absent. */
import type { JsonObject } from '../../../base/index.ts';

/** A mapping from anywhere, read key by key. */
export type Values = Readonly<Record<string, unknown>>;

export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Its own keys only: a key that every object inherits is no entry of a file. */
export function valueAt(values: Values, key: string): unknown {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/** `null` for anything but a text. What SQLite or a path cannot hold, a lone surrogate or U+0000, is taken out. */
export function textAt(values: Values, key: string): string | null {
  const value = valueAt(values, key);
  return typeof value === 'string' ? cleanText(value) : null;
}

/** Trimmed; `null` when nothing is left. */
export function wordAt(values: Values, key: string): string | null {
  const text = textAt(values, key)?.trim() ?? '';
  return text === '' ? null : text;
}

export function mappingAt(values: Values, key: string): Values {
  const value = valueAt(values, key);
  return isValues(value) ? value : {};
}

/** True when the person who wrote the file gave the key a value. */
export function isSet(values: Values, key: string): boolean {
  const value = valueAt(values, key);
  return value !== undefined && value !== null;
}

export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
}

/**
 * A JSON object; also when it is written as a text inside of JSON, as some versions of the tool did. `null` for anything else.
 */
export function decodedObject(value: unknown): JsonObject | null {
  let decoded = value;
  // A text in a text in a text is the most that was ever seen.
  for (let depth = 0; depth < 3 && typeof decoded === 'string'; depth += 1) decoded = parsedJson(decoded);
  return isValues(decoded) ? (decoded as JsonObject) : null;
}

/** `undefined` when the text is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return undefined;
  }
}
