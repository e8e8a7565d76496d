/** Decides how a wrong upcast is refused when it is declared, and how a failing one is told when it is used. */
import { errorClass, RegistrationError, ReplayError, type StructuredError } from '../base/index.ts';

/** Upcasts were declared that do not lead from version 1 to the present one on exactly one way. */
export const InvalidUpcastError = errorClass('InvalidUpcastError', RegistrationError, RangeError);
/**
 * The function of an upcast threw, returned no JSON object, or is missing for the version of a stored event. What
 * is stored is unchanged.
 */
export const UpcastError = errorClass('UpcastError', ReplayError);

export function invalidUpcast(
  step: { readonly type: string; readonly from: number; readonly to: number },
  problem: string,
): StructuredError {
  const { type, from, to } = step;
  return new InvalidUpcastError({
    summary: `upcast('${type}', ${from}, ${to}) is refused: ${problem}`,
    whatFailed: `An upcast of '${type}' from version ${from} to ${to} was declared: ${problem}.`,
    why: 'Every version that was ever written must lead to the present one on exactly one way.',
    howToFix:
      "Declare one upcast for each step, from 1 on: `upcast('order.placed', 1, 2, (payload) => ({ ... }))`.",
    context: { type, from: String(from), to: String(to), problem },
  });
}

export function upcastFailed(data: {
  readonly logId: string;
  readonly eventId: string;
  readonly type: string;
  readonly from: number;
  readonly to?: number;
  readonly problem: string;
  readonly cause?: unknown;
}): StructuredError {
  const { logId, eventId, type, from, to = null, problem, cause } = data;
  const step = `'${type}' from version ${from}${to === null ? '' : ` to ${to}`}`;
  const detail = cause instanceof Error ? ` (${cause.message})` : '';
  return new UpcastError({
    summary: `event '${eventId}' of run '${logId}' cannot be read in its present form: ${problem}`,
    whatFailed: `The upcast of ${step} failed at event '${eventId}' of run '${logId}': ${problem}${detail}.`,
    why: 'A payload that is not in the form the program knows would be misread. What is stored is as it was.',
    howToFix: `Look at the event, and mend the upcast: \`runlog inspect URL --run-id ${logId} --event ${eventId}\`.`,
    context: { run_id: logId, event_id: eventId, event_type: type, from, to, problem },
    cause,
  });
}
