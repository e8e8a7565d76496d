/**
 * Decides what is left of a text, a JSON value or a stream of pieces when its secrets are taken out: the one redactor of the
 * house. Who calls it, and on what, is the caller's business.
 */
import { checkArguments } from '../argument-check.ts';
import { defineKey, isJsonArray, type JsonObject, type JsonValue } from '../json.ts';
import { InvalidRuntimeConfiguration } from '../error-categories.ts';
import { checkOptionNames } from '../option-names.ts';
import { SecretFinder } from './secret-finder.ts';
import {
  type NameShape,
  patternTable,
  type PatternTable,
  type SecretPattern,
  spellingsOf,
} from './secret-patterns.ts';
import { type ScannerMark, SecretScanner } from './secret-scanner.ts';

/** Patterns besides the built-in ones, or in their place, and what is written where a secret was. */
export interface RedactorOptions {
  /** Patterns of one's own, looked for beside the built-in ones. */
  readonly patterns?: readonly SecretPattern[];
  /** Look for `patterns` only. */
  readonly replaceBuiltIn?: boolean;
  /** What takes the place of a secret: `'categorized'` writes `[REDACTED:category]`; `[REDACTED]` by default. */
  readonly replacement?: string;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  patterns: true,
  replaceBuiltIn: true,
  replacement: true,
} satisfies Record<keyof RedactorOptions, true>);

/** Hears of each secret that was taken out. */
export type OnSecret = (category: string) => void;

/** Where a stream stands between two pieces; made by `mark`, of use to the stream that made it. */
export type StreamMark = ScannerMark;

/** A text that comes in pieces, such as the answer of a model. */
export interface RedactedStream {
  mark(): StreamMark;
  /** Goes back to where it stood: the pieces since then did not come. */
  goBack(mark: StreamMark): void;
  /** What can be let out after this piece; the rest is held back until it is clear that no secret begins in it. */
  push(piece: string): string;
  /** What was held back; nothing follows. The stream can be used again. */
  end(): string;
  /** How many characters are held back now: at most a few thousand, whatever comes. */
  readonly heldCharacters: number;
}

/** Takes secrets out of texts and of JSON before they are stored or shown. It never throws on data. */
export interface Redactor {
  text(text: string, onSecret?: OnSecret): string;
  /**
   * The value without secrets, in texts and in keys; the very same value when it holds none. The value of a key such as
   * `password` is a secret whatever it looks like, when it is a text, a number or a list of these.
   */
  json(value: JsonValue, onSecret?: OnSecret): JsonValue;
  object(value: JsonObject, onSecret?: OnSecret): JsonObject;
  /** Pieces of one text: what it lets out, put together, is `text` of the whole. */
  stream(onSecret?: OnSecret): RedactedStream;
}

/** Texts of at least this length are needed for a pattern: a shorter one would hit everything. */
const shortestPattern = 3;
/** Keys repeat from event to event; a stranger's keys must not fill the memory. */
const keyCacheLimit = 4096;
/** No name of a pattern is longer. */
const longestName = 64;

/** Makes a redactor. Throws `InvalidRuntimeConfiguration` for a pattern that is too short or would find its own replacement. */
export function redactor(options: RedactorOptions = {}): Redactor {
  checkArguments('redactor', { options: [options, 'object'] });
  checkOptionNames('redactor', options, optionNames);
  return new PatternRedactor(options);
}

class PatternRedactor implements Redactor {
  readonly #finder: SecretFinder;
  readonly #replacement: string;
  readonly #keys: KeyNatures;

  constructor({ patterns = [], replaceBuiltIn = false, replacement = '[REDACTED]' }: RedactorOptions) {
    for (const pattern of patterns) checkPattern(pattern);
    const table = patternTable(patterns, replaceBuiltIn);
    this.#finder = new SecretFinder(table);
    this.#keys = new KeyNatures(table, (key) => this.text(key));
    this.#replacement = replacement;
    Object.freeze(this);
  }

  text(text: string, onSecret?: OnSecret): string {
    if (!this.#finder.mayHold(text)) return text;
    return new SecretScanner(this.#finder, (category) => this.#replace(category, onSecret)).end(text);
  }

  json(value: JsonValue, onSecret?: OnSecret): JsonValue {
    if (typeof value === 'string') return this.text(value, onSecret);
    if (typeof value !== 'object' || value === null) return value;
    return isJsonArray(value) ? this.#array(value, onSecret) : this.object(value, onSecret);
  }

  object(value: JsonObject, onSecret?: OnSecret): JsonObject {
    let changed: ChangedObject | null = null;
    for (const key of Object.keys(value)) {
      const child = value[key] ?? null;
      const { category, isClean } = this.#keys.of(key);
      const left = category === null ? this.json(child, onSecret) : this.#hide(child, category, onSecret);
      if (changed === null && (left !== child || !isClean)) changed = new ChangedObject(value, key);
      if (isClean) changed?.keep(key, left);
      else changed?.rename(this.text(key, onSecret), left);
    }
    return changed === null ? value : changed.made;
  }

  #array(value: readonly JsonValue[], onSecret: OnSecret | undefined): JsonValue {
    const left = value.map((item) => this.json(item, onSecret));
    return left.some((item, index) => item !== value[index]) ? left : value;
  }

  /** A value whose key says what it is. */
  #hide(value: JsonValue, category: string, onSecret: OnSecret | undefined): JsonValue {
    if (typeof value === 'number') return this.#replace(category, onSecret);
    if (typeof value === 'string') {
      const isEmpty = value === '' || value === this.#markerOf(category);
      return isEmpty ? value : this.#replace(category, onSecret);
    }
    if (value === null || typeof value === 'boolean') return value;
    return isJsonArray(value)
      ? value.map((item) => this.#hide(item, category, onSecret))
      : this.object(value, onSecret);
  }

  stream(onSecret?: OnSecret): RedactedStream {
    return new SecretScanner(this.#finder, (category) => this.#replace(category, onSecret));
  }

  #replace(category: string, onSecret: OnSecret | undefined): string {
    onSecret?.(category);
    return this.#markerOf(category);
  }

  #markerOf(category: string): string {
    return this.#replacement === 'categorized' ? `[REDACTED:${category}]` : this.#replacement;
  }
}

interface KeyNature {
  /** Says that the value is a secret. */
  readonly category: string | null;
  /** No secret stands in the key itself. */
  readonly isClean: boolean;
}

/** Which keys say that their value is a secret: those that end with a name of the table, as names in a text do. */
class KeyNatures {
  readonly #textOf: (key: string) => string;
  readonly #endings: readonly { readonly ending: string; readonly category: string }[];
  readonly #exact: readonly NameShape[];
  readonly #known = new Map<string, KeyNature>();

  constructor({ names }: PatternTable, textOf: (key: string) => string) {
    this.#textOf = textOf;
    this.#exact = names.filter(({ isExact }) => isExact);
    this.#endings = names
      .filter(({ isExact }) => !isExact)
      .flatMap(({ name, category }) => spellingsOf(name).map((ending) => ({ ending, category })));
  }

  of(key: string): KeyNature {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const nature = { category: this.#categoryOf(key), isClean: this.#textOf(key) === key };
    if (this.#known.size < keyCacheLimit && key.length <= longestName) this.#known.set(key, nature);
    return nature;
  }

  #categoryOf(key: string): string | null {
    const exact = this.#exact.find(({ name }) => key.endsWith(name));
    if (exact !== undefined) return exact.category;
    const lowered = key.slice(-longestName).toLowerCase();
    return this.#endings.find(({ ending }) => lowered.endsWith(ending))?.category ?? null;
  }
}

/** A copy of an object in the making. Two keys that became equal are told apart by a number, so that no value is lost. */
class ChangedObject {
  readonly made: Record<string, JsonValue> = {};
  readonly #original: JsonObject;
  readonly #numbers = new Map<string, number>();

  /** Begins with what stands before `end`. */
  constructor(original: JsonObject, end: string) {
    this.#original = original;
    for (const key of Object.keys(original)) {
      if (key === end) break;
      this.keep(key, original[key] ?? null);
    }
  }

  keep(key: string, value: JsonValue): void {
    defineKey(this.made, key, value);
  }

  rename(name: string, value: JsonValue): void {
    let number = this.#numbers.get(name) ?? 0;
    let free = name;
    do {
      number += 1;
      if (number > 1) free = `${name}#${number}`;
    } while (Object.hasOwn(this.#original, free));
    this.#numbers.set(name, number);
    this.keep(free, value);
  }
}

function checkPattern(pattern: SecretPattern): void {
  const start = 'name' in pattern ? pattern.name : 'text' in pattern ? pattern.text : pattern.prefix;
  if (start.length >= shortestPattern && pattern.category !== '') return;
  throw new InvalidRuntimeConfiguration({
    summary: `the secret pattern ${JSON.stringify(start)} is shorter than ${shortestPattern} characters`,
    whatFailed: `A redactor was to look for ${JSON.stringify(start)} in category ${JSON.stringify(pattern.category)}.`,
    why: 'So short a text, or one without a category, would take out what is no secret, and nobody could tell why.',
    howToFix: `Give the pattern a category and at least ${shortestPattern} characters.`,
    context: { category: pattern.category, characters: start.length },
  });
}
