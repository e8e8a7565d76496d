/** Decides what becomes of a proposal: granted, and the object is there with its approver's name; or denied, with a reason. */
import { deepFreeze, isJsonObject, numberedId, objectId } from '../../base/index.ts';
import { type DeclaredTypes, type Draft, draft } from '../../graph/index.ts';
import type { LogEvent } from '../../log/index.ts';
import type { PendingApproval } from '../behavior.ts';

/** The events of a grant. The object is caused by the grant, which stands right before it at `grantEventId`. */
export function grant(
  approval: PendingApproval,
  by: string,
  made: {
    readonly objectNumber: number;
    readonly grantEventId: string;
    readonly frameId: string | null;
    readonly timestamp: string;
    readonly types: DeclaredTypes;
  },
): { readonly drafts: readonly Draft[]; readonly objectId: string } {
  const id = objectId(approval.objectType, made.objectNumber);
  const provenance = {
    created_by: by,
    caused_by_event: made.grantEventId,
    frame_id: made.frameId,
    timestamp: made.timestamp,
    evidence: [approval.eventId],
  };
  const object = {
    id,
    type: approval.objectType,
    data: made.types.checkObject(approval.objectType, approval.data),
    version: 1,
    provenance,
  };
  return {
    objectId: id,
    drafts: [
      draft({
        type: 'approval.granted',
        payload: {
          approval_id: approval.id,
          object_type: approval.objectType,
          approved_by: by,
          object_id: id,
        },
        actor: 'runtime',
        causedBy: approval.eventId,
        subject: approval.id,
      }),
      draft({
        type: 'object.created',
        payload: { object, id },
        actor: by,
        causedBy: made.grantEventId,
        subject: id,
      }),
    ],
  };
}

/** The proposal in an `approval.proposed` event; `null` when its payload does not say of what. Frozen. */
export function approvalOf(event: LogEvent): PendingApproval | null {
  const { approval_id: id, object_type: objectType, data, reason, pack } = event.payload;
  if (typeof id !== 'string' || typeof objectType !== 'string') return null;
  return deepFreeze({
    id,
    objectType,
    data: isJsonObject(data) ? data : {},
    reason: typeof reason === 'string' ? reason : '',
    pack: typeof pack === 'string' ? pack : null,
    eventId: event.id,
  });
}

export function deny(approval: PendingApproval, by: string, reason: string): Draft {
  return draft({
    type: 'approval.denied',
    payload: { approval_id: approval.id, object_type: approval.objectType, denied_by: by, reason },
    actor: 'runtime',
    causedBy: approval.eventId,
    subject: approval.id,
  });
}

/** `1`, `001` and `approval_001` all name the first approval of a run. */
export function approvalIdOf(text: string): string {
  return /^\d{1,9}$/.test(text) ? numberedId('approval', Number(text)) : text;
}
