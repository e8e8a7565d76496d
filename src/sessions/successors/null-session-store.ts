/** Decides what a store is that keeps nothing: everything is checked and counted, nothing is there afterwards. */
import { sessionError } from '../errors/session-error.ts';
import { takeEvents } from '../store/append-events.ts';
import { checkResult } from '../store/check-result.ts';
import { readEventsQuestion } from '../store/options.ts';
import type { SessionStore } from '../store/port.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { documentOfExecution, documentOfSession } from '../store/documents.ts';

/** A session store for what nobody wants to keep. It holds one number for each session that events were appended to. */
export function nullSessionStore(): SessionStore {
  const counters = new Map<string, number>();
  const append = (events: readonly SessionEvent[]): readonly SessionEvent[] => {
    takeEvents(events);
    return events.map((event) => {
      const sequenceNumber = (counters.get(event.sessionId) ?? 0) + 1;
      counters.set(event.sessionId, sequenceNumber);
      return { ...event, sequenceNumber };
    });
  };
  return {
    capabilities: { durability: 'memory', shared: false, atomicCommit: true, waits: false },
    async saveSession(session) {
      documentOfSession(session);
      return session;
    },
    async getSession(sessionId) {
      throw sessionError(
        'session_not_found',
        `session '${sessionId}' is not there: this store keeps nothing`,
      );
    },
    listSessions: async () => [],
    async deleteSession(sessionId) {
      counters.delete(sessionId);
    },
    async saveRun(run) {
      documentOfExecution(run);
      return run;
    },
    async getRun(runId) {
      throw sessionError('run_not_found', `run '${runId}' is not there: this store keeps nothing`);
    },
    listRuns: async () => [],
    getActiveRun: async () => null,
    async appendEvent(event) {
      append([event]);
    },
    async appendEventWithSequence(event) {
      return append([event])[0] ?? event;
    },
    appendEvents: async (events) => append(events),
    async flush(result) {
      const { session, run, events } = checkResult(result);
      documentOfSession(session);
      if (run !== null) documentOfExecution(run);
      append(events);
    },
    async getEvents(_sessionId, options = {}) {
      readEventsQuestion(options);
      return [];
    },
    getLatestSequence: async (sessionId) => counters.get(sessionId) ?? 0,
  };
}
