/** Decides how what an agent waits for is listed, and how a person's word on it is confirmed. */
import { isJsonObject, type JsonObject } from '../../base/index.ts';
import type { ApprovalRequest } from '../../sessions/index.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { clean, cut, line } from '../text/printable.ts';

/** A request, and whether somebody waits for the answer. */
export interface ShownRequest extends ApprovalRequest {
  /** True when the process of its run is gone. */
  readonly isInterrupted: boolean;
}

/** What `--json` prints of what an agent waits for. */
export function sessionApprovalToJson(request: ShownRequest): JsonObject {
  return {
    approval_id: request.id,
    session_id: request.sessionId,
    run_id: request.runId,
    interrupted: request.isInterrupted,
    agent: request.provider,
    tool_name: request.toolName,
    tool_call_id: request.toolCallId,
    tool_input: request.toolInput,
    policy: request.policyName,
    violation: request.violationKind,
    details: request.details,
    asked_at: request.askedAt,
  };
}

/** Nothing for none. `columns` bounds the length of a line of input; the JSON form has all of it. */
export function sessionApprovalsText(
  requests: readonly ShownRequest[],
  options: { readonly paint?: Paint; readonly columns?: number } = {},
): readonly string[] {
  const { paint = plainPaint, columns = 160 } = options;
  if (requests.length === 0) return [];
  return [
    `waiting for a decision in sessions of agents (${requests.length}):`,
    ...requests.flatMap((request) => {
      const { id, sessionId, runId, toolName, policyName, violationKind, toolInput, isInterrupted } = request;
      return [
        `  ${paint('strong', clean(id))}  ${line`${toolName === '' ? 'a limit' : toolName}  (session ${sessionId}, run ${runId})`}`,
        ...(isInterrupted ? [`    ${nobodyWaits(violationKind)}`] : []),
        `    ${cut(line`policy: ${policyName}, ${violationKind}`, columns - 4)}`,
        ...Object.entries(isJsonObject(toolInput) ? toolInput : {}).map(([name, value]) => {
          const shown = typeof value === 'string' ? value : JSON.stringify(value);
          return `    ${cut(line`${name}: ${shown}`, columns - 4)}`;
        }),
      ];
    }),
  ];
}

/** A limit that was let pass stays let pass; each denied tool is asked for again. */
function nobodyWaits(violationKind: string): string {
  const next =
    violationKind === 'budget_exceeded'
      ? 'A run that is resumed goes on behind a limit that was approved, and asks again otherwise'
      : 'A run that is resumed asks again';
  return `nobody waits for it: its run's process is gone. ${next}; the next call in its session ends it.`;
}

/** A person's word on what an agent waited for. */
export interface SessionDecision {
  readonly sessionId: string;
  readonly runId: string;
  readonly approvalId: string;
  /** True when the process of the run is gone: nobody waited for the word. */
  readonly isInterrupted: boolean;
  readonly violationKind: string;
  /** Empty where a limit was passed. */
  readonly toolName: string;
  readonly by: string;
  readonly isGranted: boolean;
  readonly reason: string;
}

/** What `--json` prints of the word. */
export function sessionDecisionToJson(decision: SessionDecision): JsonObject {
  const { sessionId, runId, approvalId, isInterrupted, toolName, by, isGranted, reason } = decision;
  const common = {
    ...{ session_id: sessionId, run_id: runId, approval_id: approvalId },
    ...{ interrupted: isInterrupted, tool_name: toolName },
  };
  return isGranted ? { ...common, approved_by: by } : { ...common, denied_by: by, reason };
}

/** The lines that a person reads of the word. */
export function sessionDecisionText(decision: SessionDecision): readonly string[] {
  const { sessionId, runId, approvalId, toolName, by, isGranted, reason } = decision;
  const what = line`${approvalId} (${toolName === '' ? 'a limit' : toolName}) by ${by}`;
  const said = isGranted ? `approved ${what}` : `denied ${what}${reason === '' ? '' : line`: ${reason}`}`;
  if (decision.isInterrupted) return [said, nobodyWaits(decision.violationKind)];
  return [said, line`run ${runId} of session ${sessionId} ${isGranted ? 'goes on' : 'ends'}`];
}
