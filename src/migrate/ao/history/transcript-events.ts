/**
 * Decides how the lines of a transcript become events: one a line, with its text byte for byte, so that the file can be made of them
 * again. What the person said is sent; everything else is received.
 */
import { type JsonObject, isJsonObject } from '../../../base/index.ts';
import type { EventRow } from '../../../log/index.ts';
import { readTimestamp } from '../../../sessions/index.ts';
import { parsedJson } from '../legacy/values.ts';

export function transcriptEvents(text: string, provider: string, begunAt: string): readonly EventRow[] {
  let timestamp = begunAt;
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => {
    const json = parsedJson(line);
    const entry = isJsonObject(json) ? json : {};
    const told = entry['timestamp'];
    timestamp = (typeof told === 'string' ? readTimestamp(told) : null) ?? timestamp;
    return eventRow(
      `evt_line_${index + 1}`,
      entry['type'] === 'user' ? 'message_sent' : 'message_received',
      { role: roleOf(entry), content: contentOf(entry), line },
      { timestamp, provider },
    );
  });
}

export function eventRow(
  id: string,
  type: string,
  data: JsonObject,
  { timestamp, provider }: { readonly timestamp: string; readonly provider: string },
): EventRow {
  return {
    id,
    type,
    payload: JSON.stringify(data),
    actor: null,
    causedBy: null,
    frameId: null,
    timestamp,
    subject: null,
    schemaVersion: 1,
    runId: null,
    provider,
    correlationId: null,
    metadata: null,
  };
}

function roleOf(entry: JsonObject): string {
  const message = entry['message'];
  const role = message !== undefined && isJsonObject(message) ? message['role'] : entry['type'];
  return typeof role === 'string' ? role : 'system';
}

/** What a person reads of it: a text, or the texts of its parts. */
function contentOf(entry: JsonObject): string {
  const message = entry['message'];
  const content = message !== undefined && isJsonObject(message) ? message['content'] : entry['summary'];
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .flatMap((part: unknown) =>
      isJsonObject(part) && typeof part['text'] === 'string' ? [part['text']] : [],
    )
    .join('\n');
}
