/** Decides how a promotion reads, planned or done: what came into the parent, under which ids. */
import type { JsonObject } from '../../base/index.ts';
import { type Promotion, type PromotionPlan } from '../../runtime/index.ts';
import { line } from '../text/printable.ts';

/** A promotion that was planned and not carried out has no `eventId`, and nobody who did it. */
type Told = Pick<Promotion, 'plan'> & Partial<Pick<Promotion, 'eventId' | 'by'>>;

/** The lines that a person reads of a promotion. */
export function promotionText({ plan, eventId, by }: Told): readonly string[] {
  const { fork, parent } = plan;
  const changes = changeLines(plan);
  if (changes.length === 0) return [line`nothing to promote: ${parent} has what ${fork} changed`];
  if (eventId === undefined || eventId === null)
    return [line`would promote ${fork} into ${parent}:`, ...changes];
  return [
    line`promoted ${fork} into ${parent} by ${by ?? '?'} (${eventId}):`,
    ...changes,
    line`run ${parent} goes on when its program loads it`,
  ];
}

function changeLines({
  created,
  patched,
  removed,
  relationsCreated,
  relationsRemoved,
}: PromotionPlan): readonly string[] {
  return [
    ...created.map(({ forkId, id }) => line`  + ${id}${forkId === id ? '' : ` (${forkId} in the fork)`}`),
    ...patched.map(
      ({ id, set, unset }) =>
        line`  ~ ${id}: ${[...Object.keys(set), ...unset.map((name) => `without ${name}`)].join(', ')}`,
    ),
    ...removed.map(({ id }) => line`  - ${id}`),
    ...relationsCreated.map(
      ({ id, source, type, target }) => line`  + ${id} (${source} --${type}--> ${target})`,
    ),
    ...relationsRemoved.map(({ id }) => line`  - ${id}`),
  ];
}

/** What `--json` prints of a promotion. */
export function promotionToJson({ plan, eventId, by }: Told): JsonObject {
  const { created, patched, removed, relationsCreated, relationsRemoved, forkHead } = plan;
  return {
    fork: plan.fork,
    parent: plan.parent,
    at_event: plan.atEvent,
    since_seq: plan.sinceSeq,
    fork_head: { seq: forkHead.seq, hash: forkHead.hash },
    promoted_by: by ?? null,
    event_id: eventId ?? null,
    objects_created: created.map(({ forkId, id, type, data }) => ({ fork_id: forkId, id, type, data })),
    objects_patched: patched.map(({ forkId, id, set, unset }) => ({ fork_id: forkId, id, set, unset })),
    objects_removed: removed.map(({ forkId, id }) => ({ fork_id: forkId, id })),
    relations_created: relationsCreated.map(({ forkId, id, source, target, type, data }) => ({
      fork_id: forkId,
      id,
      source,
      target,
      type,
      data,
    })),
    relations_removed: relationsRemoved.map(({ forkId, id }) => ({ fork_id: forkId, id })),
  };
}
