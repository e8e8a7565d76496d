/** Decides what a manager hears of a store that breaks: an error with a code, whatever the store throws. */
import { isStructuredError } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { SessionStore } from '../store/port.ts';

/** The store, whose errors without a code become `StorageConnectionError`, with what was thrown as `cause`. */
export function guardedStore(store: SessionStore): SessionStore {
  const guarded = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await work();
    } catch (error) {
      if (isStructuredError(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw sessionError('storage_connection_failed', `the store broke down: ${reason}`, {
        details: { reason },
        cause: error,
      });
    }
  };
  return Object.freeze<SessionStore>({
    capabilities: store.capabilities,
    saveSession: (session) => guarded(() => store.saveSession(session)),
    getSession: (id) => guarded(() => store.getSession(id)),
    listSessions: (options) => guarded(() => store.listSessions(options)),
    deleteSession: (id) => guarded(() => store.deleteSession(id)),
    saveRun: (run) => guarded(() => store.saveRun(run)),
    getRun: (id) => guarded(() => store.getRun(id)),
    listRuns: (id, options) => guarded(() => store.listRuns(id, options)),
    getActiveRun: (id) => guarded(() => store.getActiveRun(id)),
    appendEvent: (event) => guarded(() => store.appendEvent(event)),
    appendEventWithSequence: (event) => guarded(() => store.appendEventWithSequence(event)),
    appendEvents: (events, options) => guarded(() => store.appendEvents(events, options)),
    flush: (result) => guarded(() => store.flush(result)),
    getEvents: (id, options) => guarded(() => store.getEvents(id, options)),
    getLatestSequence: (id) => guarded(() => store.getLatestSequence(id)),
  });
}
