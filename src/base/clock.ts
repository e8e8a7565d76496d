/** Decides what time is for a run: a port, and the clocks that make a run repeat to the byte. The system's clock is `app`'s. */
import { checkArguments } from './argument-check.ts';
import { InvalidRuntimeConfiguration } from './error-categories.ts';

/** Where timestamps and elapsed time come from. `seq` is the place of the event that is being stamped. */
export interface Clock {
  readonly kind: 'system' | 'frozen' | 'logical';
  /** What the clock was made with, so that whoever opens the run later can make it again; `null` for the system's. */
  readonly start: string | null;
  /** Milliseconds since 1970 in UTC at event `seq`. */
  nowMs(seq: number): number;
}

/** Always the same moment. `at` is ISO 8601 in UTC with `Z`. */
export function frozenClock(at: string): Clock {
  checkArguments('frozenClock', { at: [at, 'text'] });
  const ms = parseInstant(at);
  return Object.freeze({ kind: 'frozen', start: at, nowMs: () => ms });
}

/** One second an event, counted from `start`: the timestamp is a function of the place in the log, so a resumed run repeats it. */
export function logicalClock(start: string): Clock {
  checkArguments('logicalClock', { start: [start, 'text'] });
  const ms = parseInstant(start);
  return Object.freeze({ kind: 'logical', start, nowMs: (seq: number) => ms + seq * 1000 });
}

/** `YYYY-MM-DDTHH:MM:SSZ`: the form of every timestamp that the runtime writes. */
export function formatInstant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function parseInstant(text: string): number {
  const ms = Date.parse(text);
  if (!Number.isFinite(ms) || !text.endsWith('Z')) {
    throw new InvalidRuntimeConfiguration({
      summary: `clock start ${JSON.stringify(text)} is not a UTC timestamp`,
      whatFailed: 'The start of a clock could not be read as ISO 8601 in UTC.',
      why: 'Timestamps are written in UTC with a Z, so that logs of different machines compare.',
      howToFix: 'Pass a text such as "2026-01-01T00:00:00Z".',
      context: { start: text },
    });
  }
  return ms;
}
