/** Decides how a failure of a behavior is read off the log. */
import type { LogEvent } from '../../log/index.ts';

/** A failure of a behavior, as `errors` lists it. */
export interface RunFailure {
  readonly behavior: string;
  readonly eventId: string;
  readonly reason: string | null;
  readonly exceptionType: string;
  readonly message: string;
  readonly failedEventId: string;
}

/** The failure in a `behavior.failed` event; `null` when its payload does not say of what. */
export function failureOf(event: LogEvent): RunFailure | null {
  const { behavior, event_id: eventId, reason, exception_type: exceptionType, message } = event.payload;
  if (typeof behavior !== 'string' || typeof eventId !== 'string') return null;
  return Object.freeze({
    behavior,
    eventId,
    reason: typeof reason === 'string' ? reason : null,
    exceptionType: typeof exceptionType === 'string' ? exceptionType : 'Error',
    message: typeof message === 'string' ? message : '',
    failedEventId: event.id,
  });
}
