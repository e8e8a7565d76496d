/**
 * Decides which fields of a streamed event hold the piece of the message: `content` and `delta` where both say the same, or the
 * one that is there. An agent that repeats the whole text so far in `content` has its piece in `delta` alone.
 */
import { defineKey, type JsonObject, type JsonValue } from '../../base/index.ts';

export interface StreamedText {
  readonly text: string;
  readonly fields: readonly string[];
}

const both: readonly string[] = ['content', 'delta'];

/** `null` for an event that carries no piece of text. */
export function streamedTextOf({ content, delta }: JsonObject): StreamedText | null {
  if (typeof delta === 'string' && delta !== '') {
    return { text: delta, fields: content === delta ? both : ['delta'] };
  }
  return typeof content === 'string' && content !== '' ? { text: content, fields: ['content'] } : null;
}

/** The data with this text in these fields; each stays in its place. */
export function withText(data: JsonObject, fields: readonly string[], text: string): JsonObject {
  const changed: Record<string, JsonValue> = {};
  for (const key of Object.keys(data))
    defineKey(changed, key, fields.includes(key) ? text : (data[key] ?? null));
  return changed;
}
