/** Decides how an event stands in an exported file: one JSON object a line, its fields in the order of the specification. */
import { decodeEvent, eventToJson, type LogEvent, type StoredEvent } from '../../log/index.ts';
import { cleanJson } from '../text/printable.ts';

/** A line without its line feed. */
export function eventJsonLine(event: LogEvent): string {
  return cleanJson(JSON.stringify(eventToJson(event)));
}

/**
 * As `eventJsonLine`, with the payload spelled as it is stored: `1.0` stays `1.0`; one that was dropped is `{}`. Throws `CorruptedEventPayloadError` for a
 * payload that is not a JSON object.
 */
export function storedJsonLine(stored: StoredEvent, logId: string): string {
  const { redacted } = decodeEvent(stored, logId);
  const { id, type, payload, actor, frameId, causedBy, timestamp, schemaVersion } = stored;
  const fields: readonly (readonly [string, string])[] = [
    ['id', JSON.stringify(id)],
    ['type', JSON.stringify(type)],
    // White space between the parts of a JSON text is the only place where it can hold these.
    ['payload', redacted === undefined ? payload.replaceAll(/[\n\r\t]+/g, ' ') : '{}'],
    ['actor', JSON.stringify(actor)],
    ['frame_id', JSON.stringify(frameId)],
    ['caused_by', JSON.stringify(causedBy)],
    ['timestamp', JSON.stringify(timestamp)],
    ...((schemaVersion ?? 1) === 1 ? [] : [['schema_version', String(schemaVersion)] as const]),
    ...(redacted === undefined ? [] : [['redacted', JSON.stringify(redacted)] as const]),
  ];
  return cleanJson(`{${fields.map(([name, text]) => `"${name}":${text}`).join(',')}}`);
}
