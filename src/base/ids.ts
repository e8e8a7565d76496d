/** Decides how the ids of a run are spelled, and how the counters behind them are read back from a spelled id. */

const zero = 48;
const nine = 57;
/** Where the underscore of an event id stands, and how long the id of the first event is. */
const markAt = 3;
const shortestLength = 7;

/** `evt_007`: prefix, underscore, at least three digits. */
export function numberedId(prefix: string, number: number): string {
  return `${prefix}_${number < 1000 ? String(number).padStart(3, '0') : number}`;
}

/** The event id that belongs to a place in the log of a run. */
export function eventIdAt(seq: number): string {
  return numberedId('evt', seq);
}

/** True when an id is `eventIdAt(seq)`, without making that text: this is asked of every event of a log. */
export function isEventIdAt(id: string, seq: number): boolean {
  let rest = seq;
  let index = id.length - 1;
  for (; index > markAt; index -= 1) {
    if (id.charCodeAt(index) !== zero + (rest % 10)) return false;
    rest = Math.floor(rest / 10);
  }
  const isPadded = id.length === shortestLength;
  const isLonger = id.length > shortestLength && id.charCodeAt(markAt + 1) !== zero;
  return rest === 0 && (isPadded || isLonger) && id.startsWith('evt_');
}

/** The place that a canonical event id names, or `null` when the id is not the canonical spelling of one. */
export function seqOfEventId(id: string): number | null {
  if (!id.startsWith('evt_')) return null;
  const number = Number(id.slice(4));
  return Number.isSafeInteger(number) && number > 0 && eventIdAt(number) === id ? number : null;
}

/** `claim#12`: objects of all types share one counter in a run. */
export function objectId(type: string, number: number): string {
  return `${type}#${number}`;
}

/** More might not be a whole number of JavaScript. */
const digitsAtMost = 15;

/**
 * The counter behind `claim#12`, `rel_003` or `patch_001`; 0 when the id was chosen by somebody else. A type may hold a `#`. Read from its
 * end, because opening a run asks for every id of it.
 */
export function counterOf(id: string): number {
  let start = id.length;
  while (start > 0 && isBetween(id.charCodeAt(start - 1), zero, nine)) start -= 1;
  const digits = id.length - start;
  const isNumbered = digits > 0 && digits <= digitsAtMost && endsWithMark(id, start);
  return isNumbered ? Number(id.slice(start)) : 0;
}

/** True for a `#`, and for an underscore behind nothing but letters. */
function endsWithMark(id: string, end: number): boolean {
  if (id[end - 1] === '#') return true;
  if (id[end - 1] !== '_' || end === 1) return false;
  for (let index = 0; index < end - 1; index += 1) {
    const lowerCase = id.charCodeAt(index) | 0x20;
    if (!isBetween(lowerCase, 0x61, 0x7a) || id.charCodeAt(index) > 0x7a) return false;
  }
  return true;
}

function isBetween(code: number, first: number, last: number): boolean {
  return code >= first && code <= last;
}
