/** Decides how a fork is promoted without the program of its parent: looked at first, then the parent is opened for writing. */
import { checkArguments, checkOptionNames } from '../base/index.ts';
import type { LogStore } from '../log/index.ts';
import {
  loadState,
  planPromotionOf,
  promoteConflict,
  type Promotion,
  type PromotionPlan,
} from '../runtime/index.ts';
import { nodePlatform, sha256 } from './node-platform.ts';
import { load } from './open.ts';
import { withStore } from './with-store.ts';

/** The fork to be promoted, and by whom. */
export interface PromoteRequest {
  /** The fork; what it is promoted into is its parent. */
  readonly runId: string;
  /** Who promotes; `user` without it. The history of the parent keeps it. */
  readonly by?: string;
}

/** The name of every part of a request: one that is missing here does not compile. */
const requestNames: readonly string[] = Object.keys({ runId: true, by: true } satisfies Record<
  keyof PromoteRequest,
  true
>);

/**
 * What a promotion would do. Reads only. Rejects with `PromoteConflictError`, whose context has the conflicts, with
 * `PromoteLineageError` and with `RunNotFoundError`.
 */
export async function planPromotion(url: string, request: PromoteRequest): Promise<PromotionPlan> {
  checkArguments('planPromotion', { url: [url, 'text'], request: [request, 'with runId'] });
  checkOptionNames('planPromotion', request, requestNames);
  const { runId } = request;
  return withStore(url, 'read', async (store) => checkedPlan(store, runId));
}

/**
 * Promotes a fork into its parent, which is opened without behaviors and packs: nothing reacts until its program loads it, and
 * no schema or policy of a pack is checked. Rejects like `planPromotion`, with the store untouched, and with `RunOwnedError`.
 */
export async function promoteFork(url: string, request: PromoteRequest): Promise<Promotion> {
  checkArguments('promoteFork', { url: [url, 'text'], request: [request, 'object'] });
  checkOptionNames('promoteFork', request, requestNames);
  const { parent } = await planPromotion(url, request);
  const runtime = await load(url, { runId: parent });
  try {
    return await runtime.promote(request.runId, { by: request.by ?? 'user' });
  } finally {
    await runtime.close();
  }
}

async function checkedPlan(store: LogStore, forkId: string): Promise<PromotionPlan> {
  // What is damaged must not come into a sound run.
  await loadState(store, forkId, { verifyWith: sha256 });
  const plan = await planPromotionOf(store, forkId, { verifyWith: sha256, wantsGraph: nodePlatform });
  if (plan.conflicts.length > 0) throw promoteConflict(plan);
  return plan;
}
