/**
 * Decides how a row of the Python ActiveGraph becomes an event of a log: every text as it stands, never parsed and printed
 * again, and a reason where it cannot be one.
 */
import { isJsonObject } from '../../base/index.ts';
import { commitLimits, type EventRow, parseJson } from '../../log/index.ts';
import type { SourceEvent } from '../source.ts';
import { utf8Length } from '../utf8-length.ts';

/** id, type, actor, payload, frame_id, caused_by, timestamp, bytes of the payload as it is stored (null where nobody counts) */
export type EventColumns = readonly unknown[];

export function eventOf(columns: EventColumns): SourceEvent {
  const [id, type, actor, payload, frameId, causedBy, timestamp, bytes] = columns;
  const eventId = typeof id === 'string' ? id : String(id);
  const wrong = (why: string): SourceEvent => ({ ok: false, eventId, why });
  if (typeof id !== 'string' || !isName(id))
    return wrong('its id is no text of 1 to 256 well-formed characters');
  if (typeof type !== 'string' || !isName(type))
    return wrong('its type is no text of 1 to 256 well-formed characters');
  if (typeof timestamp !== 'string' || !isName(timestamp)) return wrong('it has no timestamp');
  if (typeof payload !== 'string') return wrong('its payload is no text');
  // A driver puts U+FFFD in the place of bytes that are no UTF-8.
  if (typeof bytes === 'number' && bytes !== utf8Length(payload)) return wrong('its payload is no UTF-8');
  const problem = problemOf(payload);
  if (problem !== null) return wrong(problem);
  const names = [actor, frameId, causedBy];
  if (!names.every((name) => name === null || (typeof name === 'string' && isName(name))))
    return wrong('its actor, frame or cause is no text of 1 to 256 well-formed characters');
  const row: EventRow = {
    id,
    type,
    payload,
    actor: textOrNull(actor),
    causedBy: textOrNull(causedBy),
    frameId: textOrNull(frameId),
    timestamp,
    subject: null,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  };
  return { ok: true, row };
}

/** True when two rows tell of one event; one that cannot be kept is nothing to another run. */
export function isSameEvent(left: SourceEvent, right: SourceEvent): boolean {
  if (!left.ok || !right.ok) return false;
  const [one, other] = [left.row, right.row];
  return (
    one.id === other.id &&
    one.type === other.type &&
    one.payload === other.payload &&
    one.actor === other.actor &&
    one.causedBy === other.causedBy &&
    one.frameId === other.frameId &&
    one.timestamp === other.timestamp
  );
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isName(text: string): boolean {
  return (
    text.length > 0 && text.length <= commitLimits.idCharacters && !text.includes('\0') && text.isWellFormed()
  );
}

/** Why a payload is none; `null` for one that can be kept and read. */
function problemOf(payload: string): string | null {
  if (!payload.isWellFormed() || payload.includes('\0'))
    return 'its payload holds U+0000 or half a surrogate pair';
  let value: unknown;
  try {
    value = parseJson(payload);
  } catch (error) {
    return `its payload is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  return isJsonObject(value) ? null : 'its payload is JSON, and no object';
}
