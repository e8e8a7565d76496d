/** Decides how one event is shown in full. */
import { type JsonObject, jsonText } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { clean, cleanJson } from '../text/printable.ts';
import { redactionNoteText } from '../text/redaction-note.ts';

/** The fields in the order in which the text has them. */
export function eventDetailToJson({
  id,
  type,
  actor,
  frameId,
  causedBy,
  timestamp,
  payload,
  redacted,
}: LogEvent): JsonObject {
  const rest = redacted === undefined ? {} : { redacted: { ...redacted } };
  return { id, type, actor, frame_id: frameId, caused_by: causedBy, timestamp, payload, ...rest };
}

/** The lines that a person reads of one event in full. */
export function eventDetailText(
  event: LogEvent,
  options: { readonly paint?: Paint } = {},
): readonly string[] {
  const { paint = plainPaint } = options;
  const shown: readonly (readonly [string, string | null])[] = [
    ['event', event.id],
    ['type', event.type],
    ['actor', event.actor],
    ['frame', event.frameId],
    ['caused_by', event.causedBy],
    ['timestamp', event.timestamp],
  ];
  return [
    ...shown.map(
      ([label, value]) =>
        `${`${label}:`.padEnd(12)} ${value === null ? paint('dim', '(none)') : clean(value)}`,
    ),
    'payload:',
    ...(event.redacted === undefined
      ? cleanJson(jsonText(event.payload, 2)).split('\n')
      : [clean(`(${redactionNoteText(event.redacted)})`)]),
  ];
}
