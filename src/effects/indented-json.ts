/**
 * Decides how JSON is printed for people, models and fixtures: keys sorted as in the canonical text, two spaces a level, so
 * that equal values are equal line by line.
 */
import { isJsonArray, isJsonObject, type JsonValue } from '../base/index.ts';

/** JSON over several lines, keys in the order that they have. */
export function indentedJson(value: JsonValue, indent = ''): string {
  const inner = `${indent}  `;
  if (isJsonArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + indentedJson(item, inner)).join(',\n')}\n${indent}]`;
  }
  if (isJsonObject(value)) {
    const keys = Object.keys(value).sort();
    if (keys.length === 0) return '{}';
    const lines = keys.map(
      (key) => `${inner}${JSON.stringify(key)}: ${indentedJson(value[key] ?? null, inner)}`,
    );
    return `{\n${lines.join(',\n')}\n${indent}}`;
  }
  return JSON.stringify(value);
}
