/**
 * Decides what a missing fixture is compared with. Nearly always a prompt has changed by a few words since it was recorded:
 * naming the recording that is closest, and the first words that differ, saves the search for them.
 */
import {
  canonicalJson,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../base/index.ts';
import type { FixtureStore } from './fixture-store.ts';

/** More than this many recordings are not read for a message. */
const readLimit = 500;

export interface Difference {
  /** Path in the question, such as `messages[0].content`. */
  readonly field: string;
  readonly recorded: string;
  readonly asked: string;
}

export interface NearestFixture extends Difference {
  readonly key: string;
}

export interface FixtureQuestion {
  readonly store: FixtureStore;
  /** Only keys that begin with it are looked at. */
  readonly prefix: string;
  /** The field of a fixture that holds its question. */
  readonly field: 'prompt' | 'args';
  readonly asked: JsonObject;
}

/** The recording whose question differs in the fewest characters; `null` when there is none to compare with. */
export async function nearestFixture({
  store,
  prefix,
  field,
  asked,
}: FixtureQuestion): Promise<NearestFixture | null> {
  const keys = (await store.list?.()) ?? [];
  let nearest: NearestFixture | null = null;
  let smallest = Infinity;
  for (const key of keys.filter((name) => name.startsWith(prefix)).slice(0, readLimit)) {
    const recorded = questionOf(await store.load(key), field);
    if (recorded === null) continue;
    const regions = [...changedRegions(recorded, asked, '')];
    const size = regions.reduce((sum, region) => sum + region.size, 0);
    const first = regions[0];
    if (first === undefined || size >= smallest) continue;
    smallest = size;
    nearest = { key, field: first.field, recorded: first.recorded, asked: first.asked };
  }
  return nearest;
}

/** A sentence for a message. */
export function describeNearest({ key, field, recorded, asked }: NearestFixture): string {
  return `The nearest recording is ${key}; it differs first in ${field}: recorded ${JSON.stringify(recorded)}, asked ${JSON.stringify(asked)}.`;
}

interface ChangedRegion extends Difference {
  readonly size: number;
}

function* changedRegions(
  recorded: JsonValue | undefined,
  asked: JsonValue | undefined,
  path: string,
): Generator<ChangedRegion> {
  if (isJsonObject(recorded) && isJsonObject(asked)) {
    for (const key of new Set([...Object.keys(asked), ...Object.keys(recorded)])) {
      yield* changedRegions(recorded[key], asked[key], path === '' ? key : `${path}.${key}`);
    }
  } else if (isList(recorded) && isList(asked)) {
    for (let index = 0; index < Math.max(recorded.length, asked.length); index += 1) {
      yield* changedRegions(recorded[index], asked[index], `${path}[${index}]`);
    }
  } else {
    const region = changedText(textOf(recorded), textOf(asked));
    if (region !== null) yield { field: path, ...region };
  }
}

/** Both texts without their common beginning and end, a few words of the beginning kept to find the place by. */
function changedText(recorded: string, asked: string): Omit<ChangedRegion, 'field'> | null {
  if (recorded === asked) return null;
  const shorter = Math.min(recorded.length, asked.length);
  let start = 0;
  while (start < shorter && recorded[start] === asked[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && recorded.at(-1 - tail) === asked.at(-1 - tail)) tail += 1;
  return {
    size: Math.max(recorded.length, asked.length) - start - tail,
    recorded: excerpt(recorded, start),
    asked: excerpt(asked, start),
  };
}

function excerpt(text: string, start: number): string {
  const from = Math.max(0, start - 20);
  const cut = text.slice(from, start + 40);
  // A cut may go through a surrogate pair, and what is left of one cannot be stored.
  return `${from > 0 ? '…' : ''}${cut}${from + cut.length < text.length ? '…' : ''}`.toWellFormed();
}

function questionOf(text: string | null, field: string): JsonObject | null {
  if (text === null) return null;
  try {
    const body: unknown = JSON.parse(text);
    const question = isJsonObject(body) ? body[field] : null;
    return isJsonObject(question) ? question : null;
  } catch {
    return null;
  }
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined) return '(absent)';
  return typeof value === 'string' ? value : canonicalJson(value);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return value !== undefined && isJsonArray(value);
}
