/** Decides how a person's decision on a proposal gets into a run, without the program that drives it. */
import {
  loadState,
  type LoadedRun,
  type PendingApproval,
  approvalIdOf,
  notPending,
} from '../runtime/index.ts';
import type { LogStore } from '../log/index.ts';
import type { Decision } from '../view/index.ts';
import { chooseRun } from './choose-run.ts';
import { sha256 } from './node-platform.ts';
import { load } from './open.ts';
import { withStore } from './with-store.ts';

/** What of a run waits for a person. */
export interface PendingApprovals {
  readonly runId: string;
  readonly isNewest: boolean;
  readonly approvals: readonly PendingApproval[];
}

/** An approval or refusal of what waits, by whom and why. */
export interface DecisionRequest {
  readonly runId?: string;
  /** `approval_001`, or its number. */
  readonly approvalId: string;
  readonly verdict: 'approve' | 'deny';
  readonly by: string;
  readonly reason?: string;
}

/** What waits for a decision in a run. Reads only. */
export async function listApprovals(
  url: string,
  options: { readonly runId?: string } = {},
): Promise<PendingApprovals> {
  return withStore(url, 'read', async (store) => {
    const { runId, isNewest, state } = await loadedRun(store, options.runId);
    return { runId, isNewest, approvals: [...state.approvals.values()] };
  });
}

/**
 * Grants or denies a proposal. The run is opened for writing without behaviors, so nothing reacts until its program loads it.
 * Rejects with `ApprovalNotFoundError`, with the store untouched, and with `RunOwnedError` while another process drives the run.
 */
export async function decideApproval(url: string, request: DecisionRequest): Promise<Decision> {
  const { verdict, by, reason = '' } = request;
  const { runId, approval } = await withStore(url, 'read', async (store) => pendingApproval(store, request));
  const common = { runId, approvalId: approval.id, objectType: approval.objectType, by, reason };
  const runtime = await load(url, { runId });
  try {
    if (verdict === 'approve') return { ...common, objectId: await runtime.approve(approval.id, { by }) };
    await runtime.deny(approval.id, { by, reason });
    return { ...common, objectId: null };
  } finally {
    await runtime.close();
  }
}

/** Looks before anything is opened for writing: a mistyped id leaves no trace. */
async function pendingApproval(
  store: LogStore,
  request: DecisionRequest,
): Promise<{ readonly runId: string; readonly approval: PendingApproval }> {
  const { runId, state } = await loadedRun(store, request.runId);
  const approval = state.approvals.get(approvalIdOf(request.approvalId));
  if (approval === undefined)
    throw await notPending(store, {
      runId,
      approvalId: request.approvalId,
      pending: [...state.approvals.keys()],
    });
  return { runId, approval };
}

async function loadedRun(
  store: LogStore,
  named: string | undefined,
): Promise<{ readonly runId: string; readonly isNewest: boolean; readonly state: LoadedRun['state'] }> {
  const { info, isNewest } = await chooseRun(store, named);
  const { state } = await loadState(store, info.id, { verifyWith: sha256 });
  return { runId: info.id, isNewest, state };
}
