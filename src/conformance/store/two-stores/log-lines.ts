/** Decides how a log is written down as JSON lines and taken in again: every field of an event, its payload as the text it is. */
import { isJsonObject } from '../../../base/index.ts';
import type { EventRow, LogStore, ReadOptions, StoredEvent } from '../../../log/index.ts';
import { expectTrue } from '../../expect.ts';
import { appendAt } from '../sample-log.ts';

export async function exportLines(store: LogStore, logId: string, options?: ReadOptions): Promise<string[]> {
  const lines: string[] = [];
  for await (const page of store.read(logId, options)) lines.push(...page.map(lineOf));
  return lines;
}

/** Appends the events of the lines behind what the log holds, in batches, as a program does that copies a log. */
export async function importLines(store: LogStore, logId: string, lines: readonly string[]): Promise<void> {
  const batch = 400;
  const { seq } = await store.head(logId);
  for (let start = 0; start < lines.length; start += batch) {
    const events = lines.slice(start, start + batch).map(eventOf);
    await appendAt(store, logId, seq + start, events);
  }
}

/** The fields of an event under their own names and in one order, without what the store gives. */
export function lineOf({ seq: _seq, hash: _hash, ...event }: StoredEvent): string {
  return JSON.stringify(event, Object.keys(event).toSorted());
}

export function eventOf(line: string): EventRow {
  const fields: unknown = JSON.parse(line);
  expectTrue(isJsonObject(fields), 'a line is an object');
  const text = (name: string): string => {
    const value = fields[name];
    expectTrue(typeof value === 'string', `${name} is a text`);
    return value;
  };
  const textOrNull = (name: string): string | null => (fields[name] === null ? null : text(name));
  return {
    id: text('id'),
    type: text('type'),
    payload: text('payload'),
    timestamp: text('timestamp'),
    actor: textOrNull('actor'),
    causedBy: textOrNull('causedBy'),
    frameId: textOrNull('frameId'),
    subject: textOrNull('subject'),
    runId: textOrNull('runId'),
    provider: textOrNull('provider'),
    correlationId: textOrNull('correlationId'),
    schemaVersion: fields['schemaVersion'] === null ? null : Number(fields['schemaVersion']),
    metadata: textOrNull('metadata'),
  };
}
