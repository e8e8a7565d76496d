/** Decides how proposals that wait for somebody's decision are listed, and how a decision is confirmed. */
import type { JsonObject } from '../../base/index.ts';
import type { PendingApproval } from '../../runtime/index.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { clean, cut, line } from '../text/printable.ts';

/** What `--json` prints of an approval. */
export function approvalToJson({ id, objectType, reason, pack, eventId, data }: PendingApproval): JsonObject {
  return { approval_id: id, object_type: objectType, reason, pack, event_id: eventId, data };
}

/** `columns` bounds the length of a line of data; the JSON form has all of it. */
export function approvalsText(
  approvals: readonly PendingApproval[],
  options: { readonly paint?: Paint; readonly columns?: number } = {},
): readonly string[] {
  const { paint = plainPaint, columns = 160 } = options;
  if (approvals.length === 0) return ['(nothing waits for a decision in this run)'];
  return [
    `waiting for a decision (${approvals.length}):`,
    ...approvals.flatMap(({ id, objectType, reason, pack, eventId, data }) => [
      `  ${paint('strong', clean(id))}  ${line`${objectType}${pack === null ? '' : `  pack=${pack}`}  (${eventId})`}`,
      ...(reason === '' ? [] : [`    ${cut(line`reason: ${reason}`, columns - 4)}`]),
      ...Object.entries(data).map(([name, value]) => {
        const shown = typeof value === 'string' ? value : JSON.stringify(value);
        return `    ${cut(line`${name}: ${shown}`, columns - 4)}`;
      }),
    ]),
  ];
}

/** A proposal that has just been decided. */
export interface Decision {
  readonly runId: string;
  readonly approvalId: string;
  readonly objectType: string;
  readonly by: string;
  /** The object that a grant made; `null` for a denial. */
  readonly objectId: string | null;
  readonly reason: string;
}

/** What `--json` prints of a decision. */
export function decisionToJson({
  runId,
  approvalId,
  objectType,
  by,
  objectId,
  reason,
}: Decision): JsonObject {
  const common = { run_id: runId, approval_id: approvalId, object_type: objectType };
  return objectId === null
    ? { ...common, denied_by: by, reason }
    : { ...common, approved_by: by, object_id: objectId };
}

/** The lines that a person reads of a decision. */
export function decisionText({
  runId,
  approvalId,
  objectType,
  by,
  objectId,
  reason,
}: Decision): readonly string[] {
  return objectId === null
    ? [
        line`denied ${approvalId} (${objectType}) by ${by}${reason === '' ? '' : `: ${reason}`}`,
        line`run ${runId}`,
      ]
    : [
        line`approved ${approvalId} by ${by} -> ${objectId}`,
        line`run ${runId} goes on when its program loads it`,
      ];
}
