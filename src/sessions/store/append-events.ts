/**
 * Decides how events of one session or of several become one commit, and which number each of them has: those that are new take the
 * next places, and one that is stored already is answered as it is stored.
 */
import {
  type Committed,
  damagedHistory,
  DuplicateEventError,
  type EventForms,
  type EventRow,
  type SessionLogStore,
  type SessionPart,
  type StoredEvent,
} from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { eventOfRow, storedEventOf, takeEvent, type TakenEvent } from './event-row.ts';

/** Throws `ValidationError` for what is no list of events, before anything is written. */
export function takeEvents(events: unknown): readonly TakenEvent[] {
  if (!Array.isArray(events))
    throw sessionError('validation_error', 'events must be a list of session events');
  // A hole in the list is no event; `map` would pass over it, and leave one behind.
  return Array.from(events, (event: unknown) => takeEvent(event));
}

/** One part a session, in the order of their first events; the same event twice is one. */
export function partsOf(taken: readonly TakenEvent[]): readonly SessionPart[] {
  const [first] = taken;
  if (first !== undefined && taken.length === 1) return [newPart(first.sessionId, [first.row])];
  const bySession = new Map<string, { readonly rows: EventRow[]; readonly byId: Map<string, EventRow> }>();
  for (const { sessionId, row } of taken) {
    const own = bySession.get(sessionId) ?? { rows: [], byId: new Map<string, EventRow>() };
    const before = own.byId.get(row.id);
    // Other content under one id is left to the store to refuse, which names what differs.
    if (before === undefined || !isSameRow(before, row)) own.rows.push(row);
    own.byId.set(row.id, row);
    bySession.set(sessionId, own);
  }
  return [...bySession].map(([sessionId, { rows }]) => newPart(sessionId, rows));
}

/** A part that makes the log of the session when it is not there. */
export function newPart(sessionId: string, events: readonly EventRow[], createdAt?: string): SessionPart {
  const at = createdAt ?? events[0]?.timestamp ?? '';
  const log = { id: sessionId, kind: 'session', label: null, createdAt: at } as const;
  return { logId: sessionId, expected: 'any', epoch: null, events, log };
}

/** Writes, and returns the events as they are stored, in their order. */
export async function appendTaken(
  store: SessionLogStore,
  taken: readonly TakenEvent[],
  forms: EventForms,
): Promise<readonly SessionEvent[]> {
  const parts = partsOf(taken);
  return answersOf(store, taken, parts, await store.commitSessions(parts), forms);
}

async function answersOf(
  store: SessionLogStore,
  taken: readonly TakenEvent[],
  parts: readonly SessionPart[],
  committed: readonly (Committed | undefined)[],
  forms: EventForms,
): Promise<readonly SessionEvent[]> {
  const [only] = committed;
  if (only !== undefined && parts.length === 1 && only.appended === taken.length) {
    const before = only.head.seq - taken.length;
    return taken.map((event, index) => storedEventOf(event, before + index + 1, forms));
  }
  const stored = new Map<string, StoredEvent>();
  for (const [index, part] of parts.entries()) {
    for (const event of await storedEvents(store, part, committed[index]))
      stored.set(keyOf(part.logId, event.id), event);
  }
  return taken.map(({ sessionId, row }) => {
    const event = stored.get(keyOf(sessionId, row.id));
    if (event === undefined)
      throw damagedHistory({ logId: sessionId, seq: 0, what: 'An event was not stored' });
    return eventOfRow(event, sessionId, forms);
  });
}

/**
 * As `appendTaken`, while the log of the session ends where the writer saw it. An event that stands at another place already is no reason
 * to refuse the others: the place is then guarded beside them.
 */
export async function appendBehind(
  store: SessionLogStore,
  taken: readonly TakenEvent[],
  latest: number,
  forms: EventForms,
): Promise<readonly SessionEvent[]> {
  const [part, another] = partsOf(taken);
  if (part === undefined || another !== undefined) {
    throw sessionError('validation_error', 'ifLatest is for events of one session', {
      details: { field: 'ifLatest' },
    });
  }
  try {
    const [committed] = await store.commitSessions([{ ...part, expected: latest }]);
    return await answersOf(store, taken, [part], [committed], forms);
  } catch (error) {
    if (!(error instanceof DuplicateEventError)) throw error;
    const guard = { ...part, expected: latest, events: [] };
    const [, committed] = await store.commitSessions([guard, part]);
    return answersOf(store, taken, [part], [committed], forms);
  }
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
