/**
 * Decides what is odd about the data of an event: what a reader of its type would look for and not find. Oddities are written
 * beside the event as warnings; they never keep it from being stored.
 */
import type { JsonObject, JsonValue } from '../../base/index.ts';
import type { SessionEventType } from '../model/event-types.ts';

type Kind = 'string' | 'integer';
type Shape = Readonly<Record<string, Kind>>;

const shapes: Partial<Readonly<Record<SessionEventType, Shape>>> = {
  message_received: { content: 'string', role: 'string' },
  message_streamed: { content: 'string' },
  tool_call_started: { tool_name: 'string' },
  tool_call_completed: { tool_name: 'string' },
  tool_call_failed: { tool_name: 'string' },
  token_usage_updated: { input_tokens: 'integer', output_tokens: 'integer' },
  run_completed: { stop_reason: 'string' },
  error_occurred: { error_message: 'string' },
  policy_violation: { policy: 'string', kind: 'string' },
  tool_approval_requested: { tool_name: 'string', policy_name: 'string' },
  tool_approval_granted: { tool_name: 'string' },
  tool_approval_denied: { tool_name: 'string' },
};

/** Longest value that a warning repeats. */
const shownCharacters = 80;
const none: readonly string[] = [];

/** Sentences about what does not fit; none for most events. An empty text and a zero are there. */
export function shapeWarnings(type: SessionEventType, data: JsonObject): readonly string[] {
  const shape = shapes[type];
  if (shape === undefined) return none;
  let warnings: string[] | null = null;
  for (const field in shape) {
    const value = data[field] ?? null;
    const kind = shape[field] ?? 'string';
    if (value !== null && fits(kind, value)) continue;
    warnings ??= [];
    warnings.push(
      value === null
        ? `missing required field '${field}' for shape validation`
        : `field '${field}' expected ${kind}, got ${shown(value)}`,
    );
  }
  return warnings ?? none;
}

function fits(kind: Kind, value: JsonValue): boolean {
  return kind === 'string' ? typeof value === 'string' : Number.isSafeInteger(value);
}

function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
