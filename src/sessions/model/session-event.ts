/**
 * Decides what an event of a session is: the record that is stored once and never changed. Its place in the session is given by
 * the store; an event that is not stored yet has none.
 */
import { checkArguments, type JsonObject } from '../../base/index.ts';
import type { RedactionNote } from '../../log/index.ts';
import { readSessionEventType, type SessionEventType } from './event-types.ts';
import { Fields } from './fields.ts';
import type { Mint } from './mint.ts';

/** An event of a session's log; `sequenceNumber` is null until it is stored. */
export interface SessionEvent {
  /** Unique in its session. The same event handed in again is stored once. */
  readonly id: string;
  readonly type: SessionEventType;
  /** UTC, to the microsecond. The order of a session is `sequenceNumber`, never time. */
  readonly timestamp: string;
  readonly sessionId: string;
  /** `null` for what tells of the session as a whole. */
  readonly runId: string | null;
  /** Place in the session, from 1 without gaps; `null` until it is stored. What a caller puts here is not looked at. */
  readonly sequenceNumber: number | null;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  /** Version of the form of `data`, from 1. */
  readonly schemaVersion: number;
  readonly provider: string | null;
  readonly correlationId: string | null;
  /** Who dropped `data`, when and why; left out while it is there. */
  readonly redacted?: RedactionNote;
}

/** An event of a session to be made. */
export interface NewSessionEvent {
  readonly type: SessionEventType;
  readonly sessionId: string;
  readonly id?: string | undefined;
  readonly runId?: string | null;
  /** Any RFC 3339 text; the present moment when it is left out. */
  readonly timestamp?: string | undefined;
  readonly data?: JsonObject;
  readonly metadata?: JsonObject;
  readonly schemaVersion?: number;
  readonly provider?: string | null;
  readonly correlationId?: string | null;
}

/** A new event. Throws `ValidationError` for a `sessionId` that is missing or empty, and `InvalidEventTypeError`. */
export function newSessionEvent(given: NewSessionEvent, mint: Mint): SessionEvent {
  checkArguments('newSessionEvent', { given: [given, 'object'], mint: [mint, 'with now'] });
  return sessionEventFromJson({
    id: given.id ?? mint.id('evt'),
    type: given.type,
    timestamp: given.timestamp ?? mint.now(),
    session_id: given.sessionId,
    run_id: given.runId ?? null,
    data: given.data ?? {},
    metadata: given.metadata ?? {},
    schema_version: given.schemaVersion ?? 1,
    provider: given.provider ?? null,
    correlation_id: given.correlationId ?? null,
  });
}

/** Reads a stored or exported event, which has to carry its `schema_version`. Throws `ValidationError`, `InvalidEventTypeError`. */
export function sessionEventFromJson(json: unknown): SessionEvent {
  const fields = new Fields('event', json);
  return Object.freeze({
    id: fields.text('id'),
    type: readSessionEventType(fields.text('type')),
    timestamp: fields.moment('timestamp'),
    sessionId: fields.text('session_id'),
    runId: fields.optionalText('run_id'),
    sequenceNumber: fields.has('sequence_number') ? fields.count('sequence_number', 1) : null,
    data: fields.map('data'),
    metadata: fields.map('metadata'),
    schemaVersion: fields.count('schema_version', 1),
    provider: fields.optionalText('provider'),
    correlationId: fields.optionalText('correlation_id'),
  });
}

/** The exported form. */
export function sessionEventToJson(event: SessionEvent): JsonObject {
  return {
    id: event.id,
    type: event.type,
    timestamp: event.timestamp,
    session_id: event.sessionId,
    run_id: event.runId,
    sequence_number: event.sequenceNumber,
    data: event.data,
    metadata: event.metadata,
    schema_version: event.schemaVersion,
    provider: event.provider,
    correlation_id: event.correlationId,
    ...(event.redacted === undefined ? {} : { redacted: { ...event.redacted } }),
  };
}
