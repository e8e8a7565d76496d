/** Decides what a promotion is: the changes of a fork that its parent takes in, and what keeps it from taking them. */
import type { JsonObject, JsonValue } from '../../base/index.ts';

/** An object that the fork made. */
export interface PromotedObject {
  /** Its id in the fork; ids are counted in each run, so the parent gives it another one. */
  readonly forkId: string;
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly evidence: readonly JsonValue[];
  /** True when it was granted in the fork. */
  readonly isGranted: boolean;
}

export interface PromotedPatch {
  readonly forkId: string;
  readonly id: string;
  readonly set: JsonObject;
  /** Fields that the fork took away. */
  readonly unset: readonly string[];
}

export interface PromotedRelation {
  readonly forkId: string;
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly evidence: readonly JsonValue[];
}

export interface PromotedRemoval {
  readonly forkId: string;
  readonly id: string;
}

/**
 * `both_changed`: a field has got two values. `removed_in_parent`: the fork changed what the parent removed, `removed_in_fork`
 * the other way round. `dangling_relation`: an end is gone in the parent. `orphaning_removal`: the parent has connected
 * something to what the fork removed.
 */
export type ConflictKind =
  | 'both_changed'
  | 'removed_in_parent'
  | 'removed_in_fork'
  | 'dangling_relation'
  | 'orphaning_removal';

/** A place that both fork and parent have changed since they parted. */
export interface PromotionConflict {
  readonly kind: ConflictKind;
  /** The object or relation, by its id in the fork. */
  readonly id: string;
  /** A field of its data; `null` when it is about the whole. */
  readonly field: string | null;
  /** Values; `undefined` where there is none. */
  readonly atForkPoint: JsonValue | undefined;
  readonly inParent: JsonValue | undefined;
  readonly inFork: JsonValue | undefined;
  /** The last events that touched it on either side. */
  readonly parentEvent: string | null;
  readonly forkEvent: string | null;
}

/** What promoting a fork would do: the changes, and every conflict. */
export interface PromotionPlan {
  readonly fork: string;
  readonly parent: string;
  /** Id of the last event that the two share; `null` for a fork from before the first event. */
  readonly atEvent: string | null;
  /** Changes of the fork up to this place of its log were promoted before, or are the parent's own. */
  readonly sinceSeq: number;
  readonly forkHead: { readonly seq: number; readonly hash: string };
  readonly created: readonly PromotedObject[];
  readonly patched: readonly PromotedPatch[];
  readonly removed: readonly PromotedRemoval[];
  readonly relationsCreated: readonly PromotedRelation[];
  readonly relationsRemoved: readonly PromotedRemoval[];
  readonly conflicts: readonly PromotionConflict[];
}

/** What promoting a fork did to its parent. */
export interface Promotion {
  readonly plan: PromotionPlan;
  readonly by: string;
  /** Id of the `promote.applied` event; `null` when there was nothing to promote. */
  readonly eventId: string | null;
}

/** Whether promoting would change nothing. */
export function isEmptyPlan(plan: PromotionPlan): boolean {
  const { created, patched, removed, relationsCreated, relationsRemoved, conflicts } = plan;
  return [created, patched, removed, relationsCreated, relationsRemoved, conflicts].every(
    ({ length }) => length === 0,
  );
}
