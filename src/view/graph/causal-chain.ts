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
  /** The request of the next turn, for a model that asked for tools first. */
  nextTurn(request: LogEvent): LogEvent | undefined | Promise<LogEvent | undefined>;
}

/** A question to a model or tool, and the answer. */
export interface CallLink {
  readonly request: LogEvent;
  /** `null` for a call that was never answered. */
  readonly answer: LogEvent | null;
}

/** The events and calls that led to an object; `cycleAt` when causes go in a circle. */
export interface CausalChain {
  readonly object: GraphObject;
  /** The turns of the model behind the object, and its tool calls, in their order. */
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
  const calls = await callsBehind(lookup, object);
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

async function callsBehind(lookup: ChainLookup, object: GraphObject): Promise<readonly CallLink[]> {
  const requests: LogEvent[] = [];
  for (const requestId of requestIds(object.provenance)) {
    // Provenance names the first turn; the object came of the last one.
    for (let turn = await lookup.event(requestId); turn !== undefined;) {
      requests.push(turn);
      turn = turn.type === 'llm.requested' ? await lookup.nextTurn(turn) : undefined;
    }
  }
  const calls: CallLink[] = [];
  for (const request of requests.sort((left, right) => left.seq - right.seq))
    calls.push({ request, answer: (await lookup.answerTo(request.id)) ?? null });
  return calls;
}

/** Answers from a list of all events of a run. */
export function chainLookup(
  object: (id: string) => GraphObject | undefined,
  events: Iterable<LogEvent>,
): ChainLookup {
  const byId = new Map<string, LogEvent>();
  const creations = new Map<string, LogEvent>();
  const answers = new Map<string, LogEvent>();
  const turns = new Map<string, LogEvent>();
  for (const event of events) {
    byId.set(event.id, event);
    const { id } = event.payload;
    if (event.type === 'object.created' && typeof id === 'string') creations.set(id, event);
    if (isAnswer(event) && event.causedBy !== null) answers.set(event.causedBy, event);
    if (event.type === 'llm.requested' && event.causedBy !== null) turns.set(event.causedBy, event);
  }
  return {
    object,
    creationOf: (id) => creations.get(id),
    event: (id) => byId.get(id),
    answerTo: (id) => answers.get(id),
    nextTurn: ({ id }) => turns.get(id),
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
