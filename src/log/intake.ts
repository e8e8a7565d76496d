/**
 * Decides what may enter a log as data. A value enters once: it is walked as `JSON.stringify` would walk it, everything
 * that JSON does not carry is refused with its path, and what comes out is frozen together with its text, so that the live
 * projection sees exactly what a replay will read.
 */
import {
  defineKey,
  isJsonObject,
  isStructuredError,
  type JsonObject,
  type JsonValue,
} from '../base/index.ts';
import { nonSerializable } from './errors.ts';

/** How deep a payload may be, and how many characters one of its texts may have. */
export const intakeLimits = { depth: 200, textCharacters: 16 * 1024 * 1024 } as const;

/** A value as it was taken in: frozen, and the text that stands for it. */
export interface Taken<Value extends JsonValue = JsonValue> {
  readonly value: Value;
  readonly text: string;
}

/** Takes in a value. Throws `NonSerializableEventError` with the path of what JSON does not carry. */
export function intake(value: unknown): Taken {
  const taken = read(() => walk(value, '', 0)) ?? null;
  const text = JSON.stringify(taken);
  if (text.length > intakeLimits.textCharacters) {
    throw nonSerializable({
      path: '',
      found: `a text of ${text.length} characters (at most ${intakeLimits.textCharacters})`,
    });
  }
  return { value: taken, text };
}

/** Takes in a payload, which has to be an object. */
export function intakePayload(value: unknown): Taken<JsonObject> {
  const taken = intake(value);
  if (!isJsonObject(taken.value))
    throw nonSerializable({ path: '', found: `${describe(value)} where an object is needed` });
  return { value: taken.value, text: taken.text };
}

/** A getter, a `toJSON` or a proxy is code of whoever made the value: what it throws is said of the value, and has a code. */
function read<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (isStructuredError(error)) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw nonSerializable({ path: '', found: `a part that throws when it is read (${said})` });
  }
}

/** Returns `undefined` for what `JSON.stringify` drops from an object. */
function walk(value: unknown, path: string, depth: number): JsonValue | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'undefined':
      return undefined;
    case 'number':
      if (!Number.isFinite(value)) throw nonSerializable({ path, found: String(value) });
      return value === 0 ? 0 : value;
    case 'object':
      return value === null ? null : walkObject(value, path, depth);
    default:
      throw nonSerializable({ path, found: describe(value) });
  }
}

function walkObject(value: object, path: string, depth: number): JsonValue | undefined {
  if (depth >= intakeLimits.depth)
    throw nonSerializable({ path, found: `a depth of more than ${intakeLimits.depth}` });
  if (Array.isArray(value)) return walkArray(value, path, depth);
  if (value instanceof Set) return walkSet(value, path, depth);
  const toJson: unknown = Reflect.get(value, 'toJSON');
  if (typeof toJson === 'function') return walkOwnForm(value, toJson, path, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype && !isForeignPlainObject(prototype)) {
    throw nonSerializable({ path, found: describe(value) });
  }
  const taken: Record<string, JsonValue> = {};
  for (const key of Object.keys(value)) {
    const child = walk(Reflect.get(value, key), path === '' ? key : `${path}.${key}`, depth + 1);
    if (child !== undefined) defineKey(taken, key, child);
  }
  return Object.freeze(taken);
}

function walkArray(value: readonly unknown[], path: string, depth: number): JsonValue {
  const taken: JsonValue[] = [];
  for (let index = 0; index < value.length; index += 1) {
    if (!(index in value)) throw nonSerializable({ path: `${path}[${index}]`, found: 'a hole in an array' });
    taken.push(walk(value[index], `${path}[${index}]`, depth + 1) ?? null);
  }
  return Object.freeze(taken);
}

/** A set has no order of its own: it is written as a sorted list, by type name and then by text. */
function walkSet(value: ReadonlySet<unknown>, path: string, depth: number): JsonValue {
  const taken = [...value].map((item, index) => walk(item, `${path}[${index}]`, depth + 1) ?? null);
  const key = (item: JsonValue): string => `${typeof item}:${JSON.stringify(item)}`;
  taken.sort((left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return key(left) < key(right) ? -1 : 1;
  });
  return Object.freeze(taken);
}

/** Dates, decimals and URLs say by `toJSON` how they are written; an invalid date says `null`, which would lose it. */
function walkOwnForm(value: object, toJson: Function, path: string, depth: number): JsonValue | undefined {
  if (value instanceof Date && Number.isNaN(value.getTime()))
    throw nonSerializable({ path, found: 'an invalid date' });
  const form: unknown = Reflect.apply(toJson, value, ['']);
  return walk(form, path, depth + 1);
}

/** A plain object of another realm (a worker, a vm context) has that realm's `Object.prototype`. */
function isForeignPlainObject(prototype: unknown): boolean {
  return (
    typeof prototype === 'object' &&
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'isPrototypeOf')
  );
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  const name: unknown = Reflect.get(Reflect.get(value, 'constructor') ?? {}, 'name');
  return `an instance of ${typeof name === 'string' && name !== '' ? name : 'a class'}`;
}
