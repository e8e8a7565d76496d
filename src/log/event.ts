/**
 * Decides what an event is: the row that stores keep (texts, byte for byte) and the decoded event that projections read.
 * Names of stored fields are those of the specification in snake_case; here they are camelCase.
 */
import { eventIdAt, isJsonObject, type JsonObject } from '../base/index.ts';
import { corruptedPayload } from './errors.ts';
import { withoutPythonNumbers } from './python-json.ts';
import { readTombstone, type RedactionNote } from './search/tombstone.ts';
import { type EventForms, firstForms } from './upcast.ts';

/** An event as a writer hands it to a store. `seq` and the hash are given by the store. */
export interface EventRow {
  /** Unique in its log, an inherited prefix included; 1 to 256 well-formed characters. */
  readonly id: string;
  /** Dotted lower case by custom; any text of 1 to 256 well-formed characters. */
  readonly type: string;
  /** JSON text of an object, kept and handed out byte for byte; or the tombstone that stands in its place. */
  readonly payload: string;
  readonly actor: string | null;
  /** Id of the event that led to this one. */
  readonly causedBy: string | null;
  readonly frameId: string | null;
  /** ISO 8601 in UTC, as text; the order of a log is `seq`, never time. */
  readonly timestamp: string;
  /** The thing that the event is about (an object, relation or patch id): an index hint, not part of the hash. */
  readonly subject: string | null;
  /** Version of the form of the payload; `null` means 1. */
  readonly schemaVersion: number | null;
  /** The next four belong to session logs and are `null` in the log of a run. */
  readonly runId: string | null;
  readonly provider: string | null;
  readonly correlationId: string | null;
  /** JSON text of an object. */
  readonly metadata: string | null;
}

/** An event as a store hands it out. */
export interface StoredEvent extends EventRow {
  /** Place in its log, from 1, without gaps, also across the segments of a fork. */
  readonly seq: number;
  /** Chain hash up to and including this event, 64 hex digits; `null` unless the read asked for hashes. */
  readonly hash: string | null;
}

/** A decoded event. The payload is data of the log: whoever receives one outside this product gets it frozen. */
export interface LogEvent {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly payload: JsonObject;
  readonly actor: string | null;
  readonly causedBy: string | null;
  readonly frameId: string | null;
  readonly timestamp: string;
  /** Version of the form that the payload is in; left out, or `null`, for 1. */
  readonly schemaVersion?: number | null;
  /** Who dropped the payload, when and why; left out while it is there. The payload of such an event is empty. */
  readonly redacted?: RedactionNote;
}

/**
 * Parses the payload of a stored event, and raises it to the form that `forms` knows. Throws `CorruptedEventPayloadError` and
 * `UpcastError`, which name the log and the event.
 */
export function decodeEvent(stored: StoredEvent, logId: string, forms: EventForms = firstForms): LogEvent {
  const { schemaVersion } = stored;
  const tombstone = readTombstone(stored.payload);
  if (tombstone !== null) return { ...plainOf(stored, {}), schemaVersion, redacted: tombstone.note };
  const event = plainOf(stored, parsePayload(stored, logId));
  const isFirst = schemaVersion === null || schemaVersion === 1;
  return forms.raise(isFirst ? event : { ...event, schemaVersion }, logId);
}

/**
 * What a payload says in the form that it is stored in; `null` when it was dropped. Throws `CorruptedEventPayloadError`, which names the log
 * and the event: the one that belongs to its place where `id` is left out.
 */
export function decodePayload(stored: StoredPayload, logId: string): JsonObject | null {
  return readTombstone(stored.payload) === null ? parsePayload(stored, logId) : null;
}

/** A payload as a store hands it out, and whose it is. */
export interface StoredPayload {
  readonly seq: number;
  readonly id?: string;
  readonly payload: string;
}

function plainOf(stored: StoredEvent, payload: JsonObject): LogEvent {
  return {
    seq: stored.seq,
    id: stored.id,
    type: stored.type,
    payload,
    actor: stored.actor,
    causedBy: stored.causedBy,
    frameId: stored.frameId,
    timestamp: stored.timestamp,
  };
}

function parsePayload({ seq, id, payload: text }: StoredPayload, logId: string): JsonObject {
  let decoded: unknown;
  try {
    decoded = parseJson(text);
  } catch (cause) {
    throw corruptedPayload({ logId, eventId: id ?? eventIdAt(seq), text, cause });
  }
  if (!isJsonObject(decoded)) throw corruptedPayload({ logId, eventId: id ?? eventIdAt(seq), text, decoded });
  return decoded;
}

/** Parses JSON, and JSON with the numbers that only Python writes. Throws `SyntaxError` for anything else. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const readable = withoutPythonNumbers(text);
    if (readable === undefined) throw error;
    return JSON.parse(readable);
  }
}

/** The stored text of an event's payload; `undefined` when it was dropped, and when an upcast has made another of it. */
export function storedTextOf(stored: StoredEvent, event: LogEvent): string | undefined {
  if (event.redacted !== undefined) return undefined;
  return (event.schemaVersion ?? null) === stored.schemaVersion ? stored.payload : undefined;
}

/** The seven fields of the specification, in its key order, as exports and traces write them; and a version other than 1. */
export function eventToJson(event: LogEvent): JsonObject {
  return {
    id: event.id,
    type: event.type,
    payload: event.payload,
    actor: event.actor,
    frame_id: event.frameId,
    caused_by: event.causedBy,
    timestamp: event.timestamp,
    ...((event.schemaVersion ?? 1) === 1 ? {} : { schema_version: event.schemaVersion ?? 1 }),
    ...(event.redacted === undefined ? {} : { redacted: { ...event.redacted } }),
  };
}
