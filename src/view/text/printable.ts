/**
 * Decides what may reach a terminal. Texts of a log come from models, tools and strangers: nothing in them may move a cursor,
 * set a colour, reverse a line or begin a new one. What steers is shown by its code instead.
 */

/** Controls, format characters, line separators and broken surrogates; joiners stay, because scripts and emoji need them. */
const steering = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const allSteering = new RegExp(steering, 'gu');

const escapeCharacter = String.fromCharCode(27);
/** The sequences that set a colour, and no others. */
const colours = new RegExp(`(${escapeCharacter}\\[[0-9;]*m)`);

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One line of harmless text. Cleaning twice gives the same as cleaning once. */
export function clean(text: string): string {
  return steering.test(text) ? text.replace(allSteering, (found) => named[found] ?? codeOf(found)) : text;
}

/** As `clean`, for text of several lines: its line feeds stay. */
export function cleanLines(text: string): string {
  return steering.test(text) ? text.split('\n').map(clean).join('\n') : text;
}

/** As `cleanLines`, and the colours stay as well: the last gate before a terminal, behind everything that was painted. */
export function cleanPainted(text: string): string {
  return text
    .split(colours)
    .map((part, index) => (index % 2 === 1 ? part : cleanLines(part)))
    .join('');
}

/** JSON text without steering characters: in JSON they stand inside strings only, where an escape means the same. */
export function cleanJson(text: string): string {
  return text.replace(allSteering, (found) => (found === '\n' ? found : jsonEscape(found)));
}

/** Builds a line: every value that is put in is cleaned. Not for values that are painted already. */
export function line(texts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return texts.map((text, index) => text + clean(String(values[index] ?? ''))).join('');
}

/** At most `width` columns; what is cut off is shown as `…`. Cleans first. */
export function cut(text: string, width: number): string {
  const whole = clean(text);
  if (whole.length <= width && columnsOf(whole) <= width) return whole;
  let used = 0;
  let kept = '';
  for (const character of whole) {
    used += columnsOf(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Fills up with blanks to `width` columns. Cleans first; longer texts stay whole. */
export function pad(text: string, width: number): string {
  const whole = clean(text);
  return whole + ' '.repeat(Math.max(0, width - columnsOf(whole)));
}

const isPlain = /^[ -~]*$/;
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const narrow = /[\p{M}\u200c\u200d]/u;

/** Columns that a terminal is likely to use. */
function columnsOf(text: string): number {
  if (isPlain.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += narrow.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`;
}

function jsonEscape(character: string): string {
  let escaped = '';
  for (let index = 0; index < character.length; index += 1) {
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}
