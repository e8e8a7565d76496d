/** Decides which characters a secret can be made of. Classes are bits of one table, so that a look at a character costs one read. */

/** Letters and digits. */
export const alphanumeric = 1;
/** Upper-case letters and digits. */
export const upperOrDigit = 2;
/** Letters, digits, `_`. */
export const word = 4;
/** Letters, digits, `_`, `-`. */
export const base64Url = 8;
/** `base64Url` and the dot between the parts of a token. */
export const dotted = 16;
/** What a bearer token may hold. */
export const bearer = 32;
/** Anything that is neither white space nor the end of what quotes a text. */
export const opaque = 64;
/** Anything but white space. */
export const visible = 128;
/** What stands between the two lines that frame a PEM key, also when it was written as a string of a program. */
export const pemBody = 256;
/** A bare value of JSON. */
export const jsonBare = 512;
/** What is left of a list of JSON. */
export const jsonList = 1024;
/** Anything up to the next control character, white space or quote: what a URL may hold. */
export const url = 2048;

export type CharacterClass = number;

const table = new Uint16Array(128);
/** Classes of every character beyond ASCII that is not white space. */
const beyondAscii = opaque | visible | jsonBare | jsonList | url;
/** White space beyond ASCII. */
const beyondAsciiSpace = pemBody | jsonList;

function add(characterClass: CharacterClass, belongs: (character: string) => boolean): void {
  for (let code = 0; code < 128; code += 1) {
    if (belongs(String.fromCharCode(code))) table[code] = (table[code] ?? 0) | characterClass;
  }
}

add(alphanumeric, (character) => /[A-Za-z0-9]/.test(character));
add(upperOrDigit, (character) => /[A-Z0-9]/.test(character));
add(word, (character) => /[A-Za-z0-9_]/.test(character));
add(base64Url, (character) => /[A-Za-z0-9_-]/.test(character));
add(dotted, (character) => /[A-Za-z0-9_.-]/.test(character));
add(bearer, (character) => /[A-Za-z0-9._~+/=:-]/.test(character));
add(opaque, (character) => /[^\s"'`\\<>,;(){}[\]]/.test(character));
add(visible, (character) => /\S/.test(character));
add(pemBody, (character) => /[A-Za-z0-9+/=\s\\:,"'-]/.test(character));
add(jsonBare, (character) => /[^\s,}\]]/.test(character));
add(jsonList, (character) => character !== ']');
add(url, (character) => /[^\s"`<>\\]/.test(character));

const space = /\s/;

/** True when the character with this code (a UTF-16 unit) belongs to the class. */
export function isOf(characterClass: CharacterClass, code: number): boolean {
  if (code < 128) return ((table[code] ?? 0) & characterClass) !== 0;
  return ((isSpace(code) ? beyondAsciiSpace : beyondAscii) & characterClass) !== 0;
}

export function isSpace(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13);
  return code >= 160 && space.test(String.fromCharCode(code));
}

/** Where the run of characters of the class that begins at `start` ends, at most at `limit`. */
export function endOfRun(characterClass: CharacterClass, text: string, start: number, limit: number): number {
  let end = start;
  while (end < limit && isOf(characterClass, text.charCodeAt(end))) end += 1;
  return end;
}
