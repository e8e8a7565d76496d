/**
 * Decides why an object is there and says what it says: the model and tool calls behind it, the events that led to it, back to a goal, and
 * the patches that changed it since. Read from provenance and causes alone, one event at a time.
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import type { GraphObject } from '../../graph/index.ts';
import type { LogEvent } from '../../log/index.ts';

/** Where a chain finds what it follows. A store, or a list of events, can answer. */
export interface ChainLookup {
  object(id: string): GraphObject | undefined | Promise<GraphObject | undefined>;
  /** The `object.created` event of an object. */
  creationOf(objectId: string): LogEvent | undefined | Promise<LogEvent | undefined>;
  /** The `patch.applied` events of an object since then, in order. */
  patchesOf(objectId: string): readonly LogEvent[] | Promise<readonly LogEvent[]>;
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

/** A change of one field by a patch. */
export interface PatchedField {
  readonly field: string;
  /** `undefined` where the event does not say it. */
  readonly old: JsonValue | undefined;
  readonly new: JsonValue;
}

/** A patch that was applied: by whom and when its event says, because of which event `cause`. */
export interface PatchLink {
  readonly event: LogEvent;
  /** `null` for a patch that no event caused. */
  readonly cause: LogEvent | null;
  /** Of the object, with this patch. */
  readonly version: number;
  /** Another one than the actor of the event where a proposal was applied. */
  readonly proposedBy: string | null;
  /** In the words of who proposed it; empty for none. */
  readonly rationale: string;
  readonly changes: readonly PatchedField[];
}

/** The events and calls that led to an object, and the patches since; `cycleAt` when causes go in a circle. */
export interface CausalChain {
  readonly object: GraphObject;
  /** The turns of the model behind the object, and its tool calls, in their order. */
  readonly calls: readonly CallLink[];
  /** The event that made the object, then each event's cause. */
  readonly events: readonly LogEvent[];
  /** An event that would have come twice; `null` for history in good order. */
  readonly cycleAt: string | null;
  /** In the order in which they were applied. */
  readonly patches: readonly PatchLink[];
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
  return { object, calls, events, cycleAt: next?.id ?? null, patches: await patchesSince(lookup, object) };
}

async function patchesSince(
  lookup: ChainLookup,
  { id, version }: GraphObject,
): Promise<readonly PatchLink[]> {
  const events = await lookup.patchesOf(id);
  const patches: PatchLink[] = [];
  for (const [index, event] of events.entries()) {
    const cause = event.causedBy === null ? undefined : await lookup.event(event.causedBy);
    const { proposed_by: proposedBy, rationale } = patchIn(event);
    patches.push({
      event,
      cause: cause ?? null,
      version: version - (events.length - 1 - index),
      proposedBy: typeof proposedBy === 'string' ? proposedBy : null,
      rationale: typeof rationale === 'string' ? rationale : '',
      changes: changesOf(event),
    });
  }
  return patches;
}

/** What an older writer did not write down as a difference is what the patch asks for. */
function changesOf(event: LogEvent): readonly PatchedField[] {
  const { diff } = event.payload;
  if (isJsonObject(diff))
    return Object.entries(diff).map(([field, change]) => {
      const { old, new: now = null } = isJsonObject(change) ? change : {};
      return { field, old, new: now };
    });
  const { value } = patchIn(event);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).map(([field, now]) => ({ field, old: undefined, new: now }));
}

function patchIn({ payload: { patch } }: LogEvent): JsonObject {
  return isJsonObject(patch) ? patch : {};
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
  const patches = new Map<string, LogEvent[]>();
  const answers = new Map<string, LogEvent>();
  const turns = new Map<string, LogEvent>();
  for (const event of events) {
    byId.set(event.id, event);
    const { id } = event.payload;
    if (event.type === 'object.created' && typeof id === 'string') {
      creations.set(id, event);
      patches.set(id, []);
    }
    if (event.type === 'patch.applied') {
      const { target } = patchIn(event);
      if (typeof target === 'string') patches.get(target)?.push(event);
    }
    if (isAnswer(event) && event.causedBy !== null) answers.set(event.causedBy, event);
    if (event.type === 'llm.requested' && event.causedBy !== null) turns.set(event.causedBy, event);
  }
  return {
    object,
    creationOf: (id) => creations.get(id),
    patchesOf: (id) => patches.get(id) ?? [],
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
