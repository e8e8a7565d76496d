/**
 * Decides how the entries of a transcript become events: one each, with its text byte for byte, so that what was found can be made of
 * them again. What the person said is sent; everything else is received.
 */
import { type JsonObject, isJsonObject, type JsonValue } from '../../../base/index.ts';
import type { EventRow } from '../../../log/index.ts';
import { readTimestamp } from '../../../sessions/index.ts';
import { parsedJson } from '../legacy/values.ts';
import { timeOfMs } from '../map/timestamp.ts';
import type { Transcript, TranscriptEntry } from './transcript.ts';

export async function* transcriptEvents(
  transcript: Transcript,
  {
    provider,
    begunAt,
    takes,
  }: {
    readonly provider: string;
    readonly begunAt: string;
    readonly takes: (entry: TranscriptEntry) => boolean;
  },
): AsyncIterable<EventRow> {
  let timestamp = begunAt;
  let count = 0;
  for await (const entry of transcript.entries()) {
    if (!takes(entry)) continue;
    count += 1;
    const json = parsedJson(entry.text);
    const fields = isJsonObject(json) ? json : {};
    timestamp = momentOf(fields) ?? timestamp;
    const spoken = spokenIn(fields, entry.role);
    yield eventRow(
      `evt_line_${count}`,
      spoken.role === 'user' ? 'message_sent' : 'message_received',
      { ...spoken, ...asFound(entry) },
      { timestamp, provider },
    );
  }
}

function asFound({ text, base64, name }: TranscriptEntry): JsonObject {
  return {
    ...(name === null ? {} : { name }),
    line: text,
    ...(base64 === null ? {} : { line_base64: base64 }),
  };
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

function momentOf(entry: JsonObject): string | null {
  const told = entry['timestamp'];
  if (typeof told === 'string') return readTimestamp(told);
  const { created, start } = objectAt(entry, 'time') ?? {};
  const ms = created ?? start;
  const moment = typeof ms === 'number' ? timeOfMs(ms) : null;
  return moment === null ? null : readTimestamp(moment);
}

interface Spoken {
  readonly role: string;
  /** What a person reads of it. */
  readonly content: string;
}

/**
 * Claude Code has a `message`, Codex an item as `payload`, OpenCode the text of a part. What Codex tells of a message beside the
 * message itself would be heard twice.
 */
function spokenIn(entry: JsonObject, knownRole: string | null): Spoken {
  const item = entry['type'] === 'response_item' ? objectAt(entry, 'payload') : null;
  const message = objectAt(entry, 'message') ?? item;
  if (message !== null) {
    // What a tool answered is handed in under the name of the person.
    const role = isOfTool(message['content']) ? 'tool' : (textAt(message, 'role') ?? 'system');
    return { role, content: textIn(message['content']) };
  }
  if (knownRole !== null)
    return { role: knownRole, content: entry['type'] === 'text' ? textIn(entry['text']) : '' };
  if ('payload' in entry) return { role: 'system', content: '' };
  return { role: textAt(entry, 'type') ?? 'system', content: textIn(entry['summary']) };
}

function isOfTool(content: JsonValue | undefined): boolean {
  return (
    Array.isArray(content) &&
    content.some((part: unknown) => isJsonObject(part) && part['type'] === 'tool_result')
  );
}

function textAt(object: JsonObject, key: string): string | null {
  const value = object[key];
  return typeof value === 'string' ? value : null;
}

function objectAt(object: JsonObject, key: string): JsonObject | null {
  const value = object[key];
  return isJsonObject(value) ? value : null;
}

/** A text, or the texts of its parts. */
function textIn(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .flatMap((part: unknown) =>
      isJsonObject(part) && typeof part['text'] === 'string' ? [part['text']] : [],
    )
    .join('\n');
}
