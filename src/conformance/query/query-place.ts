/**
 * Decides what somebody has to bring to put an implementation of the questions through the kit, and what stands in the store when they
 * are asked: four sessions, five runs, six events.
 */
import {
  type Execution,
  type Mint,
  newExecution,
  newSession,
  newSessionEvent,
  type QueryImplementation,
  type Ref,
  type Session,
  type SessionEvent,
  sessionQuery,
  type SessionQuery,
  type SessionStore,
} from '../../sessions/index.ts';
import { UnmetExpectation } from '../expect.ts';
import type { PortContext, PortMaker, PortPlace } from '../ports/port-case.ts';

/** Sessions, and who answers questions about them. */
export interface QueryPlace extends PortPlace {
  /** Empty at first. Everything is written through it. */
  readonly store: SessionStore;
  /** The questions to the same sessions, of whatever context. */
  readonly query: Ref<QueryImplementation<never>, unknown>;
}

/** What a module exports for `runlog conformance --port query`. */
export type QueryMaker = PortMaker<QueryPlace>;

/** A minute of the hour in which everything happened. */
export function at(minute: number): string {
  return `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000000Z`;
}

export function idsOf(things: readonly { readonly id: string }[]): readonly string[] {
  return things.map(({ id }) => id);
}

/**
 * The questions, with everything written that they are asked about. One session is marked as deleted; one is nested below another by
 * its name alone.
 */
export async function asked({ place, mint }: PortContext<QueryPlace>): Promise<SessionQuery> {
  const { store } = place;
  for (const session of sessions(mint)) await store.saveSession(session);
  for (const run of runs(mint)) await store.saveRun(run);
  await store.appendEvents(events(mint));
  return openQuery(place.query);
}

/** What a reference holds is looked at when it is opened, and not by its type: it is handed what is no reference, too. */
export function openQuery(ref: unknown): SessionQuery {
  const opened: unknown = Reflect.apply(sessionQuery, undefined, [ref]);
  if (isQuery(opened)) return opened;
  throw new UnmetExpectation('what is behind the reference answers no questions');
}

function isQuery(value: unknown): value is SessionQuery {
  return typeof Reflect.get(Object(value), 'searchSessions') === 'function';
}

function sessions(mint: Mint): readonly Session[] {
  const session = (id: string, minute: number, more: Partial<Session>): Session => {
    const made = newSession({ id, agentId: 'alice' }, mint);
    return { ...made, createdAt: at(minute), updatedAt: at(minute + 10), ...more };
  };
  return [
    session('a', 1, { tags: ['red', 'blue'], status: 'active' }),
    session('a/b', 2, { tags: ['red'], agentId: 'bob' }),
    session('c', 3, { status: 'completed', updatedAt: at(11) }),
    session('gone', 4, { deletedAt: at(5) }),
  ];
}

function runs(mint: Mint): readonly Execution[] {
  const run = (id: string, sessionId: string, minute: number, more: Partial<Execution> = {}): Execution => ({
    ...newExecution({ id, sessionId }, mint),
    startedAt: at(minute),
    ...more,
  });
  const claude = { provider: 'claude', providerMetadata: { model: 'claude-sonnet-4-5' } };
  const used = (input: number, output: number, more = {}) => ({
    tokenUsage: { input_tokens: input, output_tokens: output, ...more },
  });
  return [
    run('r1', 'a', 1, { ...claude, ...used(1000, 500), status: 'completed', costUsd: 0.1 }),
    run('r2', 'a', 2, { provider: 'codex', ...used(10, 0), status: 'failed', costUsd: 0.2 }),
    run('r3', 'a/b', 3, {
      ...claude,
      ...used(1_000_000, 7, { cache_read_tokens: 100_000 }),
      status: 'completed',
    }),
    run('r4', 'c', 4),
    run('r5', 'gone', 5, { tokenUsage: { total_tokens: 42 }, costUsd: 1e-7 }),
  ];
}

function events(mint: Mint): readonly SessionEvent[] {
  const event = (id: string, sessionId: string, minute: number, more: object = {}): SessionEvent => {
    const rest = { timestamp: at(minute), data: { id }, ...more };
    return newSessionEvent({ id, sessionId, type: 'message_received', ...rest }, mint);
  };
  return [
    event('e1', 'a', 30, { type: 'session_created' }),
    event('e2', 'a', 20, { runId: 'r1', provider: 'claude' }),
    event('e3', 'a', 40, {
      runId: 'r2',
      provider: 'codex',
      correlationId: 'k',
      data: { content: 'A Grey HERON stands there.' },
    }),
    event('e4', 'a/b', 20, { runId: 'r3', provider: 'claude', correlationId: 'k' }),
    event('e5', 'c', 10, { data: { content: 'the heron and the eel' } }),
    event('e6', 'c', 50, { type: 'error_occurred' }),
  ];
}
