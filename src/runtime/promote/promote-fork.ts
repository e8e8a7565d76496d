/** Decides how a fork gets into its parent: read first, planned against the parent as it is then, refused as a whole or written as a whole. */
import { Overlay } from '../../graph/index.ts';
import { decodeEvent, type LogEvent, type LogStore } from '../../log/index.ts';
import { ElementCauses } from '../diff/element-causes.ts';
import type { Engine } from '../engine.ts';
import { loadState, type LoadStateOptions } from '../run/load-state.ts';
import { promoteConflict } from './errors.ts';
import { planPromotion } from './plan-promotion.ts';
import { checkGroup, groupSize } from '../run/batch.ts';
import { promoteIn, rehearsePromotion } from './promote-in.ts';
import type { Promotion, PromotionPlan } from './promotion.ts';
import { forkInfo, readFork } from './read-fork.ts';

export interface PromoteRequest {
  readonly store: LogStore;
  readonly forkId: string;
  readonly by: string;
  /** Runs between two events of the parent's loop; what it appends is durable when it resolves. */
  readonly command: <Result>(act: () => Result) => Promise<Result>;
}

/** Rejects with `PromoteConflictError`; nothing is written then. */
export async function promoteFork(engine: Engine, request: PromoteRequest): Promise<Promotion> {
  const { store, forkId, by, command } = request;
  for (;;) {
    const earlier = engine.state.promotions.get(forkId) ?? null;
    const fork = await readFork(store, forkId, engine.runId, earlier?.forkSeq ?? null);
    const promotion = await command(() => promoteIn(engine, fork, by));
    if (promotion === 'stale') continue;
    if (promotion.plan.conflicts.length > 0)
      throw promoteConflict(await withParentEvents(store, promotion.plan));
    return promotion;
  }
}

/**
 * What a promotion would do to the parent of a fork as both are stored; nothing is written. Conflicts stand in the plan. With
 * `verifyWith` the parent's hash chain is checked, and with `wantsGraph` its log is read once. Rejects with `RunNotFoundError`,
 * `PromoteLineageError`, and with `InvalidEventError` for more than one commit can take.
 */
export async function planPromotionOf(
  store: LogStore,
  forkId: string,
  options: Pick<LoadStateOptions, 'verifyWith' | 'wantsGraph'> = {},
): Promise<PromotionPlan> {
  const { parent } = await forkInfo(store, forkId);
  const { state, tables } = await loadState(store, parent.logId, options);
  const earlier = state.promotions.get(forkId) ?? null;
  const fork = await readFork(store, forkId, parent.logId, earlier?.forkSeq ?? null);
  const plan = planPromotion(fork, { graph: tables, counters: state.counters, earlier });
  if (plan.conflicts.length > 0) return withParentEvents(store, plan);
  const group = rehearsePromotion(plan, { graph: new Overlay(tables), counters: state.counters });
  checkGroup(parent.logId, groupSize(group));
  return plan;
}

/** Names the last event of the parent that touched what a conflict is about. */
async function withParentEvents(store: LogStore, plan: PromotionPlan): Promise<PromotionPlan> {
  if (plan.conflicts.length === 0) return plan;
  const { parent } = await forkInfo(store, plan.fork);
  const own: LogEvent[] = [];
  for await (const page of store.read(plan.parent, { after: parent.atSeq })) {
    for (const stored of page) own.push(decodeEvent(stored, plan.parent));
  }
  const causes = new ElementCauses(own, new Set(plan.conflicts.map(({ id }) => id)));
  const conflicts = plan.conflicts.map((conflict) => ({
    ...conflict,
    parentEvent: causes.of(conflict.id).at(-1)?.id ?? null,
  }));
  return { ...plan, conflicts };
}
