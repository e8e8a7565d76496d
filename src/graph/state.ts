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
  readonly #objectsByType = new Map<string, Set<string>>();
  readonly #relationsByType = new Map<string, Set<string>>();
  readonly #relationsByObject = new Map<string, Set<string>>();

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
    return type === undefined ? this.#objects.values() : pick(this.#objectsByType.get(type), this.#objects);
  }

  relations(type?: string): Iterable<Relation> {
    return type === undefined
      ? this.#relations.values()
      : pick(this.#relationsByType.get(type), this.#relations);
  }

  relationsOf(objectId: string): Iterable<Relation> {
    return pick(this.#relationsByObject.get(objectId), this.#relations);
  }

  patches(): Iterable<Patch> {
    return this.#patches.values();
  }

  putObject(object: GraphObject): void {
    const before = this.#objects.size;
    this.#objects.set(object.id, object);
    if (this.#objects.size > before) file(this.#objectsByType, object.type, object.id);
  }

  putRelation(relation: Relation): void {
    if (!this.#relations.has(relation.id)) {
      file(this.#relationsByType, relation.type, relation.id);
      file(this.#relationsByObject, relation.source, relation.id);
      file(this.#relationsByObject, relation.target, relation.id);
    }
    this.#relations.set(relation.id, relation);
  }

  putPatch(patch: Patch): void {
    this.#patches.set(patch.id, patch);
  }

  dropObject(id: string): void {
    const object = this.#objects.get(id);
    for (const relation of [...this.relationsOf(id)]) this.dropRelation(relation.id);
    if (object === undefined) return;
    this.#objectsByType.get(object.type)?.delete(id);
    this.#objects.delete(id);
  }

  dropRelation(id: string): void {
    const relation = this.#relations.get(id);
    if (relation === undefined) return;
    this.#relationsByType.get(relation.type)?.delete(id);
    this.#relationsByObject.get(relation.source)?.delete(id);
    this.#relationsByObject.get(relation.target)?.delete(id);
    this.#relations.delete(id);
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

function file(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}
