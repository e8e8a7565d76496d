/**
 * Decides what a parent takes in from its fork: three graphs are compared (before the fork's changes, the fork now, the parent
 * now), field by field. What only the fork changed is taken, what both changed alike is there already, the rest is a conflict.
 */
import {
  isJsonArray,
  jsonEqual,
  type JsonObject,
  type JsonValue,
  numberedId,
  objectId,
} from '../../base/index.ts';
import type { Counters, GraphObject, GraphState, Relation } from '../../graph/index.ts';
import { ElementCauses } from '../diff/element-causes.ts';
import type { EarlierPromotion } from './earlier-promotions.ts';
import { mapIds, mapValue } from './map-ids.ts';
import type {
  PromotedObject,
  PromotedPatch,
  PromotedRelation,
  PromotedRemoval,
  PromotionConflict,
  PromotionPlan,
} from './promotion.ts';
import type { ForkReading } from './read-fork.ts';

export interface PromotionParent {
  readonly graph: GraphState;
  readonly counters: Readonly<Counters>;
  readonly earlier: EarlierPromotion | null;
}

/** The ids of new elements are those that the parent will draw next. */
export function planPromotion(fork: ForkReading, parent: PromotionParent): PromotionPlan {
  return new Planner(fork, parent).plan();
}

class Planner {
  readonly #fork: ForkReading;
  readonly #parent: PromotionParent;
  readonly #causes: ElementCauses;
  /** Id in the fork -> id in the parent, for what the fork made. */
  readonly #ids: Map<string, string>;
  /** Those of them that an earlier promotion gave: what stood in the fork at its beginning can name no others. */
  readonly #earlierIds: ReadonlyMap<string, string>;
  /** Ids in the parent of the objects that it will have. */
  readonly #made = new Set<string>();
  readonly #created: PromotedObject[] = [];
  readonly #patched: PromotedPatch[] = [];
  readonly #removed: PromotedRemoval[] = [];
  readonly #relationsCreated: PromotedRelation[] = [];
  readonly #relationsRemoved: PromotedRemoval[] = [];
  readonly #conflicts: PromotionConflict[] = [];

  constructor(fork: ForkReading, parent: PromotionParent) {
    this.#fork = fork;
    this.#parent = parent;
    this.#causes = new ElementCauses(fork.tail, fork.touched);
    this.#earlierIds = new Map(parent.earlier?.ids);
    this.#ids = new Map(this.#earlierIds);
  }

  plan(): PromotionPlan {
    const { touched, base, now, forkId, parentId, atEvent, sinceSeq, head } = this.#fork;
    const objects = [...touched].filter((id) => (base.object(id) ?? now.object(id)) !== undefined);
    const relations = [...touched].filter((id) => (base.relation(id) ?? now.relation(id)) !== undefined);
    this.#drawIds(objects, relations);
    for (const id of objects) this.#planObject(id);
    for (const id of relations) this.#planRelation(id);
    for (const { forkId: id } of this.#removed) this.#checkOrphans(id);
    return {
      fork: forkId,
      parent: parentId,
      atEvent,
      sinceSeq,
      forkHead: head,
      created: this.#created,
      patched: this.#patched,
      removed: this.#removed,
      relationsCreated: this.#relationsCreated,
      relationsRemoved: this.#relationsRemoved,
      conflicts: this.#conflicts,
    };
  }

  /** Before anything is planned, because data may name what is made after it. */
  #drawIds(objects: readonly string[], relations: readonly string[]): void {
    const { base, now } = this.#fork;
    let { object: objectNumber, relation: relationNumber } = this.#parent.counters;
    for (const id of objects) {
      const made = base.object(id) === undefined ? now.object(id) : undefined;
      if (made !== undefined) this.#ids.set(id, objectId(made.type, (objectNumber += 1)));
    }
    for (const id of relations) {
      if (base.relation(id) === undefined && now.relation(id) !== undefined)
        this.#ids.set(id, numberedId('rel', (relationNumber += 1)));
    }
  }

  #planObject(id: string): void {
    const before = this.#fork.base.object(id);
    const after = this.#fork.now.object(id);
    if (before === undefined) {
      if (after !== undefined) this.#create(after);
    } else if (after === undefined) this.#remove(before);
    else this.#patch(before, after);
  }

  #create(object: GraphObject): void {
    const { id: forkId, type, data, provenance } = object;
    this.#made.add(this.#inParent(forkId));
    this.#created.push({
      forkId,
      id: this.#inParent(forkId),
      type,
      data: this.#mapped(data),
      evidence: this.#evidenceIn(provenance),
      isGranted: this.#fork.granted.has(forkId),
    });
  }

  #remove(before: GraphObject): void {
    const id = this.#inParent(before.id);
    const present = this.#parent.graph.object(id);
    if (present === undefined) return;
    const data = mapIds(before.data, this.#earlierIds);
    if (jsonEqual(present.data, data)) this.#removed.push({ forkId: before.id, id });
    else this.#conflict('removed_in_fork', before.id, { atForkPoint: data, inParent: present.data });
  }

  #patch(before: GraphObject, after: GraphObject): void {
    const forkId = before.id;
    const id = this.#inParent(forkId);
    const present = this.#parent.graph.object(id);
    const [old, now] = [mapIds(before.data, this.#earlierIds), this.#mapped(after.data)];
    // Compared as the fork has them: the same text may name something new by now.
    const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
      (field) => !sameValue(own(before.data, field), own(after.data, field)),
    );
    if (fields.length === 0) return;
    if (present === undefined) {
      this.#conflict('removed_in_parent', forkId, { atForkPoint: old, inFork: now });
      return;
    }
    const set: [string, JsonValue][] = [];
    const unset: string[] = [];
    for (const field of fields) {
      const [atForkPoint, inParent, inFork] = [own(old, field), own(present.data, field), own(now, field)];
      if (sameValue(inParent, inFork)) continue;
      if (!sameValue(inParent, atForkPoint))
        this.#conflict('both_changed', forkId, { field, atForkPoint, inParent, inFork });
      else if (inFork === undefined) unset.push(field);
      else set.push([field, inFork]);
    }
    if (set.length + unset.length > 0)
      this.#patched.push({ forkId, id, set: Object.fromEntries(set), unset });
  }

  #planRelation(id: string): void {
    const before = this.#fork.base.relation(id);
    const after = this.#fork.now.relation(id);
    if (before === undefined && after !== undefined) this.#relate(after);
    if (before === undefined || after !== undefined) return;
    const inParent = this.#inParent(id);
    if (this.#parent.graph.relation(inParent) !== undefined)
      this.#relationsRemoved.push({ forkId: id, id: inParent });
  }

  #relate({ id: forkId, type, data, provenance, ...ends }: Relation): void {
    const [source, target] = [this.#inParent(ends.source), this.#inParent(ends.target)];
    const isGone = (id: string): boolean =>
      !this.#made.has(id) && this.#parent.graph.object(id) === undefined;
    const missing = [source, target].find(isGone);
    if (missing !== undefined) {
      this.#conflict('dangling_relation', forkId, { inFork: { source, target, type } });
      return;
    }
    const evidence = this.#evidenceIn(provenance);
    this.#relationsCreated.push({
      forkId,
      id: this.#inParent(forkId),
      source,
      target,
      type,
      data: this.#mapped(data),
      evidence,
    });
  }

  /** A removal takes relations along; those that the fork never knew are the parent's business. */
  #checkOrphans(forkId: string): void {
    const known = new Set<string>();
    for (const { id } of this.#fork.base.relationsOf(forkId)) known.add(this.#inParent(id));
    for (const { id, source, target, type } of this.#parent.graph.relationsOf(this.#inParent(forkId))) {
      if (!known.has(id))
        this.#conflict('orphaning_removal', forkId, { inParent: { relation: id, source, target, type } });
    }
  }

  #inParent(id: string): string {
    return this.#ids.get(id) ?? id;
  }

  #evidenceIn(provenance: JsonObject): readonly JsonValue[] {
    const evidence = provenance['evidence'] ?? null;
    return isJsonArray(evidence) ? evidence.map((item) => mapValue(item, this.#ids)) : [];
  }

  #mapped(data: JsonObject): JsonObject {
    return mapIds(data, this.#ids);
  }

  #conflict(
    kind: PromotionConflict['kind'],
    id: string,
    values: Partial<Pick<PromotionConflict, 'field' | 'atForkPoint' | 'inParent' | 'inFork'>>,
  ): void {
    this.#conflicts.push({
      kind,
      id,
      field: values.field ?? null,
      atForkPoint: values.atForkPoint,
      inParent: values.inParent,
      inFork: values.inFork,
      parentEvent: null,
      forkEvent: this.#causes.of(id).at(-1)?.id ?? null,
    });
  }
}

function own(data: JsonObject, field: string): JsonValue | undefined {
  return Object.hasOwn(data, field) ? data[field] : undefined;
}

function sameValue(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  return left === undefined || right === undefined ? left === right : jsonEqual(left, right);
}
