/**
 * Decides how a person's decision gets into a run without the program that drives it: on a proposal of a graph's run, which goes on when
 * its program loads it, or on what an agent wants to do, whose run waits.
 */
import { checkArguments, checkedOptions, checkOptionNames } from '../base/index.ts';
import {
  loadState,
  type LoadedRun,
  type PendingApproval,
  approvalIdOf,
  notPending,
} from '../runtime/index.ts';
import type { LogStore } from '../log/index.ts';
import type { Decision, SessionDecision, ShownRequest } from '../view/index.ts';
import { chooseLog, chooseRun } from './choose-run.ts';
import { sha256 } from './node-platform.ts';
import { load } from './open.ts';
import { checkOptionValue } from './option-value.ts';
import { approvalsInSessions, decideInSession, nobodyWaits } from './sessions/session-approvals.ts';
import { withStore } from './with-store.ts';

/** What of a run waits for a person. */
export interface PendingApprovals {
  /** The run of a graph that was looked at; `null` where only sessions were. */
  readonly runId: string | null;
  readonly isNewest: boolean;
  readonly approvals: readonly PendingApproval[];
  /** What waits in sessions of agents. */
  readonly ofAgents: readonly ShownRequest[];
}

/** An approval or refusal of what waits, by whom and why. */
export interface DecisionRequest {
  /** A run of a graph, or a session. */
  readonly runId?: string;
  /** `approval_001`, or its number; the id of the request of an agent. */
  readonly approvalId: string;
  readonly verdict: 'approve' | 'deny';
  readonly by: string;
  readonly reason?: string;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const listNames: readonly string[] = Object.keys({ runId: true } satisfies Record<
  keyof NonNullable<Parameters<typeof listApprovals>[1]>,
  true
>);
/** The name of every part of a request: one that is missing here does not compile. */
const requestNames: readonly string[] = Object.keys({
  runId: true,
  approvalId: true,
  verdict: true,
  by: true,
  reason: true,
} satisfies Record<keyof DecisionRequest, true>);
/** Every verdict: one that is missing here does not compile. */
const verdicts: readonly string[] = Object.keys({ approve: true, deny: true } satisfies Record<
  DecisionRequest['verdict'],
  true
>);

/**
 * What waits for a decision: in the run of a graph that was made last and in all sessions, or in the run or the session that is named.
 * Reads only.
 */
export async function listApprovals(
  url: string,
  options: { readonly runId?: string } = {},
): Promise<PendingApprovals> {
  checkOptionNames('listApprovals', checkedOptions('listApprovals', options), listNames);
  return withStore(url, 'read', async (store) => {
    const { info, isNewest } = await chooseLog(store, options.runId);
    const isOfAgent = info.kind === 'session';
    const only = options.runId !== undefined && isOfAgent ? options.runId : undefined;
    const ofAgents = options.runId === undefined || isOfAgent ? await approvalsInSessions(store, only) : [];
    if (isOfAgent) return { runId: null, isNewest, approvals: [], ofAgents };
    const { state } = await loadedRun(store, info.id);
    return { runId: info.id, isNewest, approvals: [...state.approvals.values()], ofAgents };
  });
}

/**
 * Grants or denies a proposal, or what an agent waits for. The run of a graph is opened for writing without behaviors, so nothing reacts
 * until its program loads it; that of an agent goes on at once.
 * Rejects with `ApprovalNotFoundError`, with the store untouched, and with `RunOwnedError` while another process drives the run.
 */
export async function decideApproval(
  url: string,
  request: DecisionRequest,
): Promise<Decision | SessionDecision> {
  checkArguments('decideApproval', { url: [url, 'text'], request: [request, 'object'] });
  checkOptionNames('decideApproval', request, requestNames);
  const { verdict, by, reason = '' } = request;
  checkOptionValue('decideApproval', 'verdict', verdict, verdicts);
  const asked = await withStore(url, 'read', async (store) => requestOfAgent(store, request));
  if (asked !== null) return decideInSession(url, asked, { verdict, by, reason });
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

/** `null` for what is no request of an agent. Rejects when it names a session in which nothing of that id waits. */
async function requestOfAgent(
  store: LogStore,
  { runId, approvalId }: DecisionRequest,
): Promise<ShownRequest | null> {
  const isNumbered = /^(?:approval_)?\d+$/.test(approvalId);
  if (runId === undefined && isNumbered) return null;
  const { info } = await chooseLog(store, runId);
  if (runId !== undefined && info.kind !== 'session') return null;
  const waiting = await approvalsInSessions(store, runId);
  const found = waiting.find(({ id }) => id === approvalId);
  if (found === undefined && info.kind === 'session') throw nobodyWaits(approvalId);
  return found ?? null;
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
