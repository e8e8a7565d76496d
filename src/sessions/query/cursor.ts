/**
 * Decides how the place where a page ends is written down: opaque, and sealed with a key over the place and the question, so that a
 * cursor that was changed, made up or taken to another question is refused instead of answering something else.
 */
import {
  canonicalJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Sha256,
} from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';

/** What is asked, page and cursor left out: the cursor belongs to it. */
export interface Question {
  readonly operation: string;
  readonly orderBy: string;
  readonly filter: JsonObject;
}

export interface CursorSeal {
  readonly key: string;
  readonly sha256: Sha256;
}

/** By name; numbers as text. */
export type CursorPlace = Readonly<Record<string, string>>;

const version = 1;
/** No place of ours is written as long. */
const longest = 65_536;

export function sealCursor(place: CursorPlace, question: Question, seal: CursorSeal): string {
  const body = canonicalJson({ v: version, place });
  return encode(canonicalJson({ body, mac: macOf(body, question, seal) }));
}

/** The place that a cursor names. Throws `InvalidPageCursorError`. */
export function openCursor(cursor: unknown, question: Question, seal: CursorSeal): CursorPlace {
  const json = typeof cursor === 'string' ? decode(cursor) : null;
  // The last character has bits that say nothing: turned, it would be another cursor for the same place.
  const sealed = json !== null && encode(json) === cursor ? parsed(json) : null;
  const { body, mac } = sealed ?? {};
  if (typeof body !== 'string' || mac !== macOf(body, question, seal)) throw invalid(question);
  const place = parsed(body)?.['place'];
  if (!isJsonObject(place)) throw invalid(question);
  return Object.fromEntries(Object.entries(place).map(([name, value]) => [name, textOf(value)]));
}

/** Hashed twice with the key in front: knowing one seal does not help to make another. */
function macOf(body: string, { operation, orderBy, filter }: Question, { key, sha256 }: CursorSeal): string {
  const asked = canonicalJson({ operation, orderBy, filter, body });
  return sha256(`${key}\n${sha256(`${key}\n${asked}`)}`);
}

function invalid({ operation, orderBy }: Question): Error {
  return sessionError('invalid_cursor', `the cursor is none of this question (${operation}, ${orderBy})`, {
    details: { operation, order_by: orderBy },
  });
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : '';
}

function parsed(text: string | null): JsonObject | null {
  try {
    const value: unknown = text === null ? null : JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    // Not one of ours: the caller says so.
    return null;
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Base64url of the text with what is not ASCII escaped, as JSON allows. */
function encode(json: string): string {
  const ascii = json.replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  let out = '';
  for (let index = 0; index < ascii.length; index += 3) {
    const [first = 0, second, third] = [0, 1, 2].map((offset) => unitAt(ascii, index + offset));
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    const characters = 1 + [first, second, third].filter((unit) => unit !== undefined).length;
    for (let place = 0; place < characters; place += 1)
      out += alphabet.charAt((bits >> (18 - 6 * place)) & 63);
  }
  return out;
}

function unitAt(text: string, index: number): number | undefined {
  return index < text.length ? text.charCodeAt(index) : undefined;
}

function decode(text: string): string | null {
  if (text.length > longest) return null;
  let out = '';
  for (let index = 0; index < text.length; index += 4) {
    const values = text
      .slice(index, index + 4)
      .split('')
      .map((character) => alphabet.indexOf(character));
    if (values.includes(-1) || values.length < 2) return null;
    const bits = values.reduce((sum, value, place) => sum | (value << (18 - 6 * place)), 0);
    for (let place = 0; place < values.length - 1; place += 1)
      out += String.fromCharCode((bits >> (16 - 8 * place)) & 255);
  }
  return out;
}
