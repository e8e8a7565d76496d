/** Decides which sessions, runs and events the cases are about. */
import {
  type Execution,
  type Mint,
  moveExecution,
  newExecution,
  newSession,
  newSessionEvent,
  type NewSessionEvent,
  type Session,
  type SessionEvent,
  type SessionEventType,
  type SessionStore,
} from '../../sessions/index.ts';

export function sampleSession(mint: Mint, id = 's1', more: Partial<Session> = {}): Session {
  return { ...newSession({ id, agentId: 'agent' }, mint), ...more };
}

export function sampleRun(mint: Mint, id = 'r1', sessionId = 's1', more: Partial<Execution> = {}): Execution {
  return { ...newExecution({ id, sessionId, input: { prompt: 'hello' } }, mint), ...more };
}

/** A run that has gone through its states. */
export function completedRun(mint: Mint, id = 'r1', sessionId = 's1'): Execution {
  return moveExecution(moveExecution(sampleRun(mint, id, sessionId), 'running', mint), 'completed', mint);
}

export function sampleEvent(mint: Mint, id: string, more: Partial<NewSessionEvent> = {}): SessionEvent {
  return newSessionEvent(
    { id, type: 'message_received', sessionId: 's1', data: { content: id, role: 'assistant' }, ...more },
    mint,
  );
}

/** Events `PREFIX1` to `PREFIXn` of one type. */
export function sampleEvents(
  mint: Mint,
  count: number,
  prefix = 'e',
  more: Partial<NewSessionEvent> = {},
): readonly SessionEvent[] {
  return Array.from({ length: count }, (_, index) => sampleEvent(mint, `${prefix}${index + 1}`, more));
}

export function numbersOf(events: readonly SessionEvent[]): readonly (number | null)[] {
  return events.map(({ sequenceNumber }) => sequenceNumber);
}

export function idsOf(things: readonly { readonly id: string }[]): readonly string[] {
  return things.map(({ id }) => id);
}

export function typesOf(events: readonly SessionEvent[]): readonly SessionEventType[] {
  return events.map(({ type }) => type);
}

/** 1, 2, … n. */
export function countTo(n: number): readonly number[] {
  return Array.from({ length: n }, (_, index) => index + 1);
}

/** Everything of a session, page by page. */
export async function allEvents(store: SessionStore, sessionId = 's1'): Promise<readonly SessionEvent[]> {
  const events: SessionEvent[] = [];
  for (;;) {
    const page = await store.getEvents(sessionId, { after: events.length, limit: 1000 });
    if (page.length === 0) return events;
    events.push(...page);
  }
}

/** Without what only a stored row has. */
export function plain<Row extends { readonly version: number | null }>(row: Row): Omit<Row, 'version'> {
  const { version: _version, ...rest } = row;
  return rest;
}

/** What a caller without types hands in. */
export function untyped(value: unknown): never {
  return value as never;
}
