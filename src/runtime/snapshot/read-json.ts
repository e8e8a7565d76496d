/** Decides how the fields of a snapshot are read: each is what it should be, or the whole is no snapshot. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';

/** Says why something is no snapshot that this version can use. Caught by whoever reads one: the log is read then. */
export class NoSnapshot extends Error {
  override readonly name = 'NoSnapshot';
}

type Found = JsonValue | undefined;

export function object(value: Found): JsonObject {
  if (isJsonObject(value)) return value;
  throw new NoSnapshot('an object is missing in it');
}

export function list(value: Found): readonly JsonValue[] {
  if (value !== undefined && isJsonArray(value)) return value;
  throw new NoSnapshot('a list is missing in it');
}

export function text(value: Found): string {
  if (typeof value === 'string') return value;
  throw new NoSnapshot('a text is missing in it');
}

export function textOrNull(value: Found): string | null {
  return value === null ? null : text(value);
}

export function integer(value: Found): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new NoSnapshot('a number is missing in it');
}

export function integerOrNull(value: Found): number | null {
  return value === null ? null : integer(value);
}
