/** Decides which filters are refused: a name that is none, a value of another kind, a limit out of bounds; alike in every question. */
import { isUsd } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { readTimestamp } from '../model/timestamp.ts';

export const queryLimits = { sessions: 50, runs: 50, events: 100, atMost: 1000 } as const;

/** Reads a filter of a caller who may have no types. Every function throws `ValidationError` with the name of the field. */
export class FilterReader {
  readonly #filter: Readonly<Record<string, unknown>>;

  constructor(filter: object, known: readonly string[]) {
    const given = Object.entries(filter).filter(([, value]) => value !== undefined);
    const unknown = given.map(([name]) => name).find((name) => !known.includes(name));
    if (unknown !== undefined) {
      throw sessionError('validation_error', `there is no filter '${unknown}'`, {
        details: { field: unknown, known: [...known] },
      });
    }
    this.#filter = Object.fromEntries(given);
  }

  text(field: string): string | undefined {
    const value = this.#filter[field];
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    throw unfit(field, 'a text that is not empty');
  }

  /** One text or several; an empty list is refused, because it would find nothing. */
  texts(field: string): readonly string[] | undefined {
    const value = this.#filter[field];
    if (value === undefined) return undefined;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    const texts = list.filter((each): each is string => typeof each === 'string' && each !== '');
    if (list.length > 0 && texts.length === list.length) return texts;
    throw unfit(field, 'a text, or a list of texts, none of them empty');
  }

  flag(field: string): boolean {
    const value = this.#filter[field] ?? false;
    if (typeof value === 'boolean') return value;
    throw unfit(field, 'true or false');
  }

  moment(field: string): string | undefined {
    const value = this.#filter[field];
    if (value === undefined) return undefined;
    const moment = typeof value === 'string' ? readTimestamp(value) : null;
    if (moment === null) throw unfit(field, 'an ISO 8601 timestamp');
    return moment;
  }

  count(field: string): number | undefined {
    const value = this.#filter[field];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw unfit(field, 'a whole number from 0');
  }

  usd(field: string): string | undefined {
    const value = this.#filter[field];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && isUsd(value) && !value.startsWith('-')) return value;
    throw unfit(field, "an amount as decimal text, such as '0.25'");
  }

  choice<Choice extends string>(field: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const value = this.#filter[field];
    if (value === undefined) return choices[0];
    const choice = choices.find((each) => each === value);
    if (choice !== undefined) return choice;
    throw unfit(field, `one of ${choices.join(', ')}`);
  }

  limit(byDefault: number): number {
    const value = this.#filter['limit'] ?? byDefault;
    const { atMost } = queryLimits;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= atMost)
      return value;
    throw unfit('limit', `a whole number from 1 to ${atMost}`);
  }
}

/** Throws `ValidationError` when it is left out. */
export function requiredText(reader: FilterReader, field: string): string {
  const text = reader.text(field);
  if (text !== undefined) return text;
  throw unfit(field, 'a text that is not empty');
}

function unfit(field: string, wanted: string): Error {
  return sessionError('validation_error', `${field} must be ${wanted}`, { details: { field } });
}
