/** Decides when an event that was made again is the recorded one: everything is compared but a short list of fields. */
import { isJsonArray, isJsonObject, type JsonObject, jsonEqual, type JsonValue } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';

/** A field of a payload that two equal runs may have differently, and why. */
export interface VolatileField {
  readonly types: readonly string[];
  /** Path in the payload, a dot between keys; what stands below it goes with it. */
  readonly path: string;
  readonly why: string;
}

const stops = ['runtime.idle', 'runtime.budget_exhausted'];

/** What may differ between a run and its repetition. */
export const volatileFields: readonly VolatileField[] = Object.freeze([
  { types: ['llm.responded', 'tool.responded'], path: 'latency_seconds', why: 'how long the world took' },
  { types: stops, path: 'snapshot.used.max_seconds', why: 'the time that passed' },
  { types: stops, path: 'snapshot.limits', why: 'limits are input' },
  { types: stops, path: 'snapshot.cost_limit_usd', why: 'limits are input' },
  { types: ['behavior.failed'], path: 'traceback', why: 'where the code stands, not what it does' },
]);

export interface Difference {
  /** `type`, `actor`, ..., `payload.object.data.title`. */
  readonly field: string;
  /** `null` for what is not there. */
  readonly expected: JsonValue;
  readonly actual: JsonValue;
}

/** The first field in which two events differ; `null` when they are the same. */
export function firstDifference(recorded: LogEvent, made: LogEvent): Difference | null {
  for (const [field, expected, actual] of [
    ['type', recorded.type, made.type],
    ['id', recorded.id, made.id],
    ['actor', recorded.actor, made.actor],
    ['caused_by', recorded.causedBy, made.causedBy],
    ['frame_id', recorded.frameId, made.frameId],
    ['timestamp', recorded.timestamp, made.timestamp],
  ] as const) {
    if (expected !== actual) return { field, expected, actual };
  }
  return payloadDifference(recorded.type, recorded.payload, made.payload);
}

export function payloadDifference(type: string, recorded: JsonObject, made: JsonObject): Difference | null {
  if (jsonEqual(recorded, made)) return null;
  const skipped = new Set(
    volatileFields.filter(({ types }) => types.includes(type)).map(({ path }) => `payload.${path}`),
  );
  return differenceOf('payload', recorded, made, skipped);
}

function differenceOf(
  field: string,
  expected: JsonValue | undefined,
  actual: JsonValue | undefined,
  skipped: ReadonlySet<string>,
): Difference | null {
  if (skipped.has(field)) return null;
  if (expected !== undefined && actual !== undefined) {
    if (jsonEqual(expected, actual)) return null;
    const inner = innerDifference(field, expected, actual, skipped);
    if (inner !== undefined) return inner;
  }
  return { field, expected: expected ?? null, actual: actual ?? null };
}

/** `undefined` for what has no inside to compare. */
function innerDifference(
  field: string,
  expected: JsonValue,
  actual: JsonValue,
  skipped: ReadonlySet<string>,
): Difference | null | undefined {
  if (isJsonArray(expected) && isJsonArray(actual)) {
    for (let index = 0; index < Math.max(expected.length, actual.length); index += 1) {
      const found = differenceOf(`${field}[${index}]`, expected[index], actual[index], skipped);
      if (found !== null) return found;
    }
    return null;
  }
  if (!isJsonObject(expected) || !isJsonObject(actual)) return undefined;
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const found = differenceOf(`${field}.${key}`, own(expected, key), own(actual, key), skipped);
    if (found !== null) return found;
  }
  return null;
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
