/**
 * Decides how a person's word reaches a run that waits for it: as an event of the session, under an id that follows from the request,
 * so that the first word counts, whoever says it and in whichever process.
 */
import {
  checkArguments,
  type CancelSignal,
  type JsonObject,
  type JsonValue,
  shellWord,
} from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { contextOf } from './session-events.ts';
import { followSession } from './follow-session.ts';
import { isTaking } from './past/heard-facts.ts';
import type { Parts } from './parts.ts';

/** A run that waits. */
export interface ApprovalRequest {
  /** The id of its `tool_approval_requested`. */
  readonly id: string;
  readonly sessionId: string;
  readonly runId: string;
  /** The agent that waits. */
  readonly provider: string | null;
  /** Empty where a limit was passed, and not by a tool. */
  readonly toolName: string;
  readonly toolCallId: string | null;
  readonly toolInput: JsonValue;
  readonly policyName: string;
  readonly violationKind: string;
  /** What was passed or denied, as in `policy_violation`. */
  readonly details: JsonValue;
  readonly askedAt: string;
}

/** Who decided, and why; both for the log. */
export interface ApprovalWord {
  readonly by?: string;
  readonly reason?: string;
}

type Decision = 'granted' | 'denied';

/** What is needed to answer: no agent. */
export type ApprovalParts = Pick<Parts, 'store' | 'builder'>;

/** What waits in a session now, in the order in which it was asked. */
export async function pendingApprovals(
  parts: Pick<Parts, 'store'>,
  sessionId: string,
): Promise<readonly ApprovalRequest[]> {
  checkArguments('pendingApprovals', { parts: [parts, 'with store'], sessionId: [sessionId, 'text'] });
  const { store } = parts;
  const found: ApprovalRequest[] = [];
  for (const { id: runId } of await store.listRuns(sessionId, { status: 'running' })) {
    const asked = await store.getEvents(sessionId, { runId, type: 'tool_approval_requested' });
    if (asked.length === 0) continue;
    const granted = await store.getEvents(sessionId, { runId, type: 'tool_approval_granted' });
    const denied = await store.getEvents(sessionId, { runId, type: 'tool_approval_denied' });
    // A run that began again asks again: nobody waits for what it asked before.
    const begun = await store.getEvents(sessionId, { runId, type: 'error_recovered' });
    const since = Math.max(0, ...begun.filter(isTaking).map(({ sequenceNumber }) => sequenceNumber ?? 0));
    const decided = new Set([...granted, ...denied].map(({ data }) => data['request_id']));
    const open = asked.filter(({ id, sequenceNumber }) => !decided.has(id) && (sequenceNumber ?? 0) > since);
    found.push(...open.map((event) => requestOf(event, runId)));
  }
  return found;
}

/**
 * Says it. The same word again changes nothing. Rejects with `InvalidOperationError` when the other word was said before, or when
 * nobody waits.
 */
export async function decideApproval(
  parts: ApprovalParts,
  sessionId: string,
  requestId: string,
  decision: Decision,
  word: ApprovalWord,
): Promise<SessionEvent> {
  checkArguments('decideApproval', {
    parts: [parts, 'with store'],
    sessionId: [sessionId, 'text'],
    requestId: [requestId, 'text'],
    decision: [decision, 'text'],
    word: [word, 'object'],
  });
  const { by, reason } = word;
  const session = await parts.store.getSession(sessionId);
  const asked = (await pendingApprovals(parts, sessionId)).find(({ id }) => id === requestId);
  if (asked === undefined) return saidBefore(parts, sessionId, requestId, decision);
  const data: JsonObject = {
    request_id: requestId,
    tool_name: asked.toolName,
    tool_call_id: asked.toolCallId,
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
  };
  const raw = { id: `${requestId}_decision`, type: `tool_approval_${decision}`, data };
  const { event } = parts.builder.build(raw, contextOf(session, asked.runId, asked.provider));
  try {
    return await parts.store.appendEventWithSequence(event);
  } catch (error) {
    // Somebody else was faster: then the log has their word.
    return saidBefore(parts, sessionId, requestId, decision, error);
  }
}

/** Resolves with what was said, or with `null` when the signal was given first. A store that is away is asked again. */
export async function awaitDecision(
  { store, platform }: Parts,
  request: SessionEvent,
  signal: CancelSignal,
): Promise<SessionEvent | null> {
  const { sessionId, runId, sequenceNumber } = request;
  const only = { after: sequenceNumber ?? 0, ...(runId === null ? {} : { runId }) };
  while (!signal.aborted) {
    const followed = followSession(store, sessionId, platform, only);
    const leave = (): void => followed.close();
    signal.addEventListener('abort', leave, { once: true });
    try {
      for await (const event of followed) if (isDecision(event, request.id)) return event;
    } catch {
      // The lease is watched elsewhere: while it holds, this run still waits.
      await platform.sleep(askAgainMs, signal);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
  return null;
}

const askAgainMs = 250;

function isDecision({ type, data }: SessionEvent, requestId: string): boolean {
  const isOne = type === 'tool_approval_granted' || type === 'tool_approval_denied';
  return isOne && data['request_id'] === requestId;
}

async function saidBefore(
  { store }: Pick<Parts, 'store'>,
  sessionId: string,
  requestId: string,
  decision: Decision,
  cause?: unknown,
): Promise<SessionEvent> {
  for (const type of ['tool_approval_granted', 'tool_approval_denied'] as const) {
    const said = (await store.getEvents(sessionId, { type })).find((event) => isDecision(event, requestId));
    if (said?.type === `tool_approval_${decision}`) return said;
    if (said !== undefined) {
      throw sessionError('invalid_operation', `request '${requestId}' was answered before: ${type}`, {
        details: { session_id: sessionId, request_id: requestId, answer: type },
        howToFix: 'The first answer counts; start a new run to ask again.',
        cause,
      });
    }
  }
  throw sessionError('invalid_operation', `no run of session '${sessionId}' waits for '${requestId}'`, {
    details: { session_id: sessionId, request_id: requestId },
    howToFix: `Ask which requests wait: \`runlog approvals URL --run-id ${shellWord(sessionId)}\`, or \`pendingApprovals\` in a program.`,
    cause,
  });
}

function requestOf(
  { id, sessionId, provider, data, timestamp }: SessionEvent,
  runId: string,
): ApprovalRequest {
  const text = (key: string): string | null => {
    const value = data[key];
    return typeof value === 'string' ? value : null;
  };
  return {
    id,
    sessionId,
    runId,
    provider,
    toolName: text('tool_name') ?? '',
    toolCallId: text('tool_call_id'),
    toolInput: data['tool_input'] ?? null,
    policyName: text('policy_name') ?? '',
    violationKind: text('violation_kind') ?? '',
    details: data['details'] ?? null,
    askedAt: timestamp,
  };
}
