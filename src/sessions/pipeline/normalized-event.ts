/**
 * Decides what an event looks like in the memory of a program that listens to several agents: the same few fields whatever the
 * agent called them, beside what it really said. It is never stored.
 */
import type { JsonObject } from '../../base/index.ts';
import { Fields } from '../model/fields.ts';
import { readSessionEventType, type SessionEventType } from '../model/event-types.ts';

/** An event of any provider in one shape. */
export interface NormalizedEvent {
  readonly id: string;
  readonly type: SessionEventType;
  readonly timestamp: string;
  readonly sessionId: string;
  readonly runId: string;
  readonly sequenceNumber: number | null;
  readonly parentEventId: string | null;
  /** Holds `raw`, the event as the agent gave it, and the fields that all agents share. */
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  readonly provider: string;
  readonly providerEventId: string | null;
}

/** True for events of one session and one run. */
export function haveSameContext(
  left: Pick<NormalizedEvent, 'sessionId' | 'runId'>,
  right: Pick<NormalizedEvent, 'sessionId' | 'runId'>,
): boolean {
  return left.sessionId === right.sessionId && left.runId === right.runId;
}

/** Reads an exported event. Throws `ValidationError` and `InvalidEventTypeError`. */
export function normalizedEventFromJson(json: unknown): NormalizedEvent {
  const fields = new Fields('normalized event', json);
  return Object.freeze({
    id: fields.text('id'),
    type: readSessionEventType(fields.text('type')),
    timestamp: fields.moment('timestamp'),
    sessionId: fields.text('session_id'),
    runId: fields.text('run_id'),
    sequenceNumber: fields.has('sequence_number') ? fields.count('sequence_number', 0) : null,
    parentEventId: fields.optionalText('parent_event_id'),
    data: fields.map('data'),
    metadata: fields.map('metadata'),
    provider: fields.textOr('provider', () => 'generic'),
    providerEventId: fields.optionalText('provider_event_id'),
  });
}

/** As it is stored. */
export function normalizedEventToJson(event: NormalizedEvent): JsonObject {
  return {
    id: event.id,
    type: event.type,
    timestamp: event.timestamp,
    session_id: event.sessionId,
    run_id: event.runId,
    sequence_number: event.sequenceNumber,
    parent_event_id: event.parentEventId,
    data: event.data,
    metadata: event.metadata,
    provider: event.provider,
    provider_event_id: event.providerEventId,
  };
}
