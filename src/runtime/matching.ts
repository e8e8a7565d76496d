/** Decides which behaviors an event wakes, in the order in which they were given; relation behaviors once for each edge. */
import { deepFreeze, isJsonArray, isJsonObject, type JsonValue } from '../base/index.ts';
import { type GraphState, matchesWhere, readerOf, type Relation } from '../graph/index.ts';
import { type EventForms, isLifecycle, type LogEvent } from '../log/index.ts';
import type { InstalledBehavior } from './engine.ts';
import { asyncDecision, newerVersion } from './errors.ts';
import type { RunObserver } from './observe/run-observer.ts';
import { invocationKey } from './run/invocation-key.ts';

export interface Match {
  readonly behavior: InstalledBehavior;
  readonly relation: Relation | null;
  /** Unique among the matches of one event. */
  readonly key: string;
  /** What was thrown while it was decided whether the behavior reacts: its invocation fails with it. */
  readonly refusal?: { readonly thrown: unknown };
}

/**
 * All matches of an event, computed before the first one runs. `failedBefore` are the behaviors whose failures led to this
 * event: none of them is woken by it, so that no failure can feed itself.
 */
export function matchesOf(
  event: LogEvent,
  behaviors: readonly InstalledBehavior[],
  graph: GraphState,
  failedBefore: ReadonlySet<string> | undefined,
  observer: RunObserver | null = null,
): readonly Match[] {
  const matches: Match[] = [];
  for (const behavior of behaviors) {
    if (!isSubscribed(behavior, event) || failedBefore?.has(behavior.name) === true) continue;
    try {
      if (!reacts(behavior, event, graph, observer)) continue;
    } catch (thrown) {
      matches.push({ ...matchOf(behavior, null), refusal: { thrown } });
      continue;
    }
    if (behavior.relationType === null) matches.push(matchOf(behavior, null));
    else matches.push(...edgeMatches(behavior, behavior.relationType, event, graph));
  }
  return matches;
}

/** An event of a form that the program does not know wakes nobody: whoever waits for it fails with that. */
export function refusedMatches(
  event: LogEvent,
  behaviors: readonly InstalledBehavior[],
  forms: EventForms,
  failedBefore: ReadonlySet<string> | undefined,
): readonly Match[] {
  return behaviors
    .filter((behavior) => isSubscribed(behavior, event) && failedBefore?.has(behavior.name) !== true)
    .map((behavior) => refusedMatch(matchOf(behavior, null), event, forms));
}

/** The match, refused when the event is of a form that the program does not know. */
export function refusedMatch(match: Match, event: LogEvent, forms: EventForms): Match {
  if (!forms.isNewer(event)) return match;
  const { id: eventId, type, schemaVersion } = event;
  const versions = { schemaVersion: schemaVersion ?? 1, known: forms.versionOf(type) };
  const thrown = newerVersion({ behavior: match.behavior.name, eventId, type, ...versions });
  return { ...match, refusal: { thrown } };
}

/** True when the matches of a behavior depend on the graph and not on the event alone. */
export function dependsOnGraph(behavior: InstalledBehavior): boolean {
  return behavior.relationType !== null || behavior.when !== null;
}

export function isSubscribed(behavior: InstalledBehavior, event: LogEvent): boolean {
  if (behavior.on.length === 0) return !isLifecycle(event.type);
  return behavior.on.includes(event.type);
}

function reacts(
  behavior: InstalledBehavior,
  event: LogEvent,
  graph: GraphState,
  observer: RunObserver | null,
): boolean {
  if (behavior.where !== null && !matchesWhere(event.payload, behavior.where)) return false;
  const { when } = behavior;
  if (when === null) return true;
  // `when` was declared for the event types that the behavior names, which is what it gets.
  const decide = (): unknown => when({ event: deepFreeze(event), graph: readerOf(graph) } as never);
  const decided = observer === null ? decide() : observer.condition(decide);
  if (typeof decided === 'object' && decided !== null) throw asyncDecision({ what: '`when`' });
  return decided !== false;
}

function matchOf(behavior: InstalledBehavior, relation: Relation | null): Match {
  return { behavior, relation, key: invocationKey(behavior.name, relation?.id ?? null) };
}

function edgeMatches(
  behavior: InstalledBehavior,
  relationType: string,
  event: LogEvent,
  graph: GraphState,
): Match[] {
  const named = new Set<string>();
  collectTexts(event.payload, named);
  const relations = new Map<string, Relation>();
  for (const text of named) {
    for (const relation of graph.relationsOf(text))
      if (relation.type === relationType) relations.set(relation.id, relation);
  }
  const ordered = [...relations.values()].sort((left, right) => compareIds(left.id, right.id));
  return ordered.map((relation) => matchOf(behavior, deepFreeze(relation)));
}

/** Every text anywhere in the payload may be the id of an endpoint. */
function collectTexts(value: JsonValue, into: Set<string>): void {
  if (typeof value === 'string') into.add(value);
  else if (isJsonArray(value)) for (const item of value) collectTexts(item, into);
  else if (isJsonObject(value)) for (const item of Object.values(value)) collectTexts(item, into);
}

/** Order of creation: `rel_999` before `rel_1000`. */
function compareIds(left: string, right: string): number {
  return left.length - right.length || (left < right ? -1 : 1);
}
