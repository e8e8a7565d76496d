/**
 * Decides how the elements of a graph are kept and found: by id, by type, and relations by their endpoints. Order is the
 * order of creation, everywhere.
 */
import type { JsonObject } from '../base/index.ts';
import type { GraphObject, Patch, Relation } from './elements.ts';
import { KeyIndex, type PackedIndex } from './packed/key-index.ts';
import { objectCodec, patchCodec, relationCodec } from './packed/packed-elements.ts';
import type { PackedSection } from './packed/packed-texts.ts';
import { Shelf } from './packed/shelf.ts';

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
  /** `text` is a payload that the element is read out of again: a state may keep it in place of the element. */
  putObject(object: GraphObject, text?: string): void;
  putRelation(relation: Relation, text?: string): void;
  putPatch(patch: Patch): void;
  /** Also drops every relation that touches the object. */
  dropObject(id: string): void;
  dropRelation(id: string): void;
}

/** Events that a graph has still to be made from. */
interface EventsToProject {
  readonly size: number;
  /** Projects up to so many, and tells of each. */
  projectInto(
    state: GraphState,
    limit: number,
    keepsObjects: boolean,
    onEvent: (type: string, payload: JsonObject) => void,
  ): void;
}

/** They, and who hears of each when it is projected. */
interface Deferred {
  readonly events: EventsToProject;
  readonly onEvent: (type: string, payload: JsonObject) => void;
}

/** So many are projected before others have a turn: some milliseconds of work. */
const projectedAtOnce = 2000;

/**
 * A graph by itself. Elements that nobody has looked at are kept as text. Where events are deferred, whatever is asked or changed has
 * them projected first, and throws `CorruptedEventPayloadError` for one that cannot be read.
 */
export class Tables implements GraphState {
  readonly #objects: Shelf<GraphObject>;
  readonly #relations: Shelf<Relation>;
  readonly #patches: Shelf<Patch>;
  readonly #objectsByType: KeyIndex;
  readonly #relationsByType: KeyIndex;
  readonly #relationsByObject: KeyIndex;
  #deferred: Deferred | null = null;

  constructor(begin: Partial<PackedTables> = {}) {
    this.#objects = Shelf.of(objectCodec, begin.objects);
    this.#relations = Shelf.of(relationCodec, begin.relations);
    this.#patches = Shelf.of(patchCodec, begin.patches);
    this.#objectsByType = new KeyIndex(begin.objectsByType);
    this.#relationsByType = new KeyIndex(begin.relationsByType);
    this.#relationsByObject = new KeyIndex(begin.relationsByObject);
  }

  /** About how many elements there are, of all kinds; never too few. */
  get size(): number {
    const deferred = this.#deferred?.events.size ?? 0;
    return this.#objects.size + this.#relations.size + this.#patches.size + deferred;
  }

  /** Leaves events to be projected when somebody asks; those that were left before are projected by then. */
  defer(events: EventsToProject, onEvent: Deferred['onEvent']): void {
    if (events.size > 0) this.#deferred = { events, onEvent };
  }

  get isDeferred(): boolean {
    return this.#deferred !== null;
  }

  /** Projects what was deferred, a few milliseconds at a time. Rejects with `CorruptedEventPayloadError`. */
  async prepare(pause: () => Promise<void>): Promise<void> {
    while (this.#deferred !== null) {
      this.#projectDeferred(projectedAtOnce);
      if (this.#deferred !== null) await pause();
    }
  }

  /** Projects what was deferred, now. */
  ready(keepsObjects = false): void {
    if (this.#deferred !== null) this.#projectDeferred(Number.POSITIVE_INFINITY, keepsObjects);
  }

  object(id: string): GraphObject | undefined {
    this.ready();
    return this.#objects.get(id);
  }

  relation(id: string): Relation | undefined {
    this.ready();
    return this.#relations.get(id);
  }

  patch(id: string): Patch | undefined {
    this.ready();
    return this.#patches.get(id);
  }

  objects(type?: string): Iterable<GraphObject> {
    this.ready(type === undefined);
    return type === undefined ? this.#objects.values() : pick(this.#objectsByType.of(type), this.#objects);
  }

  relations(type?: string): Iterable<Relation> {
    this.ready();
    return type === undefined
      ? this.#relations.values()
      : pick(this.#relationsByType.of(type), this.#relations);
  }

  relationsOf(objectId: string): Iterable<Relation> {
    this.ready();
    return pick(this.#relationsByObject.of(objectId), this.#relations);
  }

  patches(): Iterable<Patch> {
    this.ready();
    return this.#patches.values();
  }

  putObject(object: GraphObject, text?: string): void {
    this.ready();
    const before = this.#objects.get(object.id);
    if (before === undefined || !keepsPlace(before, object)) {
      if (before !== undefined) this.#takeOut(before);
      this.#objectsByType.add(object.type, object.id);
    }
    if (text === undefined) this.#objects.put(object.id, object);
    else this.#objects.putText(object.id, text);
  }

  putRelation(relation: Relation, text?: string): void {
    this.ready();
    const before = this.#relations.get(relation.id);
    if (before === undefined || !keepsPlace(before, relation)) {
      if (before !== undefined) this.dropRelation(relation.id);
      this.#file(relation);
    }
    if (text === undefined) this.#relations.put(relation.id, relation);
    else this.#relations.putText(relation.id, text);
  }

  /** What is decided about a patch is decided for good, so it is kept as text. */
  putPatch(patch: Patch): void {
    this.ready();
    const text = patch.status === 'proposed' ? null : patchCodec.pack(patch);
    if (text === null) this.#patches.put(patch.id, patch);
    else this.#patches.putText(patch.id, text);
  }

  dropObject(id: string): void {
    this.ready();
    const object = this.#objects.get(id);
    for (const relation of [...this.relationsOf(id)]) this.dropRelation(relation.id);
    if (object !== undefined) this.#takeOut(object);
  }

  dropRelation(id: string): void {
    this.ready();
    const relation = this.#relations.get(id);
    if (relation === undefined) return;
    this.#relationsByType.drop(relation.type, id);
    this.#relationsByObject.drop(relation.source, id);
    this.#relationsByObject.drop(relation.target, id);
    this.#relations.delete(id);
  }

  /** Everything as texts, in order, for whoever writes the graph down. */
  texts(): TablesTexts {
    this.ready();
    return {
      objects: this.#objects.texts(),
      relations: this.#relations.texts(),
      patches: this.#patches.texts(),
      objectsByType: this.#objectsByType.entries(),
      relationsByType: this.#relationsByType.entries(),
      relationsByObject: this.#relationsByObject.entries(),
    };
  }

  /** What is made on the way is put here, so nothing is deferred meanwhile. */
  #projectDeferred(limit: number, keepsObjects = false): void {
    const deferred = this.#deferred;
    if (deferred === null) return;
    this.#deferred = null;
    try {
      deferred.events.projectInto(this, limit, keepsObjects, deferred.onEvent);
    } finally {
      if (deferred.events.size > 0) this.#deferred = deferred;
    }
  }

  #file({ id, type, source, target }: Relation): void {
    this.#relationsByType.add(type, id);
    this.#relationsByObject.add(source, id);
    if (target !== source) this.#relationsByObject.add(target, id);
  }

  #takeOut({ id, type }: GraphObject): void {
    this.#objectsByType.drop(type, id);
    this.#objects.delete(id);
  }
}

/** What a graph begins with: elements as texts, and its indexes for when they are needed. */
export interface PackedTables {
  readonly objects: PackedSection;
  readonly relations: PackedSection;
  readonly patches: PackedSection;
  readonly objectsByType: () => PackedIndex;
  readonly relationsByType: () => PackedIndex;
  readonly relationsByObject: () => PackedIndex;
}

type Texts = Iterable<readonly [id: string, text: string | null]>;
type Keyed = Iterable<readonly [key: string, ids: readonly string[]]>;

/** A graph written out. A text is `null` where JSON cannot tell the element. */
export interface TablesTexts {
  readonly objects: Texts;
  readonly relations: Texts;
  readonly patches: Texts;
  readonly objectsByType: Keyed;
  readonly relationsByType: Keyed;
  readonly relationsByObject: Keyed;
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

function* pick<Value extends object>(ids: Iterable<string> | undefined, from: Shelf<Value>): Iterable<Value> {
  if (ids === undefined) return;
  for (const id of ids) {
    const value = from.get(id);
    if (value !== undefined) yield value;
  }
}
