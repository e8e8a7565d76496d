/**
 * Decides how an event of a session stands in the log: its data is the payload, its place is the `seq`, and what it does not have is
 * not written.
 */
import { isJsonObject, type JsonObject } from '../../base/index.ts';
import {
  corruptedPayload,
  decodeEvent,
  type EventForms,
  type EventRow,
  intakePayload,
  parseJson,
  type StoredEvent,
} from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { readSessionEventType, type SessionEventType } from '../model/event-types.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { readTimestamp } from '../model/timestamp.ts';

/** An event of the caller as it was taken in: its row, and what a reader of that row gets. */
export interface TakenEvent {
  readonly sessionId: string;
  readonly type: SessionEventType;
  readonly row: EventRow;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

/** Takes in an event of the caller. Throws `ValidationError`, `InvalidEventTypeError` and `NonSerializableEventError`. */
export function takeEvent(event: unknown): TakenEvent {
  if (!isEventShaped(event)) throw sessionError('validation_error', 'events must be session events');
  const { id, sessionId, runId, schemaVersion, provider, correlationId } = event;
  const type = readSessionEventType(String(event.type));
  const timestamp = readTimestamp(event.timestamp);
  if (timestamp === null) throw unfit(id, 'timestamp', 'an ISO 8601 timestamp');
  if (sessionId === '') throw unfit(id, 'sessionId', 'a text that is not empty');
  if (!Number.isSafeInteger(schemaVersion) || schemaVersion < 1)
    throw unfit(id, 'schemaVersion', 'a whole number from 1');
  const data = intakePayload(event.data);
  const metadata = intakePayload(event.metadata);
  const row: EventRow = {
    id,
    type,
    payload: data.text,
    actor: null,
    causedBy: null,
    frameId: null,
    timestamp,
    subject: null,
    schemaVersion,
    runId,
    provider,
    correlationId,
    metadata: metadata.text === '{}' ? null : metadata.text,
  };
  return { sessionId, type, row, data: data.value, metadata: metadata.value };
}

/** The event that a reader gets when it has this place. Its text is not read again: what was taken in is what the text says. */
export function storedEventOf(taken: TakenEvent, seq: number, forms: EventForms): SessionEvent {
  const { sessionId, type, row, data, metadata } = taken;
  if (forms.hasUpcasts) return eventOfRow({ ...row, seq, hash: null }, sessionId, forms);
  return Object.freeze({
    id: row.id,
    type,
    timestamp: row.timestamp,
    sessionId,
    runId: row.runId,
    sequenceNumber: seq,
    data,
    metadata,
    schemaVersion: row.schemaVersion ?? 1,
    provider: row.provider,
    correlationId: row.correlationId,
  });
}

/** The event of a stored row. Throws `CorruptedEventPayloadError`, `UpcastError` and `InvalidEventTypeError`. */
export function eventOfRow(stored: StoredEvent, sessionId: string, forms: EventForms): SessionEvent {
  const event = decodeEvent(stored, sessionId, forms);
  return Object.freeze({
    id: stored.id,
    type: readSessionEventType(event.type),
    timestamp: stored.timestamp,
    sessionId,
    runId: stored.runId,
    sequenceNumber: stored.seq,
    data: event.payload,
    metadata: metadataOf(stored, sessionId),
    schemaVersion: event.schemaVersion ?? 1,
    provider: stored.provider,
    correlationId: stored.correlationId,
    ...(event.redacted === undefined ? {} : { redacted: event.redacted }),
  });
}

const nothing: JsonObject = Object.freeze({});

function metadataOf({ id, metadata }: StoredEvent, sessionId: string): JsonObject {
  if (metadata === null) return nothing;
  try {
    const value = parseJson(metadata);
    return isJsonObject(value) ? value : nothing;
  } catch (cause) {
    throw corruptedPayload({ logId: sessionId, eventId: id, text: metadata, cause });
  }
}

interface EventShaped extends Omit<SessionEvent, 'type'> {
  readonly type: unknown;
}

/** A caller without types can hand in anything. */
function isEventShaped(value: unknown): value is EventShaped {
  if (typeof value !== 'object' || value === null) return false;
  const field = (name: string): unknown => Reflect.get(value, name);
  const isTextOrNull = (name: string): boolean => field(name) === null || typeof field(name) === 'string';
  return (
    typeof field('id') === 'string' &&
    typeof field('timestamp') === 'string' &&
    typeof field('sessionId') === 'string' &&
    typeof field('schemaVersion') === 'number' &&
    isJsonObject(field('data')) &&
    isJsonObject(field('metadata')) &&
    isTextOrNull('runId') &&
    isTextOrNull('provider') &&
    isTextOrNull('correlationId')
  );
}

function unfit(id: string, field: string, wanted: string): Error {
  return sessionError('validation_error', `${field} of event '${id}' must be ${wanted}`, {
    details: { event_id: id, field },
  });
}
