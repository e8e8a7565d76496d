/** Decides what an agent that takes one text is told: what was said before, and then the input of the run. */
import { isJsonArray, isJsonObject, type JsonValue } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { AgentMessage } from './port.ts';

/**
 * The text of an input: a text itself, `{ prompt }`, or the user's part of `{ messages: [{ role, content }] }`. Throws
 * `InvalidInputError` for anything else, and for one that says nothing.
 */
export function agentPrompt(input: JsonValue, transcript: readonly AgentMessage[] = []): string {
  const text = textOf(input);
  if (text === null || text.trim() === '')
    throw sessionError('invalid_input', 'the input of the run says nothing');
  if (transcript.length === 0) return text;
  return `This was said before:\n\n${transcript.map(lineOf).join('\n')}\n\nGo on with this:\n\n${text}`;
}

function textOf(input: JsonValue): string | null {
  if (typeof input === 'string') return input;
  if (!isJsonObject(input)) return null;
  const { prompt, messages } = input;
  if (typeof prompt === 'string') return prompt;
  if (messages === undefined || !isJsonArray(messages)) return null;
  const contents = messages.flatMap((message) =>
    isJsonObject(message) && (message['role'] ?? 'user') === 'user' && typeof message['content'] === 'string'
      ? [message['content']]
      : [],
  );
  return contents.join('\n\n');
}

function lineOf({ role, content, toolName, toolCallId, toolInput, toolOutput }: AgentMessage): string {
  if (role === 'tool') return `tool_result(${toolCallId ?? ''}): ${JSON.stringify(toolOutput ?? content)}`;
  const called = typeof toolName === 'string';
  const call = called
    ? `tool_call(${toolCallId ?? ''}): ${toolName} ${JSON.stringify(toolInput ?? null)}`
    : '';
  return `${role}: ${[content ?? '', call].filter((part) => part !== '').join(' ')}`;
}
