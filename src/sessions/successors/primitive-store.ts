/**
 * Decides how four primitives become a session store: each call reads the state of a session, makes the next one of it and puts that
 * in its place. It costs what a session is long; a store of the package costs the same at every length.
 */
import { checkArguments, mergeObjects } from '../../base/index.ts';
import { compareIds, concurrentWriter } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { type Execution, readExecutionStatus } from '../model/execution.ts';
import { checkBroughtBack, readSessionStatus, type Session } from '../model/session.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { checkResult } from '../store/check-result.ts';
import { takeEvents } from '../store/append-events.ts';
import { executionRecordId, sessionRecordId } from '../store/documents.ts';
import { KnownVersions } from '../store/known-versions.ts';
import { optionalText, pageLimits, readEventsQuestion, readPage } from '../store/options.ts';
import type {
  AppendOptions,
  ExecutionResult,
  GetEventsOptions,
  ListRunsOptions,
  ListSessionsOptions,
  SessionStore,
  SessionStoreCapabilities,
} from '../store/port.ts';
import { Turns } from '../store/turns.ts';
import type { SessionPrimitives, SessionState } from './primitives.ts';
import { noState, withEvents, withRun, withSession } from './session-state.ts';

/** What the durability of the primitives survives. */
export interface PrimitiveStoreOptions {
  /** What a resolved `replace` survives. */
  readonly durability: SessionStoreCapabilities['durability'];
}

/** Handles on the same primitives take turns, as far as they are in one process. */
const turnsOfPrimitives = new WeakMap<SessionPrimitives, Turns>();

/** A session store of four primitives, for one process. What it writes for one session is whole; `waitTimeoutMs` does not wait. */
export function sessionStoreOf(primitives: SessionPrimitives, options: PrimitiveStoreOptions): SessionStore {
  checkArguments('sessionStoreOf', { primitives: [primitives, 'object'], options: [options, 'object'] });
  return new PrimitiveSessionStore(primitives, options);
}

class PrimitiveSessionStore implements SessionStore {
  readonly capabilities: SessionStoreCapabilities;
  readonly #primitives: SessionPrimitives;
  readonly #turns: Turns;
  readonly #known = new KnownVersions();

  constructor(primitives: SessionPrimitives, { durability }: PrimitiveStoreOptions) {
    this.#primitives = primitives;
    this.capabilities = { durability, shared: false, atomicCommit: false, waits: false };
    this.#turns = turnsOfPrimitives.get(primitives) ?? new Turns();
    turnsOfPrimitives.set(primitives, this.#turns);
  }

  async saveSession(session: Session): Promise<Session> {
    const state = await this.#change(session.id, (before) => this.#withSession(before, session));
    return this.#seen(state.session ?? session);
  }

  async getSession(sessionId: string): Promise<Session> {
    const { session } = await this.#load(sessionId);
    if (session !== null) return this.#seen(session);
    throw sessionError('session_not_found', `session '${sessionId}' is not there`, {
      details: { session_id: sessionId },
    });
  }

  async listSessions(options: ListSessionsOptions = {}): Promise<readonly Session[]> {
    const { limit, offset } = readPage(options, pageLimits.rows);
    const status = options.status === undefined ? null : readSessionStatus(options.status);
    const agent = optionalText('agentId', options.agentId);
    const found: Session[] = [];
    for (const id of await this.#primitives.list()) {
      const { session } = await this.#load(id);
      const isWanted = (status ?? session?.status) === session?.status;
      const isOfAgent = (agent ?? session?.agentId) === session?.agentId;
      if (session !== null && isWanted && isOfAgent) found.push(session);
    }
    found.sort((left, right) => compareIds(left.createdAt + left.id, right.createdAt + right.id));
    return found.slice(offset, offset + limit).map((session) => this.#seen(session));
  }

  async deleteSession(sessionId: string): Promise<void> {
    await this.#turns.take('', () => this.#primitives.replace(sessionId, null));
    this.#known.forget(`${sessionId}/`);
  }

  async saveRun(run: Execution): Promise<Execution> {
    const state = await this.#change(run.sessionId, async (before) => {
      await this.#refuseTaken(run);
      return withRun(before, this.#toldRun(run));
    });
    return this.#seenRun(state.runs.find(({ id }) => id === run.id) ?? run);
  }

  async getRun(runId: string): Promise<Execution> {
    const sessionId = await this.#primitives.sessionOf(runId);
    const runs = sessionId === null ? [] : (await this.#load(sessionId)).runs;
    const run = runs.find(({ id }) => id === runId);
    if (run !== undefined) return this.#seenRun(run);
    throw sessionError('run_not_found', `run '${runId}' is not there`, { details: { run_id: runId } });
  }

  async listRuns(sessionId: string, options: ListRunsOptions = {}): Promise<readonly Execution[]> {
    const { limit, offset } = readPage(options, pageLimits.rows);
    const status = options.status === undefined ? null : readExecutionStatus(options.status);
    const { runs } = await this.#load(sessionId);
    return runs
      .filter((run) => status === null || run.status === status)
      .toSorted((left, right) => compareIds(left.startedAt + left.id, right.startedAt + right.id))
      .slice(offset, offset + limit)
      .map((run) => this.#seenRun(run));
  }

  async getActiveRun(sessionId: string): Promise<Execution | null> {
    return (
      (await this.listRuns(sessionId, { status: 'running', limit: pageLimits.rows.atMost })).at(-1) ?? null
    );
  }

  async appendEvent(event: SessionEvent): Promise<void> {
    await this.appendEvents([event]);
  }

  async appendEventWithSequence(event: SessionEvent): Promise<SessionEvent> {
    const [stored] = await this.appendEvents([event]);
    return stored ?? event;
  }

  async appendEvents(
    events: readonly SessionEvent[],
    { ifLatest }: AppendOptions = {},
  ): Promise<readonly SessionEvent[]> {
    const sessionIds = new Set(takeEvents(events).map(({ sessionId }) => sessionId));
    const stored = new Map<SessionEvent, SessionEvent>();
    for (const sessionId of sessionIds) {
      const own = events.filter((event) => event.sessionId === sessionId);
      await this.#change(sessionId, (before) => {
        const appended = withEvents(before, own);
        const isNews = appended.state.events.length > before.events.length;
        if (isNews && ifLatest !== undefined && ifLatest !== before.events.length)
          throw concurrentWriter({
            ...{ what: 'run', id: sessionId, expected: ifLatest, actual: before.events.length },
          });
        own.forEach((event, index) => stored.set(event, appended.stored[index] ?? event));
        return appended.state;
      });
    }
    return events.map((event) => stored.get(event) ?? event);
  }

  async flush(result: ExecutionResult): Promise<void> {
    const { session, run, events, providerMetadata } = checkResult(result);
    takeEvents(events);
    const state = await this.#change(session.id, async (before) => {
      const saved = this.#withSession(before, session);
      if (run === null) return withEvents(saved, events).state;
      await this.#refuseTaken(run);
      const told = { ...run, providerMetadata: mergeObjects(run.providerMetadata, providerMetadata) };
      return withEvents(withRun(saved, this.#toldRun(told)), events).state;
    });
    if (state.session !== null) this.#seen(state.session);
    state.runs.filter(({ id }) => id === run?.id).forEach((each) => this.#seenRun(each));
  }

  async getEvents(sessionId: string, options: GetEventsOptions = {}): Promise<readonly SessionEvent[]> {
    const { after, before, since, type, runId, limit, offset } = readEventsQuestion(options);
    const { events } = await this.#load(sessionId);
    const fits = (event: SessionEvent): boolean =>
      (event.sequenceNumber ?? 0) > after &&
      (event.sequenceNumber ?? 0) < before &&
      (since === null || event.timestamp >= since) &&
      (type === null || event.type === type) &&
      (runId === null || event.runId === runId);
    return events.filter(fits).slice(offset, offset + limit);
  }

  async getLatestSequence(sessionId: string): Promise<number> {
    return (await this.#load(sessionId)).events.length;
  }

  async #load(sessionId: string): Promise<SessionState> {
    return (await this.#primitives.load(sessionId)) ?? noState;
  }

  /** All sessions take turns: whether the id of a run is taken is asked of all of them. */
  async #change(
    sessionId: string,
    next: (before: SessionState) => SessionState | Promise<SessionState>,
  ): Promise<SessionState> {
    return this.#turns.take('', async () => {
      const before = await this.#load(sessionId);
      const state = await next(before);
      if (state !== before) await this.#primitives.replace(sessionId, state);
      return state;
    });
  }

  async #refuseTaken({ id, sessionId }: Execution): Promise<void> {
    const owner = await this.#primitives.sessionOf(id);
    if (owner === null || owner === sessionId) return;
    throw sessionError('session_mismatch', `run '${id}' belongs to session '${owner}'`, {
      details: { run_id: id, session_id: sessionId, belongs_to: owner },
    });
  }

  /** A row without a version means the one that this handle has seen last. */
  #withSession(before: SessionState, session: Session): SessionState {
    if (before.session !== null) checkBroughtBack(before.session, session);
    const version = session.version ?? this.#known.of(sessionRecordId(session.id));
    return withSession(before, { ...session, version });
  }

  #toldRun(run: Execution): Execution {
    return { ...run, version: run.version ?? this.#known.of(executionRecordId(run.sessionId, run.id)) };
  }

  #seen(session: Session): Session {
    this.#known.note(sessionRecordId(session.id), session.version ?? 0);
    return session;
  }

  #seenRun(run: Execution): Execution {
    this.#known.note(executionRecordId(run.sessionId, run.id), run.version ?? 0);
    return run;
  }
}
