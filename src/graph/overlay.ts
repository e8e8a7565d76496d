/**
 * Decides how changes that are not history yet are seen: laid over a graph that does not know of them, to be thrown away or
 * projected for good once their events are durable.
 */
import type { GraphObject, Patch, Relation } from './elements.ts';
import { type GraphState, Tables } from './state.ts';

export class Overlay implements GraphState {
  readonly #under: GraphState;
  readonly #own = new Tables();
  readonly #dropped = new Set<string>();
  #isEmpty = true;

  constructor(under: GraphState) {
    this.#under = under;
  }

  object(id: string): GraphObject | undefined {
    if (this.#isEmpty) return this.#under.object(id);
    return this.#own.object(id) ?? (this.#dropped.has(id) ? undefined : this.#under.object(id));
  }

  relation(id: string): Relation | undefined {
    if (this.#isEmpty) return this.#under.relation(id);
    return this.#own.relation(id) ?? (this.#dropped.has(id) ? undefined : this.#under.relation(id));
  }

  patch(id: string): Patch | undefined {
    return this.#own.patch(id) ?? this.#under.patch(id);
  }

  objects(type?: string): Iterable<GraphObject> {
    if (this.#isEmpty) return this.#under.objects(type);
    return this.#layered(
      this.#under.objects(type),
      this.#own.objects(type),
      (id) => this.#own.object(id),
      (id) => this.#under.object(id),
    );
  }

  relations(type?: string): Iterable<Relation> {
    if (this.#isEmpty) return this.#under.relations(type);
    return this.#layered(
      this.#under.relations(type),
      this.#own.relations(type),
      (id) => this.#own.relation(id),
      (id) => this.#under.relation(id),
    );
  }

  relationsOf(objectId: string): Iterable<Relation> {
    if (this.#isEmpty) return this.#under.relationsOf(objectId);
    const own = (id: string): Relation | undefined => this.#own.relation(id);
    return this.#layered(this.#under.relationsOf(objectId), this.#own.relationsOf(objectId), own, (id) =>
      this.#under.relation(id),
    );
  }

  *patches(): Iterable<Patch> {
    for (const patch of this.#under.patches()) yield this.#own.patch(patch.id) ?? patch;
    for (const patch of this.#own.patches()) if (this.#under.patch(patch.id) === undefined) yield patch;
  }

  putObject(object: GraphObject): void {
    this.#isEmpty = false;
    this.#own.putObject(object);
  }

  putRelation(relation: Relation): void {
    this.#isEmpty = false;
    this.#own.putRelation(relation);
  }

  putPatch(patch: Patch): void {
    this.#isEmpty = false;
    this.#own.putPatch(patch);
  }

  dropObject(id: string): void {
    for (const relation of [...this.relationsOf(id)]) this.dropRelation(relation.id);
    this.#isEmpty = false;
    this.#own.dropObject(id);
    this.#dropped.add(id);
  }

  dropRelation(id: string): void {
    this.#isEmpty = false;
    this.#own.dropRelation(id);
    this.#dropped.add(id);
  }

  /** What is under keeps its place, with changed elements shown changed; what is new comes after it. */
  *#layered<Value extends { readonly id: string }>(
    under: Iterable<Value>,
    own: Iterable<Value>,
    ownById: (id: string) => Value | undefined,
    underById: (id: string) => Value | undefined,
  ): Iterable<Value> {
    for (const value of under) {
      const changed = ownById(value.id);
      if (changed !== undefined) yield changed;
      else if (!this.#dropped.has(value.id)) yield value;
    }
    for (const value of own)
      if (this.#dropped.has(value.id) || underById(value.id) === undefined) yield value;
  }
}
