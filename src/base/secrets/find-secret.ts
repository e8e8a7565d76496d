/**
 * Decides whether a secret begins at a place of a text. Each shape is read by hand instead of by an expression: a head of
 * bounded length says that it is one, and what belongs to it after that is a run of characters. So nothing is read twice
 * without a bound, and a text that ends within a head says "not yet" instead of "no".
 */
import {
  base64Url,
  bearer,
  type CharacterClass,
  dotted,
  endOfRun,
  isOf,
  isSpace,
  jsonBare,
  jsonList,
  visible,
} from './character-class.ts';
import { endOfPemHeader } from './pem-frame.ts';
import type { NameShape, TokenShape } from './secret-patterns.ts';

/** What belongs to a secret behind its head. */
export type Rest =
  | { readonly kind: 'run'; readonly characters: CharacterClass }
  | { readonly kind: 'quoted'; readonly quote: number; readonly backslashes: number }
  | { readonly kind: 'pem' };

export interface Finding {
  readonly category: string;
  /** What is taken out begins here; what stands between the place that was looked at and this is kept. */
  readonly from: number;
  /** Up to here it is a secret for sure. */
  readonly sureTo: number;
  readonly rest: Rest;
  /** Stands around what takes the place of the secret: the quotes that a bare value of JSON did not have. */
  readonly around: string;
}

/** `null`: no secret begins here. `'open'`: the text ends too early to tell. */
export type Answer = Finding | 'open' | null;

/** The text that is looked at; `isWhole` when nothing follows it. */
export class Window {
  readonly text: string;
  readonly isWhole: boolean;
  #runStart = 0;
  #runEnd = 0;

  constructor(text: string, isWhole: boolean) {
    this.text = text;
    this.isWhole = isWhole;
  }

  /** Where the run of token letters around `at` ends. A run is read once, however many tokens could begin in it. */
  endOfTokenRun(at: number): number {
    if (at < this.#runStart || at >= this.#runEnd) {
      this.#runStart = at;
      this.#runEnd = endOfRun(base64Url, this.text, at, this.text.length);
    }
    return this.#runEnd;
  }
}

/** Longest first part of a JSON web token; a longer run of such letters is something else. */
const tokenPartLimit = 2048;
const jwtPartMin = 10;
const bearerMin = 20;
/** White space that may stand around the sign between a name and its value. */
const gapLimit = 64;
const backslashLimit = 15;

const doubleQuote = 34;
const singleQuote = 39;
const backtick = 96;
const backslash = 92;

export function findToken({ text, isWhole }: Window, at: number, shape: TokenShape): Answer {
  const started = startsWith(text, at, shape.prefix, isWhole);
  if (started !== true) return started;
  const { category, minCharacters, characters } = shape;
  const start = at + shape.prefix.length;
  const sureTo = start + minCharacters;
  const end = endOfRun(characters, text, start, Math.min(sureTo, text.length));
  if (end < sureTo) return end === text.length && !isWhole ? 'open' : null;
  return { category, from: at, sureTo, rest: run(shape.rest ?? characters), around: '' };
}

/** `eyJ…` and a second part behind a dot. A first part without a dot is no token, however long it is. */
export function findJsonWebToken(window: Window, at: number): Answer {
  const { text, isWhole } = window;
  const started = startsWith(text, at, 'eyJ', isWhole);
  if (started !== true) return started;
  const dot = window.endOfTokenRun(at);
  if (dot - at > tokenPartLimit) return null;
  if (dot === text.length) return isWhole ? null : 'open';
  if (text[dot] !== '.' || dot - at < jwtPartMin) return null;
  const sureTo = dot + 1 + jwtPartMin;
  const end = endOfRun(base64Url, text, dot + 1, Math.min(sureTo, text.length));
  if (end < sureTo) return end === text.length && !isWhole ? 'open' : null;
  return { category: 'jwt_token', from: at, sureTo, rest: run(dotted), around: '' };
}

export function findBearer({ text, isWhole }: Window, at: number): Answer {
  const started = startsWithAnyCase(text, at, 'bearer', isWhole);
  if (started !== true) return started;
  const gap = at + 'bearer'.length;
  const start = endOfSpace(text, gap);
  if (start === text.length) return isWhole || start - gap > gapLimit ? null : 'open';
  if (start === gap || start - gap > gapLimit) return null;
  const sureTo = start + bearerMin;
  const end = endOfRun(bearer, text, start, Math.min(sureTo, text.length));
  if (end < sureTo) return end === text.length && !isWhole ? 'open' : null;
  return { category: 'bearer_token', from: at, sureTo, rest: run(bearer), around: '' };
}

export function findPemKey({ text, isWhole }: Window, at: number): Answer {
  const end = endOfPemHeader(text, at);
  if (end === 'open') return isWhole ? null : 'open';
  if (end === null) return null;
  return { category: 'private_key', from: at, sureTo: end, rest: { kind: 'pem' }, around: '' };
}

/** `name: value`, `name = value`, `"name":"value"`, also where quotes are escaped because the text was JSON in JSON. */
export function findNamedValue(window: Window, at: number, shape: NameShape): Answer {
  const { text, isWhole } = window;
  const nameEnd = shape.isExact ? endOfExact(window, at, shape.name) : endOfName(window, at, shape.name);
  if (nameEnd === 'open' || nameEnd === null) return nameEnd;
  const ended = isWhole ? null : 'open';
  const quoteEnd = endOfQuote(text, nameEnd);
  if (quoteEnd === text.length) return ended;
  const signEnd = endOfSign(text, quoteEnd);
  if (signEnd === text.length) return ended;
  if (signEnd === null) return null;
  const start = endOfSpace(text, signEnd);
  if (start - signEnd > gapLimit) return null;
  if (start === text.length) return ended;
  const closing = text.slice(nameEnd, quoteEnd);
  return findValue(window, { at, start, category: shape.category, closing });
}

interface Value {
  /** Place of the name. */
  readonly at: number;
  readonly start: number;
  readonly category: string;
  /** What closed the name: a quote, escaped or not, or a quote and a bracket, or nothing. */
  readonly closing: string;
}

function findValue(window: Window, { at, start, category, closing }: Value): Answer {
  const { text, isWhole } = window;
  const quoteAt = endOfBackslashes(text, start);
  const backslashes = quoteAt - start;
  if (quoteAt === text.length && !isWhole && backslashes <= backslashLimit) return 'open';
  const quote = text.charCodeAt(quoteAt);
  if (isQuote(quote) && backslashes <= backslashLimit)
    return findQuoted(window, { from: quoteAt + 1, category, quote, backslashes });
  if (closing === '' || closing.endsWith(']'))
    return { category, from: at, sureTo: start + 1, rest: run(visible), around: '' };
  return findBareJson(window, { start, category, around: closing });
}

interface Quoted {
  readonly from: number;
  readonly category: string;
  readonly quote: number;
  readonly backslashes: number;
}

/** Quotes stay, so that JSON within a text is JSON afterwards; between quotes with nothing in between there is no secret. */
function findQuoted({ text, isWhole }: Window, { from, category, quote, backslashes }: Quoted): Answer {
  const next = endOfBackslashes(text, from);
  if (next === text.length && next - from <= backslashLimit) return isWhole ? null : 'open';
  const isEmpty = next - from <= backslashes && text.charCodeAt(next) === quote;
  if (isEmpty) return null;
  return { category, from, sureTo: from, rest: { kind: 'quoted', quote, backslashes }, around: '' };
}

/** An object is left to be looked into, and `null`, `true` and `false` hide nothing. */
function findBareJson(
  { text, isWhole }: Window,
  { start, category, around }: { start: number; category: string; around: string },
): Answer {
  if (text[start] === '{') return null;
  if (text[start] === '[')
    return { category, from: start + 1, sureTo: start + 1, rest: run(jsonList), around };
  for (const harmless of ['null', 'true', 'false']) {
    const started = startsWith(text, start, harmless, isWhole);
    if (started !== null) return started === true ? null : 'open';
  }
  if (!isOf(jsonBare, text.charCodeAt(start))) return null;
  return { category, from: start, sureTo: start + 1, rest: run(jsonBare), around };
}

function run(characters: CharacterClass): Rest {
  return { kind: 'run', characters };
}

function startsWith(text: string, at: number, prefix: string, isWhole: boolean): true | 'open' | null {
  if (text.startsWith(prefix, at)) return true;
  const left = text.length - at;
  return !isWhole && left < prefix.length && prefix.startsWith(text.slice(at)) ? 'open' : null;
}

function startsWithAnyCase(text: string, at: number, prefix: string, isWhole: boolean): true | 'open' | null {
  return startsWith(text.slice(at, at + prefix.length).toLowerCase(), 0, prefix, isWhole);
}

function endOfExact({ text, isWhole }: Window, at: number, name: string): number | 'open' | null {
  const started = startsWith(text, at, name, isWhole);
  return started === true ? at + name.length : started;
}

/** Reads a name whose `~` stand for nothing or for one of `-`, `_` and a space. */
function endOfName({ text, isWhole }: Window, at: number, name: string): number | 'open' | null {
  let place = at;
  for (let index = 0; index < name.length; index += 1) {
    if (place >= text.length) return isWhole ? null : 'open';
    const wanted = name.charCodeAt(index);
    const code = text.charCodeAt(place);
    if (wanted === 126) {
      if (code === 45 || code === 95 || code === 32) place += 1;
    } else if (code === wanted || lowered(code) === lowered(wanted)) place += 1;
    else return null;
  }
  return place;
}

function lowered(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function isQuote(code: number): boolean {
  return code === doubleQuote || code === singleQuote || code === backtick;
}

function endOfBackslashes(text: string, start: number): number {
  let end = start;
  while (end - start <= backslashLimit && text.charCodeAt(end) === backslash) end += 1;
  return end;
}

/** A quote that closes the name, and the bracket of `config["password"]`; `start` when there is none. */
function endOfQuote(text: string, start: number): number {
  const quoteAt = endOfBackslashes(text, start);
  if (quoteAt === text.length) return quoteAt;
  if (!isQuote(text.charCodeAt(quoteAt))) return start;
  return text[quoteAt + 1] === ']' ? quoteAt + 2 : quoteAt + 1;
}

/** `:`, `=`, `:=`, `==`, `=>` and `===`, with white space before it; the length of the text when it ends before that can be told. */
function endOfSign(text: string, start: number): number | null {
  const sign = endOfSpace(text, start);
  if (sign - start > gapLimit) return null;
  if (sign === text.length) return sign;
  if (text[sign] !== ':' && text[sign] !== '=') return null;
  let end = sign + 1;
  while (end - sign < 3 && (text[end] === '=' || text[end] === '>')) end += 1;
  return end;
}

/** At most one more than the limit, so that a longer gap can be told from one that fits. */
function endOfSpace(text: string, start: number): number {
  let end = start;
  while (end - start <= gapLimit && end < text.length && isSpace(text.charCodeAt(end))) end += 1;
  return end;
}
