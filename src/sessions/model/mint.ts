/** Decides where the ids and the times of sessions come from: a port, so that a test repeats what it makes. */
import { formatMicros } from './timestamp.ts';

/** What an id begins with: it says what kind of thing the id names. */
export type IdPrefix = 'ses' | 'run' | 'evt' | 'nevt' | 'art';

/** Makes ids and times (ISO text). */
export interface Mint {
  /** The present moment in UTC, to the microsecond. */
  readonly now: () => string;
  /** A new id: the prefix, an underscore and 32 lower-case hex digits. */
  readonly id: (prefix: IdPrefix) => string;
}

/**
 * A mint over a clock and a source of chance. `nowMs` may carry a fraction; `randomHex` gives two digits a byte. An id begins with its
 * millisecond in 12 digits, as a UUID of version 7 does (RFC 9562, 5.7), and 10 bytes of chance follow: ids that are made together
 * stand together in an index, however large it is.
 */
export function openMint(source: { nowMs: () => number; randomHex: (bytes: number) => string }): Mint {
  // Many ids have one millisecond, and writing a number of this size in hex takes as long as the rest of an id.
  let digits = { ms: -1, text: '' };
  const timeDigits = (ms: number): string => {
    if (ms !== digits.ms) digits = { ms, text: ms.toString(16).padStart(12, '0').slice(-12) };
    return digits.text;
  };
  return Object.freeze({
    now: () => formatMicros(source.nowMs()),
    id: (prefix: IdPrefix) =>
      `${prefix}_${timeDigits(Math.max(0, Math.floor(source.nowMs())))}${source.randomHex(10)}`,
  });
}

/** A mint that counts: ids are numbered, and each moment is a millisecond after the one before. For tests and examples. */
export function countingMint(startMs = Date.UTC(2026, 0, 1)): Mint {
  let ids = 0;
  let moments = 0;
  return Object.freeze({
    now: () => formatMicros(startMs + moments++),
    id: (prefix: IdPrefix) => `${prefix}_${(++ids).toString(16).padStart(32, '0')}`,
  });
}
