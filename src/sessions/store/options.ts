/** Decides which options of a reading are refused, and what stands in for those that are left out: alike in every store. */
import { sessionError } from '../errors/session-error.ts';
import { readSessionEventType } from '../model/event-types.ts';
import { readTimestamp } from '../model/timestamp.ts';
import type { GetEventsOptions } from './port.ts';

export const pageLimits = {
  events: { byDefault: 1000, atMost: 10_000 },
  rows: { byDefault: 100, atMost: 1000 },
} as const;

/** The page that is asked for. Throws `ValidationError` for a number that is none, or beyond what one page holds. */
export function readPage(
  options: { readonly limit?: number; readonly offset?: number },
  { byDefault, atMost }: { readonly byDefault: number; readonly atMost: number },
): { readonly limit: number; readonly offset: number } {
  const { limit, offset = 0 } = optionsOf(options);
  const wanted = limit ?? byDefault;
  checkCount('limit', wanted);
  checkCount('offset', offset);
  if (wanted > atMost) {
    throw sessionError('validation_error', `limit is ${wanted}, and a page holds at most ${atMost}`, {
      details: { field: 'limit', limit: wanted, at_most: atMost },
      howToFix: 'Ask for pages: go on with `after`, or with `offset`.',
    });
  }
  return { limit: wanted, offset };
}

export interface EventsQuestion {
  readonly after: number;
  /** `Infinity` for none. */
  readonly before: number;
  readonly since: string | null;
  readonly type: string | null;
  readonly runId: string | null;
  readonly limit: number;
  readonly offset: number;
  readonly waitMs: number;
}

/** Throws `ValidationError` and `InvalidEventTypeError`. */
export function readEventsQuestion(options: GetEventsOptions): EventsQuestion {
  const {
    after = 0,
    before = Number.POSITIVE_INFINITY,
    since,
    type,
    runId,
    waitTimeoutMs = 0,
  } = optionsOf(options);
  checkCount('after', after);
  if (before !== Number.POSITIVE_INFINITY) checkCount('before', before);
  checkCount('waitTimeoutMs', waitTimeoutMs);
  return {
    after,
    before,
    since: since === undefined ? null : momentOf(since),
    type: type === undefined ? null : readSessionEventType(type),
    runId: optionalText('runId', runId) ?? null,
    ...readPage(options, pageLimits.events),
    waitMs: waitTimeoutMs,
  };
}

/** Throws `ValidationError` for what is no map: callers without types hand in anything. */
export function optionsOf<Options extends object>(options: Options): Options {
  if (typeof options === 'object' && Object(options) === options && !Array.isArray(options)) return options;
  throw sessionError('validation_error', 'options must be a map', { details: { field: 'options' } });
}

/** Throws `ValidationError` for what is given and no text. */
export function optionalText(field: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw sessionError('validation_error', `${field} must be a text`, { details: { field } });
}

function momentOf(since: unknown): string {
  const moment = typeof since === 'string' ? readTimestamp(since) : null;
  if (moment !== null) return moment;
  throw sessionError('validation_error', 'since must be an ISO 8601 timestamp', {
    details: { field: 'since' },
  });
}

function checkCount(field: string, value: unknown): void {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return;
  throw sessionError('validation_error', `${field} must be a whole number from 0`, { details: { field } });
}
