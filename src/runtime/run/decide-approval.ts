/** Decides how somebody's decision on a proposal is written: once, for a proposal that is pending. */
import { formatInstant } from '../../base/index.ts';
import type { PendingApproval } from '../behavior.ts';
import type { Engine } from '../engine.ts';
import { approvalNotFound } from '../errors.ts';
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

function pendingIn({ state }: Engine, approvalId: string): PendingApproval {
  const approval = state.approvals.get(approvalIdOf(approvalId));
  if (approval === undefined) throw approvalNotFound({ approvalId, pending: [...state.approvals.keys()] });
  return approval;
}
