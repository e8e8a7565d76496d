/** Decides how a graph is read by people's code: frozen elements, in order of creation, found through the indexes. */
import { checkArguments, checkOptionNames, deepFreeze } from '../base/index.ts';
import type { GraphObject, Patch, Relation } from './elements.ts';
import type { GraphState } from './state.ts';
import { matchesWhere, type Where, whereRoot } from './where.ts';

/** Which relations: by type, source, target; what is left out fits all. */
export interface RelationFilter {
  readonly type?: string;
  readonly source?: string;
  readonly target?: string;
}

/** What can be reached from an object within some steps. */
export interface Neighborhood {
  readonly objects: readonly GraphObject[];
  readonly relations: readonly Relation[];
}

/** Read access to a graph. Everything handed out is frozen; nothing read here can change state. */
export interface GraphReader {
  object(id: string): GraphObject | undefined;
  relation(id: string): Relation | undefined;
  patch(id: string): Patch | undefined;
  /** Objects of a type (all without one) for which the filter holds. */
  objects(type?: string, where?: Where): readonly GraphObject[];
  relations(filter?: RelationFilter): readonly Relation[];
  patches(): readonly Patch[];
  /** What is within `depth` steps along relations in either direction, nearest first; nothing for an unknown id. */
  neighborhood(id: string, depth?: number): Neighborhood;
}

/** The reading side of a graph's state. */
export function readerOf(state: GraphState): GraphReader {
  return Object.freeze({
    object: (id: string) => deepFreeze(state.object(id)),
    relation: (id: string) => deepFreeze(state.relation(id)),
    patch: (id: string) => deepFreeze(state.patch(id)),
    objects: (type?: string, where?: Where) => {
      checkSelection('graph.objects', type, where);
      return selectObjects(state, type, where);
    },
    relations: (filter: RelationFilter = {}) => {
      checkArguments('graph.relations', { filter: [filter, 'object'] });
      checkOptionNames('graph.relations', filter, filterNames);
      return selectRelations(state, filter);
    },
    patches: () => [...state.patches()].map(deepFreeze),
    neighborhood: (id: string, depth = 1) => neighborhood(state, id, depth),
  });
}

const filterNames: readonly string[] = Object.keys({
  type: true,
  source: true,
  target: true,
} satisfies Record<keyof RelationFilter, true>);

/**
 * Refuses a type that is no text and a filter that is no object, for callers without types: they would select nothing, and a behavior would
 * decide on that. Throws `InvalidArgumentType`.
 */
export function checkSelection(call: string, type: unknown, where?: unknown): void {
  if (type !== undefined && typeof type !== 'string') checkArguments(call, { type: [type, 'text'] });
  if (where !== undefined) checkArguments(call, { where: [where, 'object'] });
}

function selectObjects(state: GraphState, type?: string, where?: Where): readonly GraphObject[] {
  const selected: GraphObject[] = [];
  for (const object of state.objects(type)) {
    if (where === undefined || matchesWhere(whereRoot(object), where)) selected.push(deepFreeze(object));
  }
  return selected;
}

function selectRelations(state: GraphState, filter: RelationFilter): readonly Relation[] {
  const endpoint = filter.source ?? filter.target;
  const candidates = endpoint === undefined ? state.relations(filter.type) : state.relationsOf(endpoint);
  const selected: Relation[] = [];
  for (const relation of candidates) {
    if (filter.type !== undefined && relation.type !== filter.type) continue;
    if (filter.source !== undefined && relation.source !== filter.source) continue;
    if (filter.target !== undefined && relation.target !== filter.target) continue;
    selected.push(deepFreeze(relation));
  }
  return selected;
}

function neighborhood(state: GraphState, id: string, depth: number): Neighborhood {
  const start = state.object(id);
  if (start === undefined) return { objects: [], relations: [] };
  const objects = new Map([[id, deepFreeze(start)]]);
  const relations = new Map<string, Relation>();
  let frontier = [id];
  for (let step = 0; step < depth && frontier.length > 0; step += 1) {
    const next: string[] = [];
    for (const from of frontier) {
      for (const relation of state.relationsOf(from)) {
        relations.set(relation.id, deepFreeze(relation));
        const other = relation.source === from ? relation.target : relation.source;
        const object = objects.has(other) ? undefined : state.object(other);
        if (object === undefined) continue;
        objects.set(other, deepFreeze(object));
        next.push(other);
      }
    }
    frontier = next;
  }
  return { objects: [...objects.values()], relations: [...relations.values()] };
}
