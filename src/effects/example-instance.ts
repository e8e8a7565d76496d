/**
 * Decides what example a prompt shows beside a JSON Schema: the smallest instance of its form. A model that sees one is far
 * less likely to send the schema back. It shows shapes, not sense: texts are placeholders.
 */
import { defineKey, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../base/index.ts';

/** A schema that contains itself has no end; below this level the example is `null`. */
const depthLimit = 6;

/** An instance of a JSON Schema: required properties only, where the schema says which; one item in every list. */
export function exampleInstance(schema: JsonObject): JsonValue {
  return instanceOf(schema, schema, 0);
}

function instanceOf(schema: JsonValue, root: JsonObject, depth: number): JsonValue {
  if (!isJsonObject(schema) || depth > depthLimit) return null;
  const { $ref: reference, enum: choices, anyOf, oneOf, allOf } = schema;
  if (typeof reference === 'string') return instanceOf(definition(reference, root), root, depth + 1);
  if (isList(choices)) return choices[0] ?? null;
  if (schema['const'] !== undefined) return schema['const'];
  const variants = anyOf ?? oneOf;
  if (isList(variants))
    return instanceOf(variants.find((variant) => !isNullSchema(variant)) ?? null, root, depth + 1);
  if (isList(allOf)) return joined(allOf, root, depth);
  return byType(schema, root, depth);
}

function byType(schema: JsonObject, root: JsonObject, depth: number): JsonValue {
  switch (typeOf(schema)) {
    case 'object':
      return objectInstance(schema, root, depth);
    case 'array':
      return arrayInstance(schema, root, depth);
    case 'string':
      return '<string>';
    case 'integer':
    case 'number':
      return within(schema);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function objectInstance(schema: JsonObject, root: JsonObject, depth: number): JsonObject {
  const { properties, required } = schema;
  const instance: Record<string, JsonValue> = {};
  if (!isJsonObject(properties)) return instance;
  for (const [name, property] of Object.entries(properties)) {
    if (isList(required) && !required.includes(name)) continue;
    defineKey(instance, name, instanceOf(property, root, depth + 1));
  }
  return instance;
}

function arrayInstance(schema: JsonObject, root: JsonObject, depth: number): JsonValue {
  const { prefixItems, items } = schema;
  if (isList(prefixItems)) return prefixItems.map((item) => instanceOf(item, root, depth + 1));
  return isJsonObject(items) ? [instanceOf(items, root, depth + 1)] : [];
}

/** Several schemas at once: their objects put together, or else the first of them. */
function joined(schemas: readonly JsonValue[], root: JsonObject, depth: number): JsonValue {
  const instances = schemas.map((schema) => instanceOf(schema, root, depth + 1));
  if (!instances.every(isJsonObject)) return instances[0] ?? null;
  const all: Record<string, JsonValue> = {};
  for (const instance of instances) {
    for (const [key, value] of Object.entries(instance)) defineKey(all, key, value);
  }
  return all;
}

/** Zero, or the bound nearest to it. */
function within(schema: JsonObject): number {
  const { minimum, maximum } = schema;
  if (typeof minimum === 'number' && minimum > 0) return minimum;
  return typeof maximum === 'number' && maximum < 0 ? maximum : 0;
}

function typeOf(schema: JsonObject): JsonValue {
  const { type } = schema;
  if (isList(type)) return type.find((name) => name !== 'null') ?? null;
  if (type !== undefined) return type;
  return schema['properties'] === undefined ? null : 'object';
}

/** Follows `#`, `#/$defs/Name` and any other path inside the schema. */
function definition(reference: string, root: JsonObject): JsonValue {
  if (!reference.startsWith('#')) return null;
  let place: JsonValue = root;
  for (const step of reference.split('/').slice(1)) {
    if (!isJsonObject(place)) return null;
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    place = Object.hasOwn(place, key) ? (place[key] ?? null) : null;
  }
  return place;
}

function isNullSchema(schema: JsonValue): boolean {
  return isJsonObject(schema) && schema['type'] === 'null';
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return value !== undefined && isJsonArray(value);
}
