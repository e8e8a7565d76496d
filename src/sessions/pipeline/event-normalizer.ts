/**
 * Decides how what an agent said becomes a normalized event: its type by its name, the shared fields by theirs, and the rest kept
 * beside them. Unlike the builder it takes any map, so that a listener misses nothing.
 */
import { checkArguments, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import { intake } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { isSessionEventType, type SessionEventType } from '../model/event-types.ts';
import type { Mint } from '../model/mint.ts';
import { readTimestamp } from '../model/timestamp.ts';
import type { NormalizedEvent } from './normalized-event.ts';
import { resolveEventType } from './raw-event.ts';

/** Of which session, run and provider a raw event is. */
export interface NormalizeContext {
  readonly sessionId: string;
  readonly runId: string;
  /** `generic` by default. */
  readonly provider?: string;
  readonly sequenceNumber?: number | null;
}

/** Events that could be normalized, and those that could not, with the error. */
export interface NormalizedBatch {
  readonly events: readonly NormalizedEvent[];
  /** What was refused, with its place in the batch. */
  readonly failures: readonly {
    readonly sequenceNumber: number;
    readonly raw: unknown;
    readonly error: unknown;
  }[];
}

const sharedFields = ['content', 'delta', 'role', 'tool_name', 'tool_input', 'tool_output'] as const;

/** Throws `ValidationError` for what is no map, and for a context without session or run. */
export function normalizeEvent(raw: unknown, context: NormalizeContext, mint: Mint): NormalizedEvent {
  const { sessionId, runId, provider = 'generic', sequenceNumber = null } = context;
  if (sessionId === '' || runId === '') {
    throw sessionError('validation_error', 'session_id and run_id are required', {
      details: { session_id: sessionId, run_id: runId },
    });
  }
  const value = typeof raw === 'object' && raw !== null ? intake(raw).value : null;
  if (!isJsonObject(value))
    throw sessionError('validation_error', 'an event must be a map', { details: { found: typeof raw } });
  const name = value['type'];
  const timestamp = value['timestamp'];
  return Object.freeze({
    id: mint.id('nevt'),
    type: resolveEventType(name),
    timestamp: (typeof timestamp === 'string' ? readTimestamp(timestamp) : null) ?? mint.now(),
    sessionId,
    runId,
    sequenceNumber,
    parentEventId: textOf(value['parent_event_id']),
    data: Object.freeze({
      raw: value,
      ...shared(value),
      ...(isSessionEventType(name) ? {} : { original_type: name ?? null }),
    }),
    metadata: Object.freeze(pick(value, ['model', 'stop_reason'])),
    provider,
    providerEventId: textOf(value['id']) ?? textOf(value['message_id']),
  });
}

/** Normalizes a batch, numbered from `sequenceOffset` (0 by default): what is refused keeps its number. */
export function normalizeEvents(
  raws: readonly unknown[],
  context: Omit<NormalizeContext, 'sequenceNumber'> & { readonly sequenceOffset?: number },
  mint: Mint,
): NormalizedBatch {
  checkArguments('normalizeEvents', {
    raws: [raws, 'list'],
    context: [context, 'object'],
    mint: [mint, 'with now'],
  });
  const events: NormalizedEvent[] = [];
  const failures: NormalizedBatch['failures'][number][] = [];
  for (const [index, raw] of raws.entries()) {
    const sequenceNumber = (context.sequenceOffset ?? 0) + index;
    try {
      events.push(normalizeEvent(raw, { ...context, sequenceNumber }, mint));
    } catch (error) {
      failures.push({ sequenceNumber, raw, error });
    }
  }
  return { events, failures };
}

/** Which normalized events, by session, run and type. */
export interface NormalizedFilter {
  readonly sessionId?: string;
  readonly runId?: string;
  readonly types?: readonly SessionEventType[];
}

/** The events that fit all conditions, in the order in which they stand. */
export function filterNormalized(
  events: readonly NormalizedEvent[],
  { sessionId, runId, types }: NormalizedFilter,
): readonly NormalizedEvent[] {
  return events.filter(
    (event) =>
      (sessionId === undefined || event.sessionId === sessionId) &&
      (runId === undefined || event.runId === runId) &&
      (types === undefined || types.includes(event.type)),
  );
}

/** The shared fields stand in `data` of an event, or beside its type; a tool may be called by `name`. */
function shared(raw: JsonObject): JsonObject {
  const inner = raw['data'];
  const found = { ...pick(raw, sharedFields), ...(isJsonObject(inner) ? pick(inner, sharedFields) : {}) };
  const name = raw['name'] ?? (isJsonObject(inner) ? inner['name'] : undefined);
  return found['tool_name'] === undefined && name !== undefined ? { ...found, tool_name: name } : found;
}

function pick(from: JsonObject, keys: readonly string[]): JsonObject {
  const picked: Record<string, JsonValue> = {};
  for (const key of keys) {
    const value = from[key];
    if (value !== undefined) picked[key] = value;
  }
  return picked;
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
