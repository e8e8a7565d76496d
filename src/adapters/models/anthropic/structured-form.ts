/**
 * Decides whether the vendor itself is asked to hold an answer to its form. The vendor closes every object and knows no maps: a form
 * that would lose something by that is asked for in the prompt alone, as every other.
 */
import { isJsonArray, isJsonObject, type JsonValue } from '../../../base/index.ts';

/** True for a form that says the same after the vendor's package has made it strict. */
export function canBeHeld(form: JsonValue): boolean {
  return isJsonObject(form) && form['type'] === 'object' && isPlain(form);
}

/** Keywords by which a schema says more than the strict form can. */
const beyond = ['patternProperties', 'propertyNames', 'not', 'if', 'dependentSchemas', 'prefixItems'];

function isPlain(schema: JsonValue): boolean {
  if (isJsonArray(schema)) return schema.every(isPlain);
  if (!isJsonObject(schema)) return true;
  if (beyond.some((keyword) => schema[keyword] !== undefined)) return false;
  const keys = ['type', 'anyOf', 'oneOf', 'allOf', 'enum', 'const', '$ref'];
  if (!keys.some((key) => schema[key] !== undefined)) return false;
  if (Array.isArray(schema['type'])) return false;
  if (schema['type'] === 'object' && (schema['additionalProperties'] ?? null) !== false) return false;
  const { properties, items, $defs, anyOf, oneOf, allOf } = schema;
  const named = [properties, $defs].flatMap((map) =>
    map !== undefined && isJsonObject(map) ? Object.values(map) : [],
  );
  return [...named, items, anyOf, oneOf, allOf].every((part) => part === undefined || isPlain(part));
}
