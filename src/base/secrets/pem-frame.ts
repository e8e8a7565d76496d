/** Decides where a private key in PEM form begins and ends: its two framing lines, and what may stand between them. */
import { isOf, pemBody } from './character-class.ts';

const begin = '-----BEGIN ';
const end = '-----END ';
const dashes = '-----';
/** Longest words between the dashes of a framing line. */
const labelLimit = 64;

/** The end of the line that opens a private key at `at`; `'open'` when the text ends within it. */
export function endOfPemHeader(text: string, at: number): number | 'open' | null {
  const frame = endOfFrame(text, at, begin);
  if (typeof frame !== 'number') return frame;
  const label = text.slice(at + begin.length, frame - dashes.length);
  return /PRIVATE KEY(?: BLOCK)?$/.test(label) ? frame : null;
}

/**
 * The end of a key whose first line ends at `start`: behind the line that closes it, or where something stands that no key
 * holds. `isClosed` is false when the text ends first: what can be told apart by what follows begins at `end`.
 */
export function endOfPemBody(text: string, start: number): { end: number; isClosed: boolean } {
  let place = start;
  while (place < text.length) {
    if (text.startsWith(dashes, place)) {
      const frame = endOfFrame(text, place, end);
      if (typeof frame === 'number') return { end: frame, isClosed: true };
      if (frame === 'open') return { end: place, isClosed: false };
    } else if (text.length - place < dashes.length && dashes.startsWith(text.slice(place)))
      return { end: place, isClosed: false };
    if (!isOf(pemBody, text.charCodeAt(place))) return { end: place, isClosed: true };
    place += 1;
  }
  return { end: place, isClosed: false };
}

function endOfFrame(text: string, at: number, opening: string): number | 'open' | null {
  if (!text.startsWith(opening, at)) {
    return text.length - at < opening.length && opening.startsWith(text.slice(at)) ? 'open' : null;
  }
  const label = at + opening.length;
  const limit = Math.min(text.length, label + labelLimit);
  let place = label;
  while (place < limit && isLabel(text.charCodeAt(place))) place += 1;
  if (text.startsWith(dashes, place)) return place + dashes.length;
  const left = text.slice(place, place + dashes.length);
  return place + left.length === text.length && dashes.startsWith(left) ? 'open' : null;
}

/** Upper-case letters, digits and the space. */
function isLabel(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 32;
}
