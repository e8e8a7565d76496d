/**
 * Decides how an event of agent_session_manager becomes an event of a session log: its texts as they stand, and a reason where it
 * cannot be one.
 */
import { isJsonObject, isStructuredError } from '../../base/index.ts';
import { checkShape, type EventRow, parseJson } from '../../log/index.ts';
import { isSessionEventType } from '../../sessions/index.ts';
import type { SourceEvent } from '../source.ts';
import { utf8Length } from '../utf8-length.ts';
import { momentOf } from './moment.ts';

/** In the order of the select: see `selectEvents`. */
export function eventOf(sessionId: string, columns: readonly unknown[]): SourceEvent {
  const [id, type, timestamp, runId, data, metadata, schemaVersion, provider, correlationId, bytes] = columns;
  const eventId = String(id);
  const wrong = (why: string): SourceEvent => ({ ok: false, eventId, why });
  if (!isSessionEventType(type))
    return wrong(`its type '${String(type)}' is none that an event of a session has`);
  const moment = momentOf(timestamp);
  if (moment === null) return wrong(`its timestamp '${String(timestamp)}' is no moment`);
  // A driver puts U+FFFD in the place of bytes that are no UTF-8.
  if (typeof bytes === 'number' && bytes !== utf8Length(String(data))) return wrong('its data is no UTF-8');
  const problem = objectProblem(data) ?? objectProblem(metadata);
  if (problem !== null) return wrong(problem);
  const row: EventRow = {
    id: eventId,
    type,
    payload: textOrNull(data) ?? '{}',
    actor: null,
    causedBy: null,
    frameId: null,
    timestamp: moment,
    subject: null,
    runId: textOrNull(runId),
    provider: textOrNull(provider),
    correlationId: textOrNull(correlationId),
    schemaVersion: schemaVersion === null ? 1 : Number(schemaVersion),
    // An event without metadata has none in a log either.
    metadata: metadata === '{}' ? null : textOrNull(metadata),
  };
  try {
    checkShape([{ logId: sessionId, expected: 'any', epoch: null, events: [row] }]);
  } catch (error) {
    if (!isStructuredError(error)) throw error;
    return wrong(error.summary);
  }
  return { ok: true, row };
}

function objectProblem(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  try {
    return isJsonObject(parseJson(text)) ? null : 'its data or metadata is JSON, and no object';
  } catch (error) {
    return `its data or metadata is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
