/**
 * Decides what an agent may hand in as an event: a map with a type, and what else it has. It is read strictly where something
 * would be lost or mixed up, and generously where a guess costs nothing.
 */
import { isJsonObject, type JsonObject, type JsonValue, type StructuredError } from '../../base/index.ts';
import { intake } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { isSessionEventType, type SessionEventType } from '../model/event-types.ts';
import { readTimestamp } from '../model/timestamp.ts';

/** What the events of one run of an agent have in common. */
export interface EventContext {
  readonly sessionId: string;
  /** `null` for events of the session as a whole. */
  readonly runId: string | null;
  readonly provider?: string | null;
  readonly correlationId?: string | null;
}

/** A raw event, read. */
export interface RawEvent {
  /** The id that the agent gave it; `null` when it has none, and then each delivery is an event of its own. */
  readonly id: string | null;
  readonly type: SessionEventType;
  /** What the agent called it, when that is no known type. */
  readonly originalType: string | null;
  /** `null` when the agent gave none that can be read. */
  readonly timestamp: string | null;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  readonly provider: string | null;
  readonly correlationId: string | null;
  readonly warnings: readonly string[];
}

const nothing: JsonObject = Object.freeze({});

/** The type that a name stands for: what is not known is `error_occurred`, never a guess. */
export function resolveEventType(name: unknown): SessionEventType {
  return isSessionEventType(name) ? name : 'error_occurred';
}

/**
 * Reads a raw event. Throws `ValidationError` for what is no map, has no type, or has `data`, `metadata` or an `id` of another
 * kind; `NonSerializableEventError` for what JSON does not carry; `SessionMismatchError` and `RunMismatchError` for an event that
 * names another session or run than the one it is handed in for.
 */
export function readRawEvent(raw: unknown, context: EventContext): RawEvent {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw refuse('an event must be a map', { found: typeof raw });
  const { value } = intake(raw);
  if (!isJsonObject(value)) throw refuse('an event must be a map', { found: typeof raw });
  checkContext(value, context);
  const type = text(value, 'type');
  if (type === null) throw refuse('type is required', { field: 'type' });
  const timestamp = readMoment(value['timestamp'] ?? null);
  return {
    id: text(value, 'id'),
    type: resolveEventType(type),
    originalType: isSessionEventType(type) ? null : type,
    timestamp: timestamp.moment,
    data: map(value, 'data'),
    metadata: map(value, 'metadata'),
    provider: text(value, 'provider'),
    correlationId: text(value, 'correlation_id'),
    warnings: timestamp.warnings,
  };
}

function checkContext(raw: JsonObject, { sessionId, runId }: EventContext): void {
  const named = { session: text(raw, 'session_id'), run: text(raw, 'run_id') };
  if (named.session !== null && named.session !== sessionId) {
    throw sessionError('session_mismatch', `an event of session '${named.session}' came for '${sessionId}'`, {
      details: { expected: sessionId, found: named.session },
    });
  }
  if (named.run !== null && named.run !== runId) {
    throw sessionError('run_mismatch', `an event of run '${named.run}' came for '${runId ?? 'no run'}'`, {
      details: { expected: runId, found: named.run },
    });
  }
}

function text(raw: JsonObject, key: string): string | null {
  const value = raw[key] ?? null;
  if (value === null) return null;
  if (typeof value === 'string' && value !== '') return value;
  throw refuse(`${key} must be a string that is not empty`, { field: key });
}

function map(raw: JsonObject, key: string): JsonObject {
  const value = raw[key] ?? null;
  if (value === null) return nothing;
  if (isJsonObject(value)) return value;
  throw refuse(`${key} must be a map`, { field: key });
}

/** A moment that cannot be read is replaced by the present one, and that is said. */
function readMoment(value: JsonValue): { moment: string | null; warnings: readonly string[] } {
  if (value === null) return { moment: null, warnings: [] };
  const moment = typeof value === 'string' ? readTimestamp(value) : null;
  const warnings =
    moment === null
      ? ["field 'timestamp' expected an RFC 3339 text; the time of arrival stands instead"]
      : [];
  return { moment, warnings };
}

function refuse(message: string, details: JsonObject): StructuredError {
  return sessionError('validation_error', message, {
    details,
    whatFailed: `A raw event was handed in: ${message}.`,
    howToFix: 'Hand in `{ type, data?, metadata?, timestamp?, id? }`, with maps for `data` and `metadata`.',
  });
}
