/**
 * Decides what has to be known of the shared past to compare what came after it. A patch tells the old values of the fields
 * that it changed, so most of it stands in the tails; what they leave open is looked up.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import type { GraphObject } from '../../graph/index.ts';
import { type GraphEvent, touchedElement } from './touched-element.ts';

export interface PastNeeds {
  /** Objects as they stood, with no more fields than the tails touch: enough to compare, because the rest is equal. */
  readonly told: ReadonlyMap<string, GraphObject>;
  /** Objects that the tails do not tell enough about. */
  readonly objects: ReadonlySet<string>;
  /** Those of them that nothing but their making has happened to. */
  readonly asMade: ReadonlySet<string>;
  /** Those of them that a tail removed: the relations that touched them went with them. */
  readonly removed: ReadonlySet<string>;
  /** Relations that a tail removed, or made under an id that the past may have used. */
  readonly relations: ReadonlySet<string>;
}

interface Told {
  version: number | null;
  readonly fields: Map<string, JsonValue>;
}

/** `mayBeOfPast` tells of an id that a tail gives to something new whether the past may have used it. */
export function pastNeeds(
  tails: readonly (readonly GraphEvent[])[],
  mayBeOfPast: (id: string) => boolean,
): PastNeeds {
  const needs = new Needs(mayBeOfPast);
  for (const tail of tails) needs.readTail(tail);
  return needs.result();
}

class Needs {
  readonly #told = new Map<string, Told>();
  readonly #objects = new Set<string>();
  readonly #removed = new Set<string>();
  readonly #relations = new Set<string>();
  readonly #mayBeOfPast: (id: string) => boolean;
  /** What the tail that is read has made or removed itself: the past does not matter for it any more. */
  #made = new Set<string>();
  /** Fields that the tail has set by now. */
  #set = new Map<string, Set<string>>();

  constructor(mayBeOfPast: (id: string) => boolean) {
    this.#mayBeOfPast = mayBeOfPast;
  }

  readTail(tail: readonly GraphEvent[]): void {
    this.#made = new Set();
    this.#set = new Map();
    for (const { type, payload } of tail) {
      if (type === 'patch.applied') this.#patch(payload);
      else this.#element(type, touchedElement(type, payload));
    }
  }

  result(): PastNeeds {
    const told = new Map<string, GraphObject>();
    for (const [id, { version, fields }] of this.#told) {
      const type = /^(.+)#\d+$/.exec(id)?.[1];
      if (type === undefined || version === null) this.#objects.add(id);
      else told.set(id, { id, type, version, data: Object.fromEntries(fields), provenance: {} });
    }
    for (const id of this.#objects) told.delete(id);
    const asMade = [...this.#objects].filter(
      (id) => this.#told.get(id)?.version === 1 && !this.#removed.has(id),
    );
    return {
      told,
      objects: this.#objects,
      asMade: new Set(asMade),
      removed: this.#removed,
      relations: this.#relations,
    };
  }

  #element(type: string, id: string | null): void {
    if (id === null) return;
    const isOfPast = !this.#made.has(id) && (type.endsWith('.removed') || this.#mayBeOfPast(id));
    this.#made.add(id);
    if (!isOfPast) return;
    if (type.startsWith('relation.')) this.#relations.add(id);
    else this.#objects.add(id);
    if (type === 'object.removed') this.#removed.add(id);
  }

  /** Read field by field, because this runs for every patch of a tail. */
  #patch({ patch = null, diff = null }: JsonObject): void {
    if (!isJsonObject(patch)) return;
    const { id, target, op, value = null, expected_version: version } = patch;
    const isPatch = typeof id === 'string' && typeof target === 'string' && typeof op === 'string';
    if (!isPatch || this.#made.has(target)) return;
    const told = this.#told.get(target) ?? { version: null, fields: new Map<string, JsonValue>() };
    const set = this.#set.get(target) ?? new Set();
    if (!this.#set.has(target)) {
      this.#told.set(target, told);
      this.#set.set(target, set);
      told.version = typeof version === 'number' ? version : null;
    }
    if (op !== 'update' || !isJsonObject(value) || !isJsonObject(diff)) {
      this.#objects.add(target);
      return;
    }
    for (const field of Object.keys(value)) {
      if (set.has(field)) continue;
      set.add(field);
      const old = oldValue(diff, field, value[field] ?? null);
      // In a patch, `null` also stands for a field that was missing.
      if (old === null) this.#objects.add(target);
      told.fields.set(field, old);
    }
  }
}

/** What a patch set to what it was before does not stand among the changes. */
function oldValue(diff: JsonObject, field: string, now: JsonValue): JsonValue {
  if (!Object.hasOwn(diff, field)) return now;
  const change = diff[field] ?? null;
  return isJsonObject(change) ? (change['old'] ?? null) : null;
}
