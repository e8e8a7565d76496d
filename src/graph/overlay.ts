/**
 * Decides how changes that are not history yet are seen: laid over a graph that does not know of them, to be thrown away or
 * projected for good once their events are durable. Reads give what one table with all of it would give, in its order.
 */
import type { GraphObject, Patch, Relation } from './elements.ts';
import { type GraphState, keepsPlace, Tables } from './state.ts';

/** A graph with changes on top that are not in the log yet: what a handler sees of its own writes. */
export class Overlay implements GraphState {
  readonly #under: GraphState;
  #own = new Tables();
  /** Elements of the graph below that are not shown: gone, or made again at another place. */
  readonly #droppedObjects = new Set<string>();
  readonly #droppedRelations = new Set<string>();
  #isEmpty = true;

  constructor(under: GraphState) {
    this.#under = under;
  }

  /** Forgets all changes: they are in the graph below by now. */
  clear(): void {
    if (this.#isEmpty) return;
    this.#own = new Tables();
    this.#droppedObjects.clear();
    this.#droppedRelations.clear();
    this.#isEmpty = true;
  }

  object(id: string): GraphObject | undefined {
    if (this.#isEmpty) return this.#under.object(id);
    return this.#own.object(id) ?? this.#objectUnder(id);
  }

  relation(id: string): Relation | undefined {
    if (this.#isEmpty) return this.#under.relation(id);
    return this.#own.relation(id) ?? this.#relationUnder(id);
  }

  patch(id: string): Patch | undefined {
    return this.#own.patch(id) ?? this.#under.patch(id);
  }

  objects(type?: string): Iterable<GraphObject> {
    if (this.#isEmpty) return this.#under.objects(type);
    return this.#layeredObjects(this.#under.objects(type), this.#own.objects(type));
  }

  relations(type?: string): Iterable<Relation> {
    if (this.#isEmpty) return this.#under.relations(type);
    return this.#layeredRelations(this.#under.relations(type), this.#own.relations(type));
  }

  relationsOf(objectId: string): Iterable<Relation> {
    if (this.#isEmpty) return this.#under.relationsOf(objectId);
    return this.#layeredRelations(this.#under.relationsOf(objectId), this.#own.relationsOf(objectId));
  }

  *patches(): Iterable<Patch> {
    for (const patch of this.#under.patches()) yield this.#own.patch(patch.id) ?? patch;
    for (const patch of this.#own.patches()) if (this.#under.patch(patch.id) === undefined) yield patch;
  }

  putObject(object: GraphObject): void {
    const before = this.#objectUnder(object.id);
    this.#isEmpty = false;
    if (before !== undefined && !keepsPlace(before, object)) this.#droppedObjects.add(object.id);
    this.#own.putObject(object);
  }

  putRelation(relation: Relation): void {
    const before = this.#relationUnder(relation.id);
    this.#isEmpty = false;
    if (before !== undefined && !keepsPlace(before, relation)) this.#droppedRelations.add(relation.id);
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
    this.#droppedObjects.add(id);
  }

  dropRelation(id: string): void {
    this.#isEmpty = false;
    this.#own.dropRelation(id);
    this.#droppedRelations.add(id);
  }

  #objectUnder(id: string): GraphObject | undefined {
    return this.#droppedObjects.has(id) ? undefined : this.#under.object(id);
  }

  #relationUnder(id: string): Relation | undefined {
    return this.#droppedRelations.has(id) ? undefined : this.#under.relation(id);
  }

  #layeredObjects(under: Iterable<GraphObject>, own: Iterable<GraphObject>): Iterable<GraphObject> {
    return layered(
      under,
      own,
      (id) => this.#own.object(id),
      (id) => this.#objectUnder(id) !== undefined,
    );
  }

  #layeredRelations(under: Iterable<Relation>, own: Iterable<Relation>): Iterable<Relation> {
    return layered(
      under,
      own,
      (id) => this.#own.relation(id),
      (id) => this.#relationUnder(id) !== undefined,
    );
  }
}

/** What is below keeps its place, with changed elements shown changed; what is new comes after it. */
function* layered<Value extends { readonly id: string }>(
  under: Iterable<Value>,
  own: Iterable<Value>,
  ownById: (id: string) => Value | undefined,
  isUnder: (id: string) => boolean,
): Iterable<Value> {
  for (const value of under) if (isUnder(value.id)) yield ownById(value.id) ?? value;
  for (const value of own) if (!isUnder(value.id)) yield value;
}
