/**
 * Decides how a store of version 0.7 is lifted: `appendEvents` is a loop over its single append, `flush` writes the events and then
 * the rows, and it does not pretend that either is whole. Sent again, what was interrupted is completed.
 */
import { mergeObjects } from '../../base/index.ts';
import { concurrentWriter } from '../../log/index.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { takeEvents } from '../store/append-events.ts';
import { checkResult } from '../store/check-result.ts';
import type { SessionStore, SessionStoreCapabilities } from '../store/port.ts';
import { Turns } from '../store/turns.ts';

/** The twelve operations of version 0.7. */
export type LegacySessionStore = Omit<SessionStore, 'appendEvents' | 'flush' | 'capabilities'>;

/** A session store of one that can append single events only. What is no event is refused before the first is written. */
export function liftSessionStore(
  legacy: LegacySessionStore,
  capabilities: Omit<SessionStoreCapabilities, 'atomicCommit'>,
): SessionStore {
  const turns = new Turns();
  const appendEvents: SessionStore['appendEvents'] = async (events, { ifLatest } = {}) => {
    takeEvents(events);
    return turns.take('', async () => {
      if (ifLatest !== undefined) await checkLatest(legacy, events, ifLatest);
      const stored: SessionEvent[] = [];
      for (const event of events) stored.push(await legacy.appendEventWithSequence(event));
      return stored;
    });
  };
  return {
    capabilities: { ...capabilities, atomicCommit: false },
    saveSession: (session) => legacy.saveSession(session),
    getSession: (sessionId) => legacy.getSession(sessionId),
    listSessions: (options) => legacy.listSessions(options),
    deleteSession: (sessionId) => legacy.deleteSession(sessionId),
    saveRun: (run) => legacy.saveRun(run),
    getRun: (runId) => legacy.getRun(runId),
    listRuns: (sessionId, options) => legacy.listRuns(sessionId, options),
    getActiveRun: (sessionId) => legacy.getActiveRun(sessionId),
    appendEvent: (event) => legacy.appendEvent(event),
    appendEventWithSequence: (event) => legacy.appendEventWithSequence(event),
    appendEvents,
    async flush(result) {
      const { session, run, events, providerMetadata } = checkResult(result);
      // A completed run never stands without its events: they come first.
      await appendEvents(events);
      if (run !== null) {
        const told = mergeObjects(run.providerMetadata, providerMetadata);
        await legacy.saveRun({ ...run, providerMetadata: told });
      }
      await legacy.saveSession(session);
    },
    getEvents: (sessionId, options) => legacy.getEvents(sessionId, options),
    getLatestSequence: (sessionId) => legacy.getLatestSequence(sessionId),
  };
}

/** As good as a store can that has no such condition: another process is not seen between the look and the write. */
async function checkLatest(
  legacy: LegacySessionStore,
  [first]: readonly SessionEvent[],
  ifLatest: number,
): Promise<void> {
  if (first === undefined) return;
  const actual = await legacy.getLatestSequence(first.sessionId);
  if (actual !== ifLatest)
    throw concurrentWriter({ what: 'run', id: first.sessionId, expected: ifLatest, actual });
}
