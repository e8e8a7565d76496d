/**
 * Decides how secrets are taken out of a text that may come in pieces: what comes out of all pieces, put together, is what
 * the whole text would have given. The end of a piece that could still become a secret is held back, at most a few thousand
 * characters; what belongs to a secret already found is dropped as it comes.
 */
import { endOfRun } from './character-class.ts';
import { type Finding, type Rest, Window } from './find-secret.ts';
import { endOfPemBody } from './pem-frame.ts';
import type { SecretFinder } from './secret-finder.ts';

const backslash = 92;
const newline = 10;

/** Says what takes the place of a secret, and hears of each. */
export type Replace = (category: string) => string;

/** Where a scanner stands between two pieces. */
export interface ScannerMark {
  readonly held: string;
  readonly rest: Rest | null;
  readonly backslashes: number;
}

export class SecretScanner {
  readonly #finder: SecretFinder;
  readonly #replace: Replace;
  /** Not yet told apart. */
  #held = '';
  /** Of the secret that the last piece ended in. */
  #rest: Rest | null = null;
  #backslashes = 0;

  constructor(finder: SecretFinder, replace: Replace) {
    this.#finder = finder;
    this.#replace = replace;
  }

  /** How many characters are held back. */
  get heldCharacters(): number {
    return this.#held.length;
  }

  mark(): ScannerMark {
    return { held: this.#held, rest: this.#rest, backslashes: this.#backslashes };
  }

  /** Goes back to where it stood: the pieces since then did not come. */
  goBack({ held, rest, backslashes }: ScannerMark): void {
    this.#held = held;
    this.#rest = rest;
    this.#backslashes = backslashes;
  }

  /** What can be let out after this piece. */
  push(piece: string): string {
    return this.#scan(this.#held + piece, false);
  }

  /** What was held back: nothing follows. The scanner is as new afterwards. */
  end(last = ''): string {
    const out = this.#scan(this.#held + last, true);
    this.#held = '';
    this.#rest = null;
    this.#backslashes = 0;
    return out;
  }

  #scan(text: string, isWhole: boolean): string {
    this.#held = '';
    let out = '';
    let kept = 0;
    if (this.#rest !== null) {
      const ended = this.#skip(text, 0, this.#rest);
      if (ended === null) return '';
      kept = ended.end;
      out = ended.closing;
    }
    const window = new Window(text, isWhole);
    let place = this.#finder.nextStart(text, kept);
    while (place !== -1) {
      const found = this.#finder.at(window, place);
      if (found === 'open') return this.#holdFrom(text, place, out + text.slice(kept, place));
      if (found !== null) {
        out += text.slice(kept, found.from) + this.#markerOf(found);
        const ended = this.#skip(text, found.sureTo, found.rest);
        if (ended === null) return out;
        out += ended.closing;
        kept = ended.end;
      }
      place = this.#finder.nextStart(text, found === null ? place + 1 : kept);
    }
    const tail = isWhole ? text.length : text.length - this.#finder.openTail(text, kept);
    return this.#holdFrom(text, tail, out + text.slice(kept, tail));
  }

  #holdFrom(text: string, place: number, out: string): string {
    this.#held = text.slice(place);
    return out;
  }

  #markerOf({ category, around }: Finding): string {
    return around + this.#replace(category) + around;
  }

  /** Drops what belongs to the secret; `null` when the text ends first, and then the next piece goes on here. */
  #skip(text: string, start: number, rest: Rest): { end: number; closing: string } | null {
    this.#rest = rest;
    if (rest.kind === 'quoted') return this.#skipQuoted(text, start, rest);
    const { end, isEnded, from } = endOfRest(text, start, rest);
    if (!isEnded) {
      this.#held = text.slice(from);
      return null;
    }
    this.#rest = null;
    return { end, closing: '' };
  }

  /** Up to the quote that closes: one behind as many backslashes as stood before the opening one, or at the end of the line. */
  #skipQuoted(
    text: string,
    start: number,
    { quote, backslashes }: Rest & { kind: 'quoted' },
  ): { end: number; closing: string } | null {
    for (let place = start; place < text.length; place += 1) {
      const code = text.charCodeAt(place);
      if (code === backslash) {
        this.#backslashes += 1;
        continue;
      }
      const seen = this.#backslashes;
      this.#backslashes = 0;
      const closes = seen <= backslashes || (seen - backslashes) % (2 * (backslashes + 1)) === 0;
      if (code === newline || (code === quote && closes)) {
        this.#rest = null;
        if (code === newline) return { end: place, closing: '' };
        return { end: place, closing: '\\'.repeat(Math.min(seen, backslashes)) };
      }
    }
    return null;
  }
}

/** `from` is where the text begins that a next piece may change the meaning of. */
function endOfRest(
  text: string,
  start: number,
  rest: Exclude<Rest, { kind: 'quoted' }>,
): { end: number; isEnded: boolean; from: number } {
  if (rest.kind === 'run') {
    const end = endOfRun(rest.characters, text, start, text.length);
    return { end, isEnded: end < text.length, from: text.length };
  }
  const { end, isClosed } = endOfPemBody(text, start);
  return { end, isEnded: isClosed, from: end };
}
