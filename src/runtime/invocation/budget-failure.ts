/** Decides how an invocation fails when the budget does not allow its next call: with a reason code, before anybody is asked. */
import { ExecutionError, type JsonObject, type StructuredError } from '../../base/index.ts';

export function budgetFailure(reason: string, message: string, extras: JsonObject): StructuredError {
  return new ExecutionError({
    summary: `${reason}: ${message}`,
    whatFailed: message,
    why: 'A budget is a promise to whoever pays; it is checked before a call, not after.',
    howToFix: 'Load the run again with a larger budget: it goes on where it stopped.',
    context: { reason, message, payload_extras: extras },
  });
}
