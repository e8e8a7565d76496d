/** Decides what can be flushed: a session, a run of it, and events of it. */
import { isJsonObject, type JsonObject } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { ExecutionResult } from './port.ts';

/** Throws `ValidationError` for half a result, and `SessionMismatchError` for what belongs to another session. */
export function checkResult(result: ExecutionResult): Required<ExecutionResult> {
  checkWhole(result);
  const { session, run, events, providerMetadata = {} } = result;
  const stranger = [...(run === null ? [] : [run]), ...events].find(
    (each) => isJsonObject(each) && typeof each.sessionId === 'string' && each.sessionId !== session.id,
  );
  if (stranger !== undefined) {
    throw sessionError('session_mismatch', `'${stranger.id}' belongs to session '${stranger.sessionId}'`, {
      details: { id: stranger.id, session_id: session.id, belongs_to: stranger.sessionId },
    });
  }
  return { session, run, events, providerMetadata };
}

/** A caller without types can hand in anything. */
function checkWhole(result: unknown): void {
  const payload: JsonObject | null = isJsonObject(result) ? result : null;
  const isWhole =
    isJsonObject(payload?.['session']) &&
    (payload['run'] === null || isJsonObject(payload['run'])) &&
    Array.isArray(payload['events']);
  if (isWhole) return;
  throw sessionError(
    'validation_error',
    'a result to flush has a session, a run or `null`, and a list of events',
  );
}
