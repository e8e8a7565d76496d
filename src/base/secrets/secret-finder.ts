/**
 * Decides where in a text secrets can begin: one pass of one expression over it finds the places, and only there the shapes
 * are tried.
 */
import {
  type Answer,
  findBearer,
  findJsonWebToken,
  findNamedValue,
  findPemKey,
  findToken,
  type Window,
} from './find-secret.ts';
import { type PatternTable, spellingsOf } from './secret-patterns.ts';

type Finder = (window: Window, at: number) => Answer;

/** The shapes of a table, by the letter that they begin with, and the expression that finds their beginnings. */
export class SecretFinder {
  readonly #starts: RegExp;
  readonly #findersByLetter = new Map<string, Finder[]>();
  /** Every proper beginning of a beginning: a piece of a stream that ends with one is not yet told apart. */
  readonly #heads = new Set<string>();
  #longestHead = 0;

  constructor(table: PatternTable) {
    const starts = new Set<string>();
    const add = (start: string, find: Finder): void => {
      starts.add(start.toLowerCase());
      const letter = start.slice(0, 1).toLowerCase();
      const finders = this.#findersByLetter.get(letter) ?? [];
      this.#findersByLetter.set(letter, [...finders, find]);
    };
    for (const shape of table.tokens) add(shape.prefix, (window, at) => findToken(window, at, shape));
    for (const shape of table.names) {
      add(shape.name.split('~')[0] ?? '', (window, at) => findNamedValue(window, at, shape));
    }
    if (table.hasBuiltIn) {
      add('eyJ', findJsonWebToken);
      add('bearer', findBearer);
      add('-----BEGIN ', findPemKey);
    }
    for (const { name } of table.names) {
      starts.delete((name.split('~')[0] ?? '').toLowerCase());
      for (const spelled of spellingsOf(name)) starts.add(spelled);
    }
    for (const start of starts) {
      for (let length = 1; length < start.length; length += 1) this.#heads.add(start.slice(0, length));
      this.#longestHead = Math.max(this.#longestHead, start.length - 1);
    }
    this.#starts = new RegExp([...starts].sort().map(escaped).join('|') || '(?!)', 'gi');
  }

  /** False when no secret can begin anywhere in the text: most texts end here. */
  mayHold(text: string): boolean {
    this.#starts.lastIndex = 0;
    return this.#starts.test(text);
  }

  /** The place at or behind `from` where a shape could begin; -1 for none. */
  nextStart(text: string, from: number): number {
    this.#starts.lastIndex = from;
    return this.#starts.exec(text)?.index ?? -1;
  }

  at(window: Window, place: number): Answer {
    for (const find of this.#findersByLetter.get(window.text.charAt(place).toLowerCase()) ?? []) {
      const answer = find(window, place);
      if (answer !== null) return answer;
    }
    return null;
  }

  /** How many of the last characters, from `from` on, could be the beginning of a beginning. */
  openTail(text: string, from: number): number {
    const tail = text.slice(Math.max(from, text.length - this.#longestHead)).toLowerCase();
    for (let start = 0; start < tail.length; start += 1) {
      if (this.#heads.has(tail.slice(start))) return tail.length - start;
    }
    return 0;
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
