/**
 * Decides how the elements of a graph are kept and found: by id, by type, and relations by their endpoints. Order is the
 * order of creation, everywhere.
 */
import type { GraphObject, Patch, Relation } from './elements.ts';

/** What projections write and readers read; `Tables` keeps it, `Overlay` lays changes over another state. */
export interface GraphState {
  object(id: string): GraphObject | undefined;
  relation(id: string): Relation | undefined;
  patch(id: string): Patch | undefined;
  objects(type?: string): Iterable<GraphObject>;
  relations(type?: string): Iterable<Relation>;
  /** Relations that begin or end at an object. */
  relationsOf(objectId: string): Iterable<Relation>;
  patches(): Iterable<Patch>;
  putObject(object: GraphObject): void;
  putRelation(relation: Relation): void;
  putPatch(patch: Patch): void;
  /** Also drops every relation that touches the object. */
  dropObject(id: string): void;
  dropRelation(id: string): void;
}

/** A graph by itself. */
export class Tables implements GraphState {
  readonly #objects = new Map<string, GraphObject>();
  readonly #relations = new Map<string, Relation>();
  readonly #patches = new Map<string, Patch>();
  readonly #objectsByType = new Index();
  readonly #relationsByType = new Index();
  readonly #relationsByObject = new Index();

  object(id: string): GraphObject | undefined {
    return this.#objects.get(id);
  }

  relation(id: string): Relation | undefined {
    return this.#relations.get(id);
  }

  patch(id: string): Patch | undefined {
    return this.#patches.get(id);
  }

  objects(type?: string): Iterable<GraphObject> {
    return type === undefined ? this.#objects.values() : pick(this.#objectsByType.of(type), this.#objects);
  }

  relations(type?: string): Iterable<Relation> {
    return type === undefined
      ? this.#relations.values()
      : pick(this.#relationsByType.of(type), this.#relations);
  }

  relationsOf(objectId: string): Iterable<Relation> {
    return pick(this.#relationsByObject.of(objectId), this.#relations);
  }

  patches(): Iterable<Patch> {
    return this.#patches.values();
  }

  putObject(object: GraphObject): void {
    const before = this.#objects.get(object.id);
    if (before !== undefined && !keepsPlace(before, object)) this.#takeOut(before);
    this.#objectsByType.add(object.type, object.id);
    this.#objects.set(object.id, object);
  }

  putRelation(relation: Relation): void {
    const before = this.#relations.get(relation.id);
    if (before !== undefined && !keepsPlace(before, relation)) this.dropRelation(relation.id);
    this.#relationsByType.add(relation.type, relation.id);
    this.#relationsByObject.add(relation.source, relation.id);
    this.#relationsByObject.add(relation.target, relation.id);
    this.#relations.set(relation.id, relation);
  }

  putPatch(patch: Patch): void {
    this.#patches.set(patch.id, patch);
  }

  dropObject(id: string): void {
    const object = this.#objects.get(id);
    for (const relation of [...this.relationsOf(id)]) this.dropRelation(relation.id);
    if (object !== undefined) this.#takeOut(object);
  }

  dropRelation(id: string): void {
    const relation = this.#relations.get(id);
    if (relation === undefined) return;
    this.#relationsByType.drop(relation.type, id);
    this.#relationsByObject.drop(relation.source, id);
    this.#relationsByObject.drop(relation.target, id);
    this.#relations.delete(id);
  }

  #takeOut({ id, type }: GraphObject): void {
    this.#objectsByType.drop(type, id);
    this.#objects.delete(id);
  }
}

interface Placed {
  readonly type: string;
  readonly source?: string;
  readonly target?: string;
}

/**
 * True when an element that is put again is found as before, and so keeps its place. A log of another writer may make one id
 * twice, under another type or between other objects: that is a new element, and comes last.
 */
export function keepsPlace(before: Placed, after: Placed): boolean {
  return before.type === after.type && before.source === after.source && before.target === after.target;
}

/** Ids under a key, each once, in the order in which they came. */
class Index {
  readonly #ids = new Map<string, Set<string>>();

  of(key: string): ReadonlySet<string> | undefined {
    return this.#ids.get(key);
  }

  add(key: string, id: string): void {
    const ids = this.#ids.get(key);
    if (ids === undefined) this.#ids.set(key, new Set([id]));
    else ids.add(id);
  }

  drop(key: string, id: string): void {
    const ids = this.#ids.get(key);
    ids?.delete(id);
    if (ids?.size === 0) this.#ids.delete(key);
  }
}

function* pick<Value>(
  ids: ReadonlySet<string> | undefined,
  from: ReadonlyMap<string, Value>,
): Iterable<Value> {
  if (ids === undefined) return;
  for (const id of ids) {
    const value = from.get(id);
    if (value !== undefined) yield value;
  }
}
