/** Decides how a single run is kept, let go, or made to stand by itself. */
import { type LogInfo, runNotFound } from '../../log/index.ts';
import { takeOpenings } from '../../runtime/index.ts';
import { type KeptReason, pin, planRetention, type RetentionPolicy, unpin } from '../../upkeep/index.ts';
import { withStore } from '../with-store.ts';
import { candidatesAround } from './candidates.ts';
import { checkPolicy, choosesNothing, policyNames } from './checked-policy.ts';

/** Keeps a run from every policy until it is unpinned. Rejects with `RunNotFoundError`. */
export async function pinRun(url: string, runId: string, reason = ''): Promise<void> {
  await withStore(url, 'write', (store) => pin(store, runId, reason));
}

/** False when it was not pinned. Rejects with `RunNotFoundError`. */
export async function unpinRun(url: string, runId: string): Promise<boolean> {
  return withStore(url, 'write', (store) => unpin(store, runId));
}

/** A fork that stands on its own now, and how many events were copied for it. */
export interface Detached {
  readonly info: LogInfo;
  /** Events that were copied into it; 0 for a run that stood by itself. */
  readonly copied: number;
}

/**
 * Copies what a fork shares into it, and who drove it there, so that what it was forked from may go: it is driven as beside its parent, and
 * asks itself what that was answered behind the fork point. Rejects with `RunNotFoundError`.
 */
export async function detachRun(url: string, runId: string): Promise<Detached> {
  return withStore(url, 'write', async (store) => {
    const before = await store.info(runId);
    if (before === undefined) throw runNotFound({ logId: runId, operation: 'detach' });
    await takeOpenings(store, before);
    return { info: await store.detach(runId), copied: before.parent?.atSeq ?? 0 };
  });
}

/**
 * Why a policy keeps a run; empty when it lets it go. Without a policy, why `deleteRuns` with this run's id alone keeps it: then every
 * fork that reads it does. Rejects with `RunNotFoundError`.
 */
export async function whyKept(
  url: string,
  runId: string,
  policy: RetentionPolicy = {},
): Promise<readonly KeptReason[]> {
  checkPolicy('whyKept', policy, policyNames);
  return withStore(url, 'read', async (store) => {
    const { candidates, newerThan } = await candidatesAround(store, runId);
    if (!candidates.some(({ id }) => id === runId))
      throw runNotFound({ logId: runId, operation: 'why-kept' });
    const asked = choosesNothing(policy) ? { ids: [runId] } : policy;
    const { kept } = planRetention(candidates, asked, Date.now(), newerThan);
    return kept.find(({ id }) => id === runId)?.reasons ?? [];
  });
}
