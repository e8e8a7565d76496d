/** Decides how a delay is written: as a count of further events. Wall-clock words are refused, because a replay has no clock. */
import { invalidActivateAfter } from './errors.ts';

const wallClock = /\b(seconds?|ms|milliseconds?|minutes?|mins?|hours?|days?|weeks?)\b/i;

/** `3`, `'3'`, `'1 event'` and `'3 events'` give the count; anything else throws `InvalidActivateAfter`. */
export function parseActivateAfter(spec: number | string): number {
  if (typeof spec === 'number') {
    if (!Number.isInteger(spec))
      throw invalidActivateAfter({ spec: String(spec), kind: 'not a whole number' });
    return atLeastOne(spec, String(spec));
  }
  if (typeof spec !== 'string')
    throw invalidActivateAfter({ spec: String(spec), kind: `type ${typeof spec}` });
  if (wallClock.test(spec)) throw invalidActivateAfter({ spec, kind: 'wall-clock unit' });
  const digits = /^\s*(\d{1,9})(?:\s+events?)?\s*$/i.exec(spec)?.[1];
  if (digits === undefined) throw invalidActivateAfter({ spec, kind: 'unparseable string' });
  return atLeastOne(Number(digits), spec);
}

function atLeastOne(count: number, spec: string): number {
  if (count < 1) throw invalidActivateAfter({ spec, kind: 'must be >= 1' });
  return count;
}
