/** Decides how long an agent may take, from what a person or a configuration says. */
import { sessionError } from '../errors/session-error.ts';

/** Seven days: longer is not waited for. */
export const longestTimeoutMs = 604_800_000;
const defaultTimeoutMs = 60_000;

/**
 * Milliseconds of a positive whole number, as a number or a text; at most seven days. `"unbounded"` and `"infinity"` are seven
 * days; anything else is 60,000.
 */
export function agentTimeoutMs(given: unknown): number {
  if (given === 'unbounded' || given === 'infinity' || given === Infinity) return longestTimeoutMs;
  const number = typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : given;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number <= 0) return defaultTimeoutMs;
  return Math.min(number, longestTimeoutMs);
}

/** Throws `ValidationError` for a time that would be over before it began, or never: anything but a whole number of milliseconds above 0. */
export function checkDuration(field: string, durationMs: unknown): void {
  if (Number.isSafeInteger(durationMs) && Number(durationMs) > 0) return;
  throw sessionError('validation_error', `${field} must be a whole number of milliseconds above 0`, {
    details: { field, found: String(durationMs) },
  });
}
