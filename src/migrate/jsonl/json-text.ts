/**
 * Decides how a text gets into a line of JSON and out again unchanged: as itself where it is JSON that stands on one line and
 * cannot steer a terminal, and otherwise as a JSON string of it.
 */
import { isJsonObject, type JsonValue } from '../../base/index.ts';

/** Controls, format characters and line separators, as they are escaped for terminals; joiners of scripts and emoji stay. */
const steering = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const allSteering = new RegExp(steering, 'gu');

/** JSON without a character that could steer a terminal: it stands inside of strings only, where an escape means the same. */
export function jsonText(value: JsonValue): string {
  return JSON.stringify(value).replace(allSteering, escaped);
}

function escaped(character: string): string {
  let text = '';
  for (let index = 0; index < character.length; index += 1)
    text += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  return text;
}

/** True for the text of an object that a reader of the line finds again character by character. */
export function standsAsItself(text: string): boolean {
  if (!text.startsWith('{') || !text.endsWith('}') || steering.test(text)) return false;
  try {
    return isJsonObject(JSON.parse(text));
  } catch {
    // What only Python reads is kept as a string, which every reader of JSON can hold.
    return false;
  }
}

/**
 * Where the values of the outermost object stand in its text: key, first place, place behind the last. The text has to be JSON.
 * A key that stands there twice is handed out twice.
 */
export function* valueSpans(text: string): Generator<readonly [key: string, from: number, to: number]> {
  let place = afterBlanks(text, text.indexOf('{') + 1);
  while (text[place] === '"') {
    const keyEnd = endOfString(text, place);
    const key: unknown = JSON.parse(text.slice(place, keyEnd));
    const from = afterBlanks(text, text.indexOf(':', keyEnd) + 1);
    const to = endOfValue(text, from);
    yield [String(key), from, to];
    place = afterBlanks(text, to);
    if (text[place] !== ',') return;
    place = afterBlanks(text, place + 1);
  }
}

function afterBlanks(text: string, from: number): number {
  let place = from;
  while (/\s/.test(text[place] ?? '.')) place += 1;
  return place;
}

/** Behind the closing quote of the string that begins at `from`. */
function endOfString(text: string, from: number): number {
  let quote = text.indexOf('"', from + 1);
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote === -1 ? text.length : quote + 1;
}

/** True when an odd number of backslashes stands in front. */
function isEscaped(text: string, place: number): boolean {
  let first = place;
  while (text[first - 1] === '\\') first -= 1;
  return (place - first) % 2 === 1;
}

const structure = /["{}[\]]/g;

function endOfValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return endOfString(text, from);
  if (first !== '{' && first !== '[') return endOfWord(text, from);
  let depth = 0;
  structure.lastIndex = from;
  for (let found = structure.exec(text); found !== null; found = structure.exec(text)) {
    if (found[0] === '"') structure.lastIndex = endOfString(text, found.index);
    else depth += found[0] === '{' || found[0] === '[' ? 1 : -1;
    if (depth === 0) return found.index + 1;
  }
  return text.length;
}

function endOfWord(text: string, from: number): number {
  let place = from;
  while (place < text.length && !/[\s,}\]]/.test(text[place] ?? ',')) place += 1;
  return place;
}
