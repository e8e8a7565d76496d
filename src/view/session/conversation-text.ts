/** Decides how a session of an agent is read by a person and by a program: who, in which state, which runs, and what was said. */
import { isJsonObject, type JsonObject, type JsonValue, shellWord } from '../../base/index.ts';
import type { Session, SessionEvent, SessionStatus, TranscriptMessage } from '../../sessions/index.ts';
import { executionFields, executionLine, sessionFields, type ShownExecution } from './session-fields.ts';
import { type CommandNames, fillIn } from '../text/error-text.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { clean, cleanLines, cut, line } from '../text/printable.ts';
import { redactionNoteText } from '../text/redaction-note.ts';

/** A session with its runs and messages. */
export interface SessionParts {
  readonly session: Session;
  readonly runs: readonly ShownExecution[];
  readonly messages: readonly TranscriptMessage[];
}

/** How a conversation is written. */
export interface ConversationTextOptions {
  readonly paint?: Paint;
  /** Bounds the lines of tools; what was said is whole. */
  readonly columns?: number;
  /** What stands in the command that goes on behind an interrupted run. */
  readonly names?: CommandNames;
}

/** The lines that a person reads of a session with its messages. */
export function conversationText(
  { session, runs, messages }: SessionParts,
  options: ConversationTextOptions = {},
): readonly string[] {
  const { paint = plainPaint, columns = 160, names = {} } = options;
  const { id, agentId, status, tags } = session;
  return [
    `${paint('strong', clean(id))}  ${line`${agentId}  ${status}`}${tags.length === 0 ? '' : line`  tags: ${tags.join(', ')}`}`,
    ...runs.map(executionLine),
    ...runs.filter(({ isInterrupted }) => isInterrupted).map((run) => wayOn(session, run, names)),
    ...toldOnce(messages).flatMap((message) => ['', ...messageText(message, paint, columns)]),
  ];
}

/** What is typed to these agents at the command line. Without a list of commands it would be a shell, which the call before may not have had. */
const prompts: ReadonlyMap<string, { readonly limits: string; readonly prompt: string }> = new Map([
  ['claude', { limits: '', prompt: '"go on"' }],
  ['shell', { limits: '--allow echo ', prompt: 'echo go on' }],
]);

/** In another state a session takes no run. */
const takesRuns: readonly SessionStatus[] = ['pending', 'active'];

/** What ends an interrupted run: the next call of its agent, or its program where the command cannot call it. */
function wayOn(
  { id, agentId, status, deletedAt }: Session,
  run: ShownExecution,
  names: CommandNames,
): string {
  const typed = deletedAt === null && takesRuns.includes(status) ? prompts.get(agentId) : undefined;
  if (typed === undefined)
    return line`  In a program, \`manager.resumeRun('${run.id}'${memoryOf(run)})\` goes on with it, and \`manager.recover('${id}')\` ends it as failed.`;
  const call = `\`runlog agent run --agent ${agentId} ${typed.limits}--store URL --session ${shellWord(id)} -- ${typed.prompt}\``;
  const limits =
    'the --allow, --deny, --policy and --timeout of the call before are not kept: give them again';
  return `  ${clean(fillIn(call, names))} ends it as failed, and starts the next run; ${limits}.`;
}

/** A run is gone on with in the mode of the call that ended; the row of an older one does not say it. */
function memoryOf({ continuation }: ShownExecution): string {
  return continuation === null ? ", { continuation: 'auto' }" : '';
}

/** The lines that a person reads of a session event. */
export function sessionEventText({ sequenceNumber, timestamp, type, data, redacted }: SessionEvent): string {
  const body = redacted === undefined ? JSON.stringify(data) : `(${redactionNoteText(redacted)})`;
  return cut(line`${sequenceNumber ?? '-'}  ${timestamp}  ${type}  ${body}`, 400);
}

/** What `--json` prints of a session event. */
export function sessionEventJson(event: SessionEvent): JsonObject {
  const { id, type, timestamp, sessionId, runId, sequenceNumber, data, provider, redacted } = event;
  const place = { id, type, timestamp, session_id: sessionId, run_id: runId };
  const rest = redacted === undefined ? {} : { redacted: { ...redacted } };
  return { ...place, sequence_number: sequenceNumber, provider, data, ...rest };
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

/** An agent may stream what its command says, keep it as the answer of the tool, and send it as a message: a person reads it once. */
function toldOnce(messages: readonly TranscriptMessage[]): readonly TranscriptMessage[] {
  return messages.flatMap((message, index) => {
    const before = messages[index - 1];
    if (before?.runId !== message.runId || message.role !== 'tool') return [message];
    const { toolOutput, toolName, content } = message;
    if (toolOutput === undefined) {
      const isRepeated = toolName === undefined && content !== null && outputOf(before) === content;
      return isRepeated ? [] : [message];
    }
    if (before.role !== 'assistant' || before.content === null || outputOf(message) !== before.content)
      return [message];
    const { output: _told, ...rest } = isJsonObject(toolOutput) ? toolOutput : {};
    return Object.keys(rest).length === 0 ? [] : [{ ...message, toolOutput: rest }];
  });
}

/** What a tool said, where its answer is one that holds that. */
function outputOf({ toolOutput }: TranscriptMessage): JsonValue | undefined {
  return isJsonObject(toolOutput) ? toolOutput['output'] : undefined;
}

function messageText(message: TranscriptMessage, paint: Paint, columns: number): readonly string[] {
  const { role, content, toolName, toolInput, toolOutput } = message;
  const name = toolName ?? 'a tool';
  if (role === 'tool') return [cut(`${name} -> ${JSON.stringify(toolOutput ?? content)}`, columns)];
  if (content === null) return [cut(`${role} calls ${name} ${JSON.stringify(toolInput ?? {})}`, columns)];
  return [`${paint('name', clean(role))}:`, cleanLines(content)];
}
