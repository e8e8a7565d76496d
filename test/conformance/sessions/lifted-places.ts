// Decides how the kit gets the two session stores that are made of less: one of version 0.7, and one of four primitives.
import type { SessionStoreMaker } from '../../../src/conformance/index.ts';
import {
  type LegacySessionStore,
  liftSessionStore,
  type SessionPrimitives,
  type SessionState,
  type SessionStore,
  sessionStoreOf,
} from '../../../src/sessions/index.ts';

/** Twelve of the fourteen operations of a store, as one of version 0.7 had them. */
export function legacyOf(store: SessionStore): LegacySessionStore {
  return {
    saveSession: (session) => store.saveSession(session),
    getSession: (sessionId) => store.getSession(sessionId),
    listSessions: (options) => store.listSessions(options),
    deleteSession: (sessionId) => store.deleteSession(sessionId),
    saveRun: (run) => store.saveRun(run),
    getRun: (runId) => store.getRun(runId),
    listRuns: (sessionId, options) => store.listRuns(sessionId, options),
    getActiveRun: (sessionId) => store.getActiveRun(sessionId),
    appendEvent: (event) => store.appendEvent(event),
    appendEventWithSequence: (event) => store.appendEventWithSequence(event),
    getEvents: (sessionId, options) => store.getEvents(sessionId, options),
    getLatestSequence: (sessionId) => store.getLatestSequence(sessionId),
  };
}

/** The places of another maker, with each of its stores cut down to version 0.7 and lifted again. */
export function liftedPlaces(maker: SessionStoreMaker): SessionStoreMaker {
  const lift = (store: SessionStore): SessionStore => liftSessionStore(legacyOf(store), store.capabilities);
  return {
    name: `lifted ${maker.name}`,
    async make() {
      const place = await maker.make();
      const openDying = async (n: number): Promise<SessionStore> =>
        lift(await (place.openDying?.(n) ?? place.open()));
      return {
        open: async () => lift(await place.open()),
        otherHandle: async () => lift(await place.otherHandle()),
        reopen: async () => lift(await place.reopen()),
        closeAll: () => place.closeAll(),
        ...(place.openDying === undefined ? {} : { openDying }),
        destroy: () => place.destroy(),
      };
    },
  };
}

/** Four primitives on a map that outlives its handles, as a folder of files would. */
export function primitivePlaces(): SessionStoreMaker {
  return {
    name: 'four primitives',
    async make() {
      const states = new Map<string, SessionState>();
      const primitives: SessionPrimitives = {
        load: async (sessionId) => states.get(sessionId) ?? null,
        async replace(sessionId, state) {
          if (state === null) states.delete(sessionId);
          else states.set(sessionId, state);
        },
        list: async () => [...states.keys()],
        async sessionOf(runId) {
          for (const [id, { runs }] of states) if (runs.some((run) => run.id === runId)) return id;
          return null;
        },
      };
      const open = async (): Promise<SessionStore> => sessionStoreOf(primitives, { durability: 'process' });
      const nothing = async (): Promise<void> => undefined;
      return { open, otherHandle: open, reopen: open, closeAll: nothing, destroy: nothing };
    },
  };
}
