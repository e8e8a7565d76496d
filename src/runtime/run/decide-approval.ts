/** Decides how somebody's decision on a proposal is written: once, for a proposal that is pending. */
import { formatInstant, type JsonObject, type StructuredError } from '../../base/index.ts';
import { decodeEvent, type LogStore, type StoredEvent } from '../../log/index.ts';
import type { PendingApproval } from '../behavior.ts';
import type { Engine } from '../engine.ts';
import { approvalNotFound, type PastDecision } from '../errors.ts';
import { approvalIdOf, deny, grant } from './approvals.ts';

/** The id of the object that comes of it. Throws `ApprovalNotFoundError`. */
export function approveIn(engine: Engine, approvalId: string, by: string): string {
  const { journal, state, types } = engine;
  const made = grant(pendingIn(engine, approvalId), by, {
    objectNumber: state.counters.object + 1,
    grantEventId: journal.nextEventId,
    frameId: journal.frameId,
    timestamp: formatInstant(journal.nowMs()),
    types,
  });
  journal.appendGroup(made.drafts);
  return made.objectId;
}

/** Throws `ApprovalNotFoundError`. */
export function denyIn(engine: Engine, approvalId: string, by: string, reason: string): void {
  engine.journal.appendGroup([deny(pendingIn(engine, approvalId), by, reason)]);
}

function pendingIn({ runId, state }: Engine, approvalId: string): PendingApproval {
  const approval = state.approvals.get(approvalIdOf(approvalId));
  if (approval !== undefined) return approval;
  throw approvalNotFound({ runId, approvalId, pending: [...state.approvals.keys()], decision: null });
}

/** Why an approval is not pending, as far as the log can tell: it was decided before, or never proposed. */
export async function notPending(
  store: LogStore,
  missed: { readonly runId: string; readonly approvalId: string; readonly pending: readonly string[] },
): Promise<StructuredError> {
  const id = approvalIdOf(missed.approvalId);
  const types = ['approval.granted', 'approval.denied'];
  for await (const page of store.read(missed.runId, { types, reverse: true })) {
    for (const stored of page) {
      const { payload } = decodeEvent(stored, missed.runId);
      if (payload['approval_id'] === id)
        return approvalNotFound({ ...missed, decision: decisionOf(stored, payload) });
    }
  }
  return approvalNotFound({ ...missed, decision: null });
}

function decisionOf({ id, type, timestamp }: StoredEvent, payload: JsonObject): PastDecision {
  const verdict = type === 'approval.granted' ? 'granted' : 'denied';
  const by = payload[verdict === 'granted' ? 'approved_by' : 'denied_by'];
  return { verdict, by: typeof by === 'string' ? by : 'somebody', eventId: id, timestamp };
}
