/**
 * The store of agent sessions as the house needs it; knows no database.
 *
 * What every session store promises:
 * - order: the events of a session have numbers 1, 2, 3 … in the order of their commit, without gaps, whoever appends; who reads
 *   with `after` never sees a number that a later read fills;
 * - once: an event handed in again under its id in its session is stored once, and answered with the number it has;
 *   another content under a known id is `DuplicateEventError`. The number that a caller writes into an event is not looked at;
 * - whole: `appendEvents` and `flush` are there as a whole or not at all;
 * - rows: a save whose row has moved on since it was read is refused with `ConcurrentWriterError`; a status that cannot follow the
 *   stored one with `InvalidTransitionError`. A save that changes nothing succeeds and writes nothing;
 * - mark: a session that is marked as deleted is brought back by a save of what was read with the mark and by no other: a save without
 *   a version is `InvalidOperationError`;
 * - read after write: what a resolved call has written, every later call reads, through every handle;
 * - errors are `SessionError`s, or `StorageError`s of the log; `sessionErrorCode` gives the code of either.
 */
import type { JsonObject } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { SessionEventType } from '../model/event-types.ts';
import type { Execution, ExecutionStatus } from '../model/execution.ts';
import type { Session, SessionStatus } from '../model/session.ts';
import type { SessionEvent } from '../model/session-event.ts';

/** Which sessions, and how many. */
export interface ListSessionsOptions {
  readonly status?: SessionStatus;
  readonly agentId?: string;
  /** 100 by default, at most 1,000. */
  readonly limit?: number;
  readonly offset?: number;
}

/** Which runs of a session, and how many. */
export interface ListRunsOptions {
  readonly status?: ExecutionStatus;
  readonly limit?: number;
  readonly offset?: number;
}

/** All conditions together; `limit` and `offset` count what fits them. */
export interface GetEventsOptions {
  /** Only numbers above this. */
  readonly after?: number;
  /** Only numbers below this. */
  readonly before?: number;
  /** Only events whose timestamp is this moment or later. */
  readonly since?: string;
  readonly type?: SessionEventType;
  readonly runId?: string;
  /** The first so many in ascending order; 1,000 by default, at most 10,000. */
  readonly limit?: number;
  /** Leaves out the first so many. */
  readonly offset?: number;
  /**
   * When nothing fits: waits at most this long for something that does. Answers `[]` when the time is over, and when the store
   * is closed meanwhile. 0 by default.
   */
  readonly waitTimeoutMs?: number;
}

/** What an execution begins or ends with: written whole, or not at all. */
export interface ExecutionResult {
  readonly session: Session;
  /** `null` for a change of the session alone. */
  readonly run: Execution | null;
  /** Events that are not stored yet; those that are may be among them. */
  readonly events: readonly SessionEvent[];
  /** What the provider said of the run; it is merged into the run's `providerMetadata`. */
  readonly providerMetadata?: JsonObject;
}

/** The number that the writer has seen; another latest number refuses the append. */
export interface AppendOptions {
  /**
   * The number of the last event of the session as the caller knows it: rejects with `ConcurrentWriterError` when it is another one by
   * now. Events that are all stored already are answered all the same. For events of one session.
   */
  readonly ifLatest?: number;
}

/** What a session store promises beyond the port. */
export interface SessionStoreCapabilities {
  /** What a resolved write survives: see the store of logs. */
  readonly durability: 'memory' | 'process' | 'power';
  /** True when another process can open the same sessions at the same time. */
  readonly shared: boolean;
  /** True when `appendEvents` and `flush` are there as a whole or not at all. */
  readonly atomicCommit: boolean;
  /** True when `waitTimeoutMs` waits; otherwise an empty answer comes at once. */
  readonly waits: boolean;
}

/** The port of session stores. The kit proves the promises. */
export interface SessionStore {
  readonly capabilities: SessionStoreCapabilities;

  /** Writes the row of a session, a new one or the next version. Returns it with its version. */
  saveSession(session: Session): Promise<Session>;

  /** Rejects with `SessionNotFoundError`. A session that is marked as deleted is handed out. */
  getSession(sessionId: string): Promise<Session>;

  /** In the order in which they were made; those marked as deleted too. */
  listSessions(options?: ListSessionsOptions): Promise<readonly Session[]>;

  /** Removes a session with its runs, events, artifact rows and its counter. One that is not there is deleted already. */
  deleteSession(sessionId: string): Promise<void>;

  /** Writes the row of a run. Rejects with `SessionMismatchError` when the id is taken by a run of another session. */
  saveRun(run: Execution): Promise<Execution>;

  /** Rejects with `SessionRunNotFoundError`. */
  getRun(runId: string): Promise<Execution>;

  /** In the order in which they were made; none for a session that is not there. */
  listRuns(sessionId: string, options?: ListRunsOptions): Promise<readonly Execution[]>;

  /** The run of a session that is `running`, the one that was made last if there are several; `null` when there is none. */
  getActiveRun(sessionId: string): Promise<Execution | null>;

  /** As `appendEventWithSequence`, without the answer. */
  appendEvent(event: SessionEvent): Promise<void>;

  /** Stores one event and returns it with its number. */
  appendEventWithSequence(event: SessionEvent): Promise<SessionEvent>;

  /**
   * Stores events of one session or of several, all or nothing, and returns each with its number, in the order in which they were
   * handed in; one that comes twice is answered twice. Rejects with `ValidationError` for what is no event.
   */
  appendEvents(events: readonly SessionEvent[], options?: AppendOptions): Promise<readonly SessionEvent[]>;

  /** Writes the session, the run if there is one, and the events in one commit. The same again changes nothing. Rejects as the three do. */
  flush(result: ExecutionResult): Promise<void>;

  /** Events in ascending order; none for a session that is not there. */
  getEvents(sessionId: string, options?: GetEventsOptions): Promise<readonly SessionEvent[]>;

  /** The number of the last event; 0 when there is none. */
  getLatestSequence(sessionId: string): Promise<number>;
}

const operations = [
  'saveSession',
  'getSession',
  'listSessions',
  'deleteSession',
  'saveRun',
  'getRun',
  'listRuns',
  'getActiveRun',
  'appendEvent',
  'appendEventWithSequence',
  'appendEvents',
  'flush',
  'getEvents',
  'getLatestSequence',
] as const satisfies readonly (keyof SessionStore)[];

/** A value that was handed in as a store. Throws `ValidationError`, which names the operations that it lacks. */
export function requireSessionStore(value: unknown): SessionStore {
  if (isSessionStore(value)) return value;
  const lacks = operations.filter((name) => !hasOperation(value, name));
  const what = lacks.length === 0 ? 'it does not say its capabilities' : `it lacks ${lacks.join(', ')}`;
  throw sessionError('validation_error', `this is no session store: ${what}`, {
    details: { lacks: [...lacks] },
    howToFix:
      'Implement all fourteen operations and `capabilities`; `liftSessionStore` lifts a store of version 0.7.',
  });
}

function isSessionStore(value: unknown): value is SessionStore {
  const capabilities: unknown = Reflect.get(Object(value), 'capabilities');
  const says = typeof capabilities === 'object' && capabilities !== null;
  return says && operations.every((name) => hasOperation(value, name));
}

function hasOperation(value: unknown, name: string): boolean {
  return typeof Reflect.get(Object(value), name) === 'function';
}
