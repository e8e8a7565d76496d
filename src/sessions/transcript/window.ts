/** Decides how much of a transcript an agent is told again: its end, in whole messages, with everything counted that is sent. */
import type { AgentMessage } from '../agents/port.ts';
import { sessionError } from '../errors/session-error.ts';

/** Every bound that is given holds. */
export interface TranscriptWindow {
  readonly maxMessages?: number;
  readonly maxChars?: number;
  /** Counted as four characters each. */
  readonly maxTokensApprox?: number;
}

/** How many characters are taken for a token where nobody counted. */
export const charsPerToken = 4;
/** What stands in when no bound of characters is given: about 100,000 tokens. */
export const defaultMaxChars = 400_000;

/** The longest end of the transcript that keeps every bound. Throws `ValidationError` for a bound that is no count. */
export function transcriptEnd<Message extends AgentMessage>(
  messages: readonly Message[],
  window: TranscriptWindow = {},
): readonly Message[] {
  const { maxMessages = Number.POSITIVE_INFINITY, maxChars, maxTokensApprox } = window;
  for (const [field, bound] of Object.entries(window)) checkBound(field, bound);
  const bounds = [
    ...(maxChars === undefined ? [] : [maxChars]),
    ...(maxTokensApprox === undefined ? [] : [maxTokensApprox * charsPerToken]),
  ];
  const budget = bounds.length === 0 ? defaultMaxChars : Math.min(...bounds);
  let from = messages.length;
  let used = 0;
  while (from > 0 && messages.length - from < maxMessages) {
    const message = messages[from - 1];
    used += message === undefined ? 0 : charactersOf(message);
    if (used > budget) break;
    from -= 1;
  }
  return messages.slice(from);
}

/** What a message takes: its text, the name of its tool, and what went into the tool and came out of it. */
export function charactersOf({ content, toolName, toolInput, toolOutput }: AgentMessage): number {
  const payload = (value: AgentMessage['toolInput']): number =>
    value === undefined || value === null ? 0 : JSON.stringify(value).length;
  return (content ?? '').length + (toolName ?? '').length + payload(toolInput) + payload(toolOutput);
}

function checkBound(field: string, bound: unknown): void {
  if (bound === undefined || (typeof bound === 'number' && Number.isSafeInteger(bound) && bound >= 0)) return;
  throw sessionError('validation_error', `${field} of a window must be a whole number from 0`, {
    details: { field },
  });
}
