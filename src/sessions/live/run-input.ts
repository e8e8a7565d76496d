/** Decides which messages the input of a run holds, whatever its form: they are told in the session before the agent begins. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';

/** A text, `{ prompt }` or `{ messages: [{ role, content }] }`; none for any other form. */
export function messagesOfInput(input: JsonValue): readonly JsonObject[] {
  if (typeof input === 'string') return spoken('user', input);
  if (!isJsonObject(input)) return [];
  const { prompt, messages } = input;
  if (messages !== undefined && isJsonArray(messages)) {
    return messages.flatMap((message) => (isJsonObject(message) ? messageOf(message) : []));
  }
  return typeof prompt === 'string' ? spoken('user', prompt) : [];
}

function messageOf({ role, content }: JsonObject): readonly JsonObject[] {
  const who = typeof role === 'string' && role !== '' ? role.toLowerCase() : 'user';
  return spoken(who, content ?? '');
}

function spoken(role: string, content: JsonValue): readonly JsonObject[] {
  return content === '' ? [] : [{ role, content }];
}
