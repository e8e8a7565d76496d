/**
 * Decides what a session store is over the log: a session is a log of its own kind, its row and the rows of its runs are documents
 * beside it, and everything that one call writes is one commit.
 */
import { checkArguments, mergeObjects } from '../../base/index.ts';
import { ConcurrentWriterError, type EventForms, firstForms, type SessionLogStore } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import {
  type Execution,
  executionFromJson,
  executionToJson,
  readExecutionStatus,
} from '../model/execution.ts';
import { readSessionStatus, type Session, sessionFromJson, sessionToJson } from '../model/session.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { appendBehind, appendTaken, newPart, partsOf, takeEvents } from './append-events.ts';
import { AppendGroups } from './append-groups.ts';
import { checkResult } from './check-result.ts';
import {
  type Document,
  documentOfExecution,
  documentOfSession,
  executionKind,
  executionOfRecord,
  hint,
  placesOf,
  sessionKind,
  sessionOfRecord,
  sessionRecordId,
} from './documents.ts';
import { KnownVersions } from './known-versions.ts';
import { optionalText, optionsOf, pageLimits, readEventsQuestion, readPage } from './options.ts';
import type {
  AppendOptions,
  ExecutionResult,
  GetEventsOptions,
  ListRunsOptions,
  ListSessionsOptions,
  SessionStore,
  SessionStoreCapabilities,
} from './port.ts';
import { awaitEvents, readEvents, type Waiting } from './read-events.ts';
import { type DueWrite, findExecution, planDocument } from './save-documents.ts';
import { Turns } from './turns.ts';

/** How a session store waits, and which older forms of events it raises. */
export interface SessionStoreOptions extends Waiting {
  /** Raises the data of events to the form that this program knows. */
  readonly forms?: EventForms;
}

/** A session store that has to be closed: closing it closes the log store that it was made of. */
export interface OpenSessionStore extends SessionStore {
  close(): Promise<void>;
}

/** Opens a session store over a store of logs, which may hold the runs of graphs besides. */
export function openLogSessionStore(store: SessionLogStore, options: SessionStoreOptions): OpenSessionStore {
  checkArguments('openLogSessionStore', { store: [store, 'with commit'], options: [options, 'object'] });
  return new LogSessionStore(store, options);
}

class LogSessionStore implements OpenSessionStore {
  readonly capabilities: SessionStoreCapabilities;
  readonly #log: SessionLogStore;
  readonly #waiting: Waiting;
  readonly #forms: EventForms;
  readonly #known = new KnownVersions();
  readonly #turns = new Turns();
  readonly #appends: AppendGroups;

  constructor(log: SessionLogStore, { forms = firstForms, ...waiting }: SessionStoreOptions) {
    this.#log = log;
    this.capabilities = { ...log.capabilities, waits: true };
    this.#forms = forms;
    this.#waiting = waiting;
    this.#appends = new AppendGroups((events) => appendTaken(log, events, forms));
  }

  async saveSession(session: Session): Promise<Session> {
    checkArguments('saveSession', { session: [session, 'object'] });
    const document = documentOfSession(session);
    const version = await this.#save(document, session.createdAt);
    return Object.freeze({ ...sessionFromJson(sessionToJson(session)), version });
  }

  async getSession(sessionId: string): Promise<Session> {
    const record = await this.#log.record(sessionKind, sessionRecordId(sessionId));
    if (record === undefined) throw absentSession(sessionId);
    this.#known.note(record.id, record.version);
    return sessionOfRecord(record);
  }

  async listSessions(options: ListSessionsOptions = {}): Promise<readonly Session[]> {
    const { status, agentId } = optionsOf(options);
    const agent = optionalText('agentId', agentId);
    const where = [
      ...(status === undefined ? [] : [{ field: 'status', oneOf: [readSessionStatus(status)] }]),
      ...(agent === undefined ? [] : [{ field: 'agent', oneOf: [hint(agent)] }]),
    ];
    const query = { kind: sessionKind, where, orderBy: 'created' };
    const found = await this.#log.findRecords(query, readPage(options, pageLimits.rows));
    for (const { id, version } of found) this.#known.note(id, version);
    return found.map(sessionOfRecord);
  }

  async deleteSession(sessionId: string): Promise<void> {
    this.#appends.issue(sessionId);
    await this.#turns.take(sessionId, async () => {
      for (;;) {
        const info = await this.#log.info(sessionId);
        if (info === undefined || info.kind !== 'session') break;
        try {
          await this.#log.remove(info.head);
        } catch (error) {
          // Somebody appended meanwhile: what is there now goes.
          if (!(error instanceof ConcurrentWriterError)) throw error;
        }
      }
      this.#known.forget(`${sessionId}/`);
    });
  }

  async saveRun(run: Execution): Promise<Execution> {
    checkArguments('saveRun', { run: [run, 'object'] });
    const document = documentOfExecution(run);
    const version = await this.#save(document, run.startedAt);
    return Object.freeze({ ...executionFromJson(executionToJson(run)), version });
  }

  async getRun(runId: string): Promise<Execution> {
    checkArguments('getRun', { runId: [runId, 'text'] });
    const record = await findExecution(this.#log, runId);
    if (record === undefined) {
      throw sessionError('run_not_found', `run '${runId}' is not there`, { details: { run_id: runId } });
    }
    this.#known.note(record.id, record.version);
    return executionOfRecord(record);
  }

  async listRuns(sessionId: string, options: ListRunsOptions = {}): Promise<readonly Execution[]> {
    checkArguments('listRuns', { sessionId: [sessionId, 'text'] });
    const { status } = optionsOf(options);
    const where = [
      { field: 'place', ...placesOf(sessionId) },
      ...(status === undefined ? [] : [{ field: 'status', oneOf: [readExecutionStatus(status)] }]),
    ];
    const query = { kind: executionKind, where, orderBy: 'place' };
    const found = await this.#log.findRecords(query, readPage(options, pageLimits.rows));
    for (const { id, version } of found) this.#known.note(id, version);
    return found.map(executionOfRecord);
  }

  async getActiveRun(sessionId: string): Promise<Execution | null> {
    checkArguments('getActiveRun', { sessionId: [sessionId, 'text'] });
    const where = [{ field: 'running', ...placesOf(sessionId) }];
    const query = { kind: executionKind, where, orderBy: 'running', descending: true };
    const [record] = await this.#log.findRecords(query, { limit: 1 });
    if (record === undefined) return null;
    this.#known.note(record.id, record.version);
    return executionOfRecord(record);
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
    options: AppendOptions = {},
  ): Promise<readonly SessionEvent[]> {
    const { ifLatest } = optionsOf(options);
    const taken = takeEvents(events);
    if (taken.length === 0) return [];
    if (ifLatest !== undefined) {
      for (const { sessionId } of taken) this.#appends.issue(sessionId);
      return appendBehind(this.#log, taken, ifLatest, this.#forms);
    }
    // Where nothing has to reach a disk there is no commit to share.
    const isDurable = this.capabilities.durability !== 'memory';
    return isDurable ? this.#appends.append(taken) : appendTaken(this.#log, taken, this.#forms);
  }

  async flush(result: ExecutionResult): Promise<void> {
    const { session, run, events, providerMetadata } = checkResult(result);
    const taken = takeEvents(events);
    this.#appends.issue(session.id);
    const told =
      run === null
        ? []
        : [{ ...run, providerMetadata: mergeObjects(run.providerMetadata, providerMetadata) }];
    const documents = [documentOfSession(session), ...told.map(documentOfExecution)];
    await this.#turns.take(session.id, async () => {
      const due = await this.#plan(documents);
      const writes = due.flatMap(({ write }) => (write === null ? [] : [write]));
      const [part = newPart(session.id, [], session.createdAt)] = partsOf(taken);
      const [committed] = await this.#log.commitSessions([part], writes);
      // Events that were all there already are a commit that was done before; the rows may be news.
      if (taken.length > 0 && committed?.appended === 0 && writes.length > 0) {
        await this.#log.commitSessions([newPart(session.id, [], session.createdAt)], writes);
      }
      this.#note(due);
    });
  }

  async getEvents(sessionId: string, options: GetEventsOptions = {}): Promise<readonly SessionEvent[]> {
    const question = readEventsQuestion(options);
    return question.waitMs > 0
      ? awaitEvents(this.#log, sessionId, question, this.#forms, this.#waiting)
      : readEvents(this.#log, sessionId, question, this.#forms);
  }

  async getLatestSequence(sessionId: string): Promise<number> {
    const info = await this.#log.info(sessionId);
    return info?.kind === 'session' ? info.head.seq : 0;
  }

  async close(): Promise<void> {
    this.#appends.issueAll();
    await this.#log.close();
  }

  /** Writes one row, and the log that it stands beside when that is not there. Returns the row's version. */
  async #save(document: Document, createdAt: string): Promise<number> {
    return this.#turns.take(document.sessionId, async () => {
      const due = await this.#plan([document]);
      const writes = due.flatMap(({ write }) => (write === null ? [] : [write]));
      if (writes.length > 0) {
        await this.#log.commitSessions([newPart(document.sessionId, [], createdAt)], writes);
      }
      this.#note(due);
      return due[0]?.version ?? 0;
    });
  }

  async #plan(documents: readonly Document[]): Promise<readonly DueWrite[]> {
    const due: DueWrite[] = [];
    for (const document of documents) due.push(await planDocument(this.#log, this.#known, document));
    return due;
  }

  #note(due: readonly DueWrite[]): void {
    for (const { document, version } of due) this.#known.note(document.id, version);
  }
}

function absentSession(sessionId: string): Error {
  return sessionError('session_not_found', `session '${sessionId}' is not there`, {
    details: { session_id: sessionId },
  });
}
