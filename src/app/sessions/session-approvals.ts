/**
 * Decides how a person's word on what an agent wants to do is given from outside of the process that waits for it: found among all runs
 * that are under way, answered as an event of the session, and heard by the run that follows it.
 */
import { redactor } from '../../base/index.ts';
import { isSearchableStore, type LogStore } from '../../log/index.ts';
import { ApprovalNotFoundError } from '../../runtime/index.ts';
import {
  decideApproval,
  EventBuilder,
  pendingApprovals,
  sessionQuery,
  type SessionStore,
} from '../../sessions/index.ts';
import type { SessionDecision, ShownRequest } from '../../view/index.ts';
import { sha256 } from '../node-platform.ts';
import { withStore } from '../with-store.ts';
import { openSessionStore, systemMint } from './open-session-store.ts';
import { queryRef } from './query-ref.ts';
import { isInterrupted } from './run-owner.ts';

/** What waits in one session, or in all; none in a store that keeps no sessions. */
export async function approvalsInSessions(
  log: LogStore,
  sessionId?: string,
): Promise<readonly ShownRequest[]> {
  if (!isSearchableStore(log)) return [];
  const store = await openSessionStore(log);
  const ids = sessionId === undefined ? await sessionsAtWork(log) : [sessionId];
  const found: ShownRequest[] = [];
  for (const id of ids) {
    for (const request of await pendingApprovals({ store }, id))
      found.push({ ...request, isInterrupted: isInterrupted(await store.getRun(request.runId)) });
  }
  return found;
}

/** What is said of a request. */
export interface SessionWord {
  readonly verdict: 'approve' | 'deny';
  readonly by: string;
  readonly reason: string;
}

/** Rejects with `InvalidOperationError` when the other word was said before, and when nobody waits any more. */
export async function decideInSession(
  url: string,
  request: ShownRequest,
  { verdict, by, reason }: SessionWord,
): Promise<SessionDecision> {
  const { id, sessionId, runId, toolName, violationKind } = request;
  return withStore(url, 'write', async (log) => {
    const store: SessionStore = await openSessionStore(log);
    const builder = new EventBuilder({ mint: systemMint, sha256, redactor: redactor() });
    const decision = verdict === 'approve' ? 'granted' : 'denied';
    const word = { by, ...(reason === '' ? {} : { reason }) };
    await decideApproval({ store, builder }, sessionId, id, decision, word);
    return {
      ...{ sessionId, runId, approvalId: id, toolName, violationKind, by, reason },
      isInterrupted: request.isInterrupted,
      isGranted: verdict === 'approve',
    };
  });
}

/** The error of a request that nobody waits for. */
export function nobodyWaits(approvalId: string): Error {
  return new ApprovalNotFoundError({
    summary: `approval '${approvalId}' is not pending: no agent waits for it`,
    whatFailed: `'${approvalId}' was to be decided, and no run of an agent that is under way has asked for it.`,
    why: 'A request is answered once, while the run waits that has asked: a run that has ended, or began again, waits for nothing.',
    howToFix: 'List what is pending with `runlog approvals URL`.',
    context: { approval_id: approvalId },
  });
}

async function sessionsAtWork(log: LogStore): Promise<readonly string[]> {
  const query = sessionQuery(queryRef(log));
  const found = new Set<string>();
  for (let cursor: string | null = null; ;) {
    const page = await query.searchRuns({
      status: 'running',
      orderBy: 'started_at_asc',
      ...(cursor === null ? {} : { cursor }),
    });
    for (const { sessionId } of page.runs) found.add(sessionId);
    if (page.runs.length === 0 || page.cursor === null || page.cursor === cursor) return [...found];
    ({ cursor } = page);
  }
}
