/**
 * Decides what was said in a session, from its events: one message for each text however many pieces it came in, and each call of a
 * tool with its answer. An agent that says at the end again what it said before a call is heard once.
 */
import { checkArguments, isJsonObject, type JsonValue } from '../../base/index.ts';
import type { AgentMessage } from '../agents/port.ts';
import type { SessionEvent } from '../model/session-event.ts';

/** A message of a transcript, and the event that it comes of. */
export interface TranscriptMessage extends AgentMessage {
  readonly runId: string | null;
  /** The event that ends the message. */
  readonly eventId: string;
  readonly sequenceNumber: number | null;
  readonly timestamp: string;
}

/** What one run has said and not yet ended. */
interface Speech {
  pieces: string;
  last: SessionEvent | null;
  /** Texts that were ended by a call of a tool, since the agent last told a whole message. */
  before: readonly string[];
}

const waitingForApproval = '[this call waits until a person approves it]';
const runEnds: readonly string[] = ['run_completed', 'run_failed', 'run_cancelled', 'run_timeout'];

/** Takes events in their order, and gives the messages so far. */
export class TranscriptBuilder {
  #messages: TranscriptMessage[] = [];
  readonly #speeches = new Map<string | null, Speech>();
  /** The events of what runs were asked. */
  readonly #input = new Set<string>();
  /** What stands for the answers that wait for a person, by run and call. */
  readonly #waiting = new Map<string, TranscriptMessage>();

  /** `answer` is what the run returned and did not tell that ends with the event: no event has it. */
  add(event: SessionEvent, answer: string | null = null): void {
    const { type, data, runId } = event;
    // Of a call that was redacted not even the name of the tool is left.
    if (event.redacted !== undefined && type.startsWith('tool_call_')) this.#endPieces(runId);
    else if (type === 'message_streamed') this.#hear(event);
    else if (type === 'message_received') this.#receive(event);
    else if (type === 'message_sent') {
      this.#endPieces(runId);
      this.#say(event, roleOf(data['role'], 'user'), textOf(data['content']));
      this.#input.add(event.id);
    } else if (type === 'tool_call_started') this.#call(event);
    else if (type === 'tool_call_completed' || type === 'tool_call_failed') {
      this.#answer(event, data['tool_output'] ?? null);
    } else if (type === 'tool_approval_requested') this.#wait(event);
    else if (type === 'error_occurred' && typeof data['failover_to'] === 'string') this.#forget(runId);
    else if (type === 'error_recovered') {
      // The run begins again: what was half said is said anew.
      this.#speeches.delete(runId);
    } else if (runEnds.includes(type)) {
      this.#endPieces(runId);
      this.#speeches.delete(runId);
      if (answer !== null) this.#say(event, 'assistant', answer);
    }
  }

  /** The messages; a text that is still being said is the last of its run. */
  messages(): readonly TranscriptMessage[] {
    const open = [...this.#speeches.values()].flatMap(({ pieces, last }) =>
      pieces === '' || last === null ? [] : [messageOf(last, 'assistant', pieces)],
    );
    return [...this.#messages, ...open];
  }

  #speechOf(runId: string | null): Speech {
    const known = this.#speeches.get(runId) ?? { pieces: '', last: null, before: [] };
    this.#speeches.set(runId, known);
    return known;
  }

  #hear(event: SessionEvent): void {
    const { delta, content } = event.data;
    const speech = this.#speechOf(event.runId);
    speech.pieces += typeof delta === 'string' ? delta : textOf(content);
    speech.last = event;
  }

  #receive(event: SessionEvent): void {
    const role = roleOf(event.data['role'], 'assistant');
    const content = textOf(event.data['content']);
    if (role !== 'assistant') {
      this.#endPieces(event.runId);
      this.#say(event, role, content);
      return;
    }
    const { pieces, before } = this.#speechOf(event.runId);
    this.#speeches.delete(event.runId);
    this.#say(event, role, withoutRepeated(content === '' ? pieces : content, before));
  }

  #call(event: SessionEvent): void {
    const { tool_call_id: id, tool_name: name, tool_input: input } = event.data;
    this.#endPieces(event.runId);
    this.#messages.push({
      ...messageOf(event, 'assistant', null),
      toolCallId: typeof id === 'string' ? id : null,
      toolName: typeof name === 'string' ? name : null,
      toolInput: isJsonObject(input) ? input : null,
    });
  }

  /** Another agent does the run from its beginning: what the one before it said is not said. */
  #forget(runId: string | null): void {
    this.#speeches.delete(runId);
    this.#messages = this.#messages.filter(
      (message) => message.runId !== runId || this.#input.has(message.eventId),
    );
  }

  /** A request for more than a call of a tool is no part of what was said. */
  #wait(event: SessionEvent): void {
    const { tool_call_id: id } = event.data;
    if (typeof id !== 'string') return;
    this.#answer(event, waitingForApproval);
    const message = this.#messages.at(-1);
    if (message !== undefined) this.#waiting.set(callKey(event.runId, id), message);
  }

  /** An answer takes the place of the wait for it. */
  #answer(event: SessionEvent, output: JsonValue): void {
    const { tool_call_id: id, tool_name: name } = event.data;
    this.#endPieces(event.runId);
    const waiting = this.#waiting.get(callKey(event.runId, id));
    if (waiting !== undefined) {
      this.#waiting.delete(callKey(event.runId, id));
      this.#messages.splice(this.#messages.lastIndexOf(waiting), 1);
    }
    this.#messages.push({
      ...messageOf(event, 'tool', null),
      toolCallId: typeof id === 'string' ? id : null,
      toolName: typeof name === 'string' ? name : null,
      toolOutput: output,
    });
  }

  #endPieces(runId: string | null): void {
    const speech = this.#speeches.get(runId);
    if (speech === undefined || speech.pieces === '' || speech.last === null) return;
    this.#say(speech.last, 'assistant', speech.pieces);
    speech.before = [...speech.before, speech.pieces];
    speech.pieces = '';
  }

  #say(event: SessionEvent, role: AgentMessage['role'], content: string): void {
    if (content !== '') this.#messages.push(messageOf(event, role, content));
  }
}

function callKey(runId: string | null, callId: JsonValue | undefined): string {
  return JSON.stringify([runId, callId ?? null]);
}

/** The messages of these events, which stand in their order. What a run returned and did not tell is in no event: `readTranscript` has it. */
export function transcriptOf(events: Iterable<SessionEvent>): readonly TranscriptMessage[] {
  checkArguments('transcriptOf', { events: [events, 'iterable'] });
  const builder = new TranscriptBuilder();
  for (const event of events) builder.add(event);
  return builder.messages();
}

/** What a whole message adds to the texts that were heard before: all of it, unless it begins with every one of them. */
function withoutRepeated(content: string, before: readonly string[]): string {
  let rest = content;
  for (const text of before) {
    const found = rest.trimStart();
    if (!found.startsWith(text.trim())) return before.includes(content) ? '' : content;
    rest = found.slice(text.trim().length);
  }
  return before.length === 0 ? rest : rest.trimStart();
}

function messageOf(
  event: SessionEvent,
  role: AgentMessage['role'],
  content: string | null,
): TranscriptMessage {
  const { id, runId, sequenceNumber, timestamp } = event;
  return { role, content, runId, eventId: id, sequenceNumber, timestamp };
}

function roleOf(role: JsonValue | undefined, otherwise: AgentMessage['role']): AgentMessage['role'] {
  return role === 'system' || role === 'user' || role === 'assistant' || role === 'tool' ? role : otherwise;
}

/** Blocks of a vendor are written as JSON, so that nothing that was said is left out. */
function textOf(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  return content === undefined || content === null ? '' : JSON.stringify(content);
}
