/** Decides how a session of an agent is read by a person and by a program: who, in which state, which runs, and what was said. */
import type { JsonObject } from '../../base/index.ts';
import type { Execution, Session, SessionEvent, TranscriptMessage } from '../../sessions/index.ts';
import { executionFields, executionLine, sessionFields } from './session-fields.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { clean, cleanLines, cut, line } from '../text/printable.ts';

/** A session with its runs and messages. */
export interface SessionParts {
  readonly session: Session;
  readonly runs: readonly Execution[];
  readonly messages: readonly TranscriptMessage[];
}

/** `columns` bounds the lines of tools; what was said is whole. */
export function conversationText(
  { session, runs, messages }: SessionParts,
  options: { readonly paint?: Paint; readonly columns?: number } = {},
): readonly string[] {
  const { paint = plainPaint, columns = 160 } = options;
  const { id, agentId, status, tags } = session;
  return [
    `${paint('strong', clean(id))}  ${line`${agentId}  ${status}`}${tags.length === 0 ? '' : line`  tags: ${tags.join(', ')}`}`,
    ...runs.map(executionLine),
    ...messages.flatMap((message) => ['', ...messageText(message, paint, columns)]),
  ];
}

/** The lines that a person reads of a session event. */
export function sessionEventText({ sequenceNumber, timestamp, type, data }: SessionEvent): string {
  return cut(line`${sequenceNumber ?? '-'}  ${timestamp}  ${type}  ${JSON.stringify(data)}`, 400);
}

/** What `--json` prints of a session event. */
export function sessionEventJson(event: SessionEvent): JsonObject {
  const { id, type, timestamp, sessionId, runId, sequenceNumber, data, provider } = event;
  const place = { id, type, timestamp, session_id: sessionId, run_id: runId };
  return { ...place, sequence_number: sequenceNumber, provider, data };
}

/** What `--json` prints of a session with its messages. */
export function sessionPartsJson({ session, runs, messages }: SessionParts): JsonObject {
  return {
    session_id: session.id,
    ...sessionFields(session),
    runs: runs.map(executionFields),
    messages: messages.map(({ role, content, runId, toolName, toolInput, toolOutput }) => ({
      role,
      content,
      run_id: runId,
      ...(toolName === undefined ? {} : { tool_name: toolName }),
      ...(toolInput === undefined ? {} : { tool_input: toolInput }),
      ...(toolOutput === undefined ? {} : { tool_output: toolOutput }),
    })),
  };
}

function messageText(message: TranscriptMessage, paint: Paint, columns: number): readonly string[] {
  const { role, content, toolName, toolInput, toolOutput } = message;
  const name = toolName ?? 'a tool';
  if (role === 'tool') return [cut(`${name} -> ${JSON.stringify(toolOutput ?? content)}`, columns)];
  if (content === null) return [cut(`${role} calls ${name} ${JSON.stringify(toolInput ?? {})}`, columns)];
  return [`${paint('name', clean(role))}:`, cleanLines(content)];
}
