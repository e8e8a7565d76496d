/**
 * Decides what part of a graph a behavior is shown: everything, or the neighborhood of the object that the event is about,
 * and the last events. A view is computed when it is looked at, so that a behavior that does not look pays nothing.
 */
import { checkOptionNames, deepFreeze, InvalidRuntimeConfiguration, type JsonObject } from '../base/index.ts';
import type { LogEvent } from '../log/index.ts';
import type { GraphObject, Relation } from './elements.ts';
import { checkSelection, type GraphReader, type Neighborhood } from './reader.ts';
import { matchesWhere, valueAt, type Where, whereRoot } from './where.ts';

/** What a view shows: around which object, how many steps far, which types, how many recent events. */
export interface ViewSpec {
  /** Path to an object id in the triggering event, such as `event.payload.object.id`. Without it: the whole graph. */
  readonly around?: string;
  /** Steps along relations around that object; 1 by default. */
  readonly depth?: number;
  /** Only objects of these types; relations are not filtered. */
  readonly includeTypes?: readonly string[];
  /** How many of the last events are shown, as of the start of the behavior; 50 by default, 0 for none, at most 256. */
  readonly recentEvents?: number;
}

/** The name of every part: one that is missing here, or is no part, does not compile. */
const partNames: readonly string[] = Object.keys({
  around: true,
  depth: true,
  includeTypes: true,
  recentEvents: true,
} satisfies Record<keyof ViewSpec, true>);

/** How many recent events a view shows that does not say. */
export const recentEventsDefault = 50;
/** How many events back a view can look. */
export const recentEventsLimit = 256;

/** The part of a graph, and the latest events, that a behavior asked to see. */
export interface View {
  /** The id that `around` led to; `null` without `around` or when it led nowhere. */
  readonly aroundId: string | null;
  objects(type?: string, where?: Where): readonly GraphObject[];
  relations(type?: string): readonly Relation[];
  events(type?: string): readonly LogEvent[];
}

/** Refuses a spec that could never select anything, or that has a part which is none. */
export function checkViewSpec(spec: ViewSpec, behavior: string): void {
  checkOptionNames(`view of ${behavior}`, spec, partNames);
  const wrong = problemOf(spec);
  if (wrong === null) return;
  throw new InvalidRuntimeConfiguration({
    summary: `the view of behavior '${behavior}' cannot be read: ${wrong}`,
    whatFailed: `The view spec of '${behavior}' was refused: ${wrong}.`,
    why: 'A view that selects nothing would let a behavior decide on an empty graph without anybody noticing.',
    howToFix: "Write it as `{ around: 'event.payload.object.id', depth: 1, recentEvents: 20 }`.",
    context: { behavior },
  });
}

function problemOf({ around, depth = 0, recentEvents = 0 }: ViewSpec): string | null {
  if (around !== undefined && !around.startsWith('event.'))
    return `around '${around}' does not begin with 'event.'`;
  if (![depth, recentEvents].every((number) => Number.isInteger(number) && number >= 0)) {
    return 'depth and recentEvents are whole numbers from 0';
  }
  return recentEvents > recentEventsLimit ? `a view shows at most ${recentEventsLimit} events` : null;
}

/** `recent` gives the last events of the log, oldest first, at least as many as the spec asks for. */
export function openView(
  spec: ViewSpec,
  graph: GraphReader,
  event: LogEvent,
  recent: (count: number) => readonly LogEvent[],
): View {
  const root: JsonObject = {
    event: { id: event.id, type: event.type, payload: event.payload, actor: event.actor },
  };
  const found = spec.around === undefined ? null : valueAt(root, spec.around);
  const aroundId = typeof found === 'string' ? found : null;
  let slice: Neighborhood | null = null;
  const near = (): Neighborhood => {
    slice ??=
      aroundId === null ? { objects: [], relations: [] } : graph.neighborhood(aroundId, spec.depth ?? 1);
    return slice;
  };
  const isShown = (object: GraphObject): boolean => spec.includeTypes?.includes(object.type) ?? true;
  return Object.freeze({
    aroundId,
    objects: (type?: string, where?: Where) => {
      checkSelection('view.objects', type, where);
      if (spec.around === undefined) return graph.objects(type, where).filter(isShown);
      return near().objects.filter(
        (object) =>
          isShown(object) &&
          (type === undefined || object.type === type) &&
          (where === undefined || matchesWhere(whereRoot(object), where)),
      );
    },
    relations: (type?: string) => {
      checkSelection('view.relations', type);
      if (spec.around === undefined) return graph.relations(type === undefined ? {} : { type });
      return near().relations.filter((relation) => type === undefined || relation.type === type);
    },
    events: (type?: string) => {
      checkSelection('view.events', type);
      return recent(spec.recentEvents ?? recentEventsDefault)
        .filter((shown) => type === undefined || shown.type === type)
        .map(deepFreeze);
    },
  });
}
