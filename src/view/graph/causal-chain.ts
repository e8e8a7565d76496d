/**
 * Decides why an object is there: the model and tool calls behind it, and the events that led to it, back to a goal. Read from
 * provenance and causes alone, one event at a time.
 */
import { isJsonArray, type JsonObject, type JsonValue } from '../../base/index.ts';
import type { GraphObject } from '../../graph/index.ts';
import type { LogEvent } from '../../log/index.ts';

/** Where a chain finds what it follows. A store, or a list of events, can answer. */
export interface ChainLookup {
  object(id: string): GraphObject | undefined | Promise<GraphObject | undefined>;
  /** The `object.created` event of an object. */
  creationOf(objectId: string): LogEvent | undefined | Promise<LogEvent | undefined>;
  event(id: string): LogEvent | undefined | Promise<LogEvent | undefined>;
  /** The `llm.responded` or `tool.responded` event to a request. */
  answerTo(requestId: string): LogEvent | undefined | Promise<LogEvent | undefined>;
}

export interface CallLink {
  readonly request: LogEvent;
  /** `null` for a call that was never answered. */
  readonly answer: LogEvent | null;
}

export interface CausalChain {
  readonly object: GraphObject;
  /** The model call behind the object, then its tool calls in order. */
  readonly calls: readonly CallLink[];
  /** The event that made the object, then each event's cause. */
  readonly events: readonly LogEvent[];
  /** An event that would have come twice; `null` for history in good order. */
  readonly cycleAt: string | null;
}

/** The chain of an object, or `null` when there is no such object. */
export async function causalChain(lookup: ChainLookup, objectId: string): Promise<CausalChain | null> {
  const object = await lookup.object(objectId);
  if (object === undefined) return null;
  const calls: CallLink[] = [];
  for (const requestId of requestIds(object.provenance)) {
    const request = await lookup.event(requestId);
    if (request !== undefined) calls.push({ request, answer: (await lookup.answerTo(requestId)) ?? null });
  }
  const events: LogEvent[] = [];
  const passed = new Set<string>();
  let next = await lookup.creationOf(objectId);
  while (next !== undefined && !passed.has(next.id)) {
    passed.add(next.id);
    events.push(next);
    const cause: string | null = next.type === 'goal.created' ? null : next.causedBy;
    next = cause === null ? undefined : await lookup.event(cause);
  }
  return { object, calls, events, cycleAt: next?.id ?? null };
}

/** Answers from a list of all events of a run. */
export function chainLookup(
  object: (id: string) => GraphObject | undefined,
  events: Iterable<LogEvent>,
): ChainLookup {
  const byId = new Map<string, LogEvent>();
  const creations = new Map<string, LogEvent>();
  const answers = new Map<string, LogEvent>();
  for (const event of events) {
    byId.set(event.id, event);
    const { id } = event.payload;
    if (event.type === 'object.created' && typeof id === 'string') creations.set(id, event);
    if (isAnswer(event) && event.causedBy !== null) answers.set(event.causedBy, event);
  }
  return {
    object,
    creationOf: (id) => creations.get(id),
    event: (id) => byId.get(id),
    answerTo: (id) => answers.get(id),
  };
}

function isAnswer({ type }: LogEvent): boolean {
  return type === 'llm.responded' || type === 'tool.responded';
}

function requestIds(provenance: JsonObject): readonly string[] {
  const { llm_request_event_id: model, tool_request_event_ids: tools } = provenance;
  return [model, ...listOf(tools)].filter((id) => typeof id === 'string');
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return value !== undefined && isJsonArray(value) ? value : [];
}
