/**
 * Decides how a document that comes from elsewhere is read field by field: what is missing, empty or of another type is refused
 * with its name, and nothing is guessed.
 */
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type StructuredError,
} from '../../base/index.ts';
import { intake } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { readTimestamp } from './timestamp.ts';

export class Fields {
  readonly #thing: string;
  readonly #json: JsonObject;

  /** Throws `ValidationError` for what is no object, and `NonSerializableEventError` for what JSON does not carry. */
  constructor(thing: string, value: unknown) {
    const { value: json } = intake(value);
    if (!isJsonObject(json)) {
      throw sessionError('validation_error', `Invalid ${thing} map`, { details: { thing } });
    }
    this.#thing = thing;
    this.#json = json;
  }

  /** What there is, known or not. */
  names(): readonly string[] {
    return Object.keys(this.#json);
  }

  /** A text that has to be there and says something. */
  text(key: string): string {
    const value = this.#json[key] ?? null;
    if (value === null) throw this.#refuse(key, `${key} is required`);
    if (typeof value !== 'string') throw this.#refuse(key, `${key} must be a string`);
    if (value === '') throw this.#refuse(key, `${key} cannot be empty`);
    return value;
  }

  /** A text, or `null` for what is absent. */
  optionalText(key: string): string | null {
    const value = this.#json[key] ?? null;
    if (value === null || typeof value === 'string') return value;
    throw this.#refuse(key, `${key} must be a string`);
  }

  /** A text that has to be there, and may be empty when `fallback` stands in for an absent one. */
  textOr(key: string, fallback: () => string): string {
    return this.has(key) ? this.text(key) : fallback();
  }

  /** A moment that has to be there, in its one text. */
  moment(key: string): string {
    const text = this.text(key);
    const moment = readTimestamp(text);
    if (moment === null) throw this.#refuse(key, `${key} must be an ISO 8601 timestamp`);
    return moment;
  }

  optionalMoment(key: string): string | null {
    return this.has(key) ? this.moment(key) : null;
  }

  /** An object; an empty one for what is absent. */
  map(key: string): JsonObject {
    return this.optionalMap(key) ?? Object.freeze({});
  }

  optionalMap(key: string): JsonObject | null {
    const value = this.#json[key] ?? null;
    if (value === null || isJsonObject(value)) return value;
    throw this.#refuse(key, `${key} must be a map`);
  }

  /** Any JSON value; `null` for what is absent. */
  value(key: string): JsonValue {
    return this.#json[key] ?? null;
  }

  /** A list of texts; an empty one for what is absent. */
  texts(key: string): readonly string[] {
    const list = this.list(key);
    return list.map((item) => {
      if (typeof item === 'string') return item;
      throw this.#refuse(key, `${key} must be a list of strings`);
    });
  }

  list(key: string): readonly JsonValue[] {
    const value = this.#json[key] ?? null;
    if (value === null) return [];
    if (!isJsonArray(value)) throw this.#refuse(key, `${key} must be a list`);
    return value;
  }

  /** A whole number from `min`. */
  count(key: string, min: number): number {
    const value = this.#json[key] ?? null;
    if (value === null) throw this.#refuse(key, `${key} is required`);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value;
    throw this.#refuse(key, `${key} must be a whole number from ${min}`);
  }

  countOr(key: string, min: number, fallback: number): number {
    return this.has(key) ? this.count(key, min) : fallback;
  }

  /** A number, or `null` for what is absent. */
  optionalNumber(key: string): number | null {
    const value = this.#json[key] ?? null;
    if (value === null || typeof value === 'number') return value;
    throw this.#refuse(key, `${key} must be a number`);
  }

  flagOr(key: string, fallback: boolean): boolean {
    const value = this.#json[key] ?? null;
    if (value === null) return fallback;
    if (typeof value === 'boolean') return value;
    throw this.#refuse(key, `${key} must be true or false`);
  }

  has(key: string): boolean {
    return (this.#json[key] ?? null) !== null;
  }

  #refuse(key: string, message: string): StructuredError {
    return sessionError('validation_error', message, {
      details: { field: key },
      whatFailed: `A ${this.#thing} was read: ${message}.`,
    });
  }
}
