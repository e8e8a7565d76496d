/**
 * Decides how events of one session or of several become one commit, and which number each of them has: those that are new take the
 * next places, and one that is stored already is answered as it is stored.
 */
import {
  type Committed,
  damagedHistory,
  type EventForms,
  type EventRow,
  type RecordWrite,
  type SessionLogStore,
  type SessionPart,
  type StoredEvent,
} from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { eventOfRow, rowOfEvent } from './event-row.ts';

type SessionRow = EventRow & { readonly sessionId: string };

/** Throws `ValidationError` for what is no list of events, before anything is written. */
export function rowsOf(events: unknown): readonly SessionRow[] {
  if (!Array.isArray(events))
    throw sessionError('validation_error', 'events must be a list of session events');
  return events.map((event: unknown) => rowOfEvent(event));
}

/** One part a session, in the order of their first events; the same event twice is one. */
export function partsOf(rows: readonly SessionRow[]): readonly SessionPart[] {
  const bySession = new Map<string, Map<string, EventRow[]>>();
  for (const { sessionId, ...row } of rows) {
    const own = bySession.get(sessionId) ?? new Map<string, EventRow[]>();
    const before = own.get(row.id) ?? [];
    // Other content under one id is left to the store to refuse, which names what differs.
    if (!before.some((same) => isSameRow(same, row))) own.set(row.id, [...before, row]);
    bySession.set(sessionId, own);
  }
  return [...bySession].map(([sessionId, own]) => newPart(sessionId, [...own.values()].flat()));
}

/** A part that makes the log of the session when it is not there. */
export function newPart(sessionId: string, events: readonly EventRow[], createdAt?: string): SessionPart {
  const at = createdAt ?? events[0]?.timestamp ?? '';
  const log = { id: sessionId, kind: 'session', label: null, createdAt: at } as const;
  return { logId: sessionId, expected: 'any', epoch: null, events, log };
}

/** Writes, and returns the stored rows in the order of `rows`. */
export async function appendRows(
  store: SessionLogStore,
  rows: readonly SessionRow[],
  forms: EventForms,
  records: readonly RecordWrite[] = [],
): Promise<readonly SessionEvent[]> {
  const parts = partsOf(rows);
  const committed = await store.commitSessions(parts, records);
  const stored = new Map<string, StoredEvent>();
  for (const [index, part] of parts.entries()) {
    for (const event of await storedEvents(store, part, committed[index]))
      stored.set(keyOf(part.logId, event.id), event);
  }
  return rows.map(({ sessionId, id }) => {
    const event = stored.get(keyOf(sessionId, id));
    if (event === undefined)
      throw damagedHistory({ logId: sessionId, seq: 0, what: 'An event was not stored' });
    return eventOfRow(event, sessionId, forms);
  });
}

/** When all were new they have the last places; otherwise the store is asked for each. */
async function storedEvents(
  store: SessionLogStore,
  { logId, events }: SessionPart,
  committed: Committed | undefined,
): Promise<readonly StoredEvent[]> {
  if (committed?.appended === events.length) {
    const first = committed.head.seq - events.length + 1;
    return events.map((event, index) => ({ ...event, seq: first + index, hash: null }));
  }
  const found: StoredEvent[] = [];
  for (const { id } of events) {
    const event = await store.get(logId, id);
    if (event !== undefined) found.push(event);
  }
  return found;
}

function keyOf(sessionId: string, eventId: string): string {
  return `${sessionId}\0${eventId}`;
}

const lineFields = [
  'type',
  'payload',
  'timestamp',
  'schemaVersion',
  'runId',
  'provider',
  'correlationId',
  'metadata',
] as const;

function isSameRow(left: EventRow, right: EventRow): boolean {
  return lineFields.every((field) => left[field] === right[field]);
}
