// Decides which wrong session stores there are: a right one in memory with one promise broken, and the case that has to notice.
import type { SessionStoreMaker } from '../../../src/conformance/index.ts';
import type { SessionEvent, SessionStore } from '../../../src/sessions/index.ts';
import { legacyOf } from './lifted-places.ts';
import { memoryPlaces } from '../memory-places.ts';
import { sessionPlaces } from './session-places.ts';

export interface WrongSessionStore {
  /** Goes on after "a session store that". */
  readonly name: string;
  /** The case that must fail; others may. */
  readonly caughtBy: string;
  readonly maker: SessionStoreMaker;
}

type Methods = Partial<SessionStore>;

function wrong(name: string, caughtBy: string, methods: (inner: SessionStore) => Methods): WrongSessionStore {
  const right = sessionPlaces(memoryPlaces());
  const twist = (store: SessionStore): SessionStore => ({
    capabilities: store.capabilities,
    ...legacyOf(store),
    appendEvents: (events) => store.appendEvents(events),
    flush: (result) => store.flush(result),
    ...methods(store),
  });
  const make: SessionStoreMaker['make'] = async () => {
    const place = await right.make();
    return {
      open: async () => twist(await place.open()),
      otherHandle: async () => twist(await place.otherHandle()),
      reopen: async () => twist(await place.reopen()),
      closeAll: () => place.closeAll(),
      destroy: () => place.destroy(),
    };
  };
  return { name, caughtBy, maker: { name, make } };
}

/** Hands the first events of a batch in, and then the rest. */
async function inTwo(inner: SessionStore, events: readonly SessionEvent[]): Promise<readonly SessionEvent[]> {
  const first = await inner.appendEvents(events.slice(0, 2));
  return [...first, ...(await inner.appendEvents(events.slice(2)))];
}

export const wrongSessionStores: readonly WrongSessionStore[] = [
  wrong('forgets tags', 'session/every-field-kept', (inner) => ({
    saveSession: (session) => inner.saveSession({ ...session, tags: [] }),
  })),
  wrong('brings a marked session back with an old copy', 'session/marked-stays-marked', (inner) => ({
    async saveSession(session) {
      const present = await inner.getSession(session.id).catch(() => null);
      return inner.saveSession({ ...session, version: session.version ?? present?.version ?? null });
    },
  })),
  wrong('cuts times to the millisecond', 'session/every-field-kept', (inner) => ({
    getSession: async (id) => {
      const session = await inner.getSession(id);
      return { ...session, createdAt: `${session.createdAt.slice(0, 23)}000Z` };
    },
  })),
  wrong('ignores the offset of lists', 'session/listed-in-pages', (inner) => ({
    listSessions: ({ offset: _offset, ...options } = {}) => inner.listSessions(options),
  })),
  wrong('leaves the runs of a deleted session', 'session/deleted-with-everything', (inner) => {
    const deleted = new Map<string, Awaited<ReturnType<SessionStore['listRuns']>>>();
    return {
      async deleteSession(id) {
        deleted.set(id, await inner.listRuns(id));
        await inner.deleteSession(id);
      },
      listRuns: async (id, options) => deleted.get(id) ?? inner.listRuns(id, options),
    };
  }),
  wrong('has one space of event ids for all sessions', 'append/ids-are-apart-by-session', (inner) => {
    const seen = new Map<string, SessionEvent>();
    return {
      async appendEventWithSequence(event) {
        const stored = seen.get(event.id) ?? (await inner.appendEventWithSequence(event));
        seen.set(event.id, stored);
        return stored;
      },
    };
  }),
  wrong(
    'keeps the first content without a word',
    'append/other-content-under-a-known-id-is-refused',
    (inner) => ({
      appendEvent: (event) => inner.appendEvent(event).catch(() => undefined),
    }),
  ),
  wrong('does not heed what its writer has seen', 'append/behind-the-number-that-was-seen', (inner) => ({
    appendEvents: (events) => inner.appendEvents(events),
  })),
  wrong('numbers from zero', 'append/numbers-count-from-one', (inner) => ({
    async appendEventWithSequence(event) {
      const stored = await inner.appendEventWithSequence(event);
      return { ...stored, sequenceNumber: (stored.sequenceNumber ?? 0) - 1 };
    },
  })),
  wrong('takes the number of the caller', 'append/number-of-the-caller-is-ignored', (inner) => ({
    async appendEventWithSequence(event) {
      const stored = await inner.appendEventWithSequence(event);
      return { ...stored, sequenceNumber: event.sequenceNumber ?? stored.sequenceNumber };
    },
  })),
  wrong('answers a batch without what came twice', 'append/twice-in-one-batch', (inner) => ({
    appendEvents: (events) =>
      inner.appendEvents([...new Map(events.map((event) => [event.id, event])).values()]),
  })),
  wrong('writes a batch in two commits', 'together/batches-are-contiguous', (inner) => ({
    appendEvents: (events) => inTwo(inner, events),
  })),
  wrong('takes since for after', 'reading/since-is-inclusive', (inner) => ({
    async getEvents(id, options = {}) {
      const events = await inner.getEvents(id, options);
      return events.filter(
        ({ timestamp }) => timestamp !== '2026-01-01T00:00:10.000000Z' || options.since === undefined,
      );
    },
  })),
  wrong('applies the limit before the filters', 'reading/conditions-hold-together', (inner) => ({
    async getEvents(id, options = {}) {
      const { limit = 1000, type, runId, ...rest } = options;
      const page = await inner.getEvents(id, { ...rest, limit });
      return page.filter(
        (event) => event.type === (type ?? event.type) && event.runId === (runId ?? event.runId),
      );
    },
  })),
  wrong('reads without a bound', 'reading/pages-are-bounded', (inner) => ({
    getEvents: (id, options = {}) => inner.getEvents(id, { limit: 10_000, ...options }),
  })),
  wrong('flushes the rows before it looks at the events', 'flush/refused-event-refuses-all', (inner) => ({
    async flush(result) {
      await inner.saveSession(result.session);
      await inner.flush(result);
    },
  })),
  wrong(
    'forgets the rows of a flush whose events are there',
    'flush/rows-move-on-with-events-that-are-there',
    (inner) => ({
      async flush(result) {
        const known = new Set((await inner.getEvents(result.session.id)).map(({ id }) => id));
        if (result.events.length === 0 || result.events.some(({ id }) => !known.has(id)))
          await inner.flush(result);
      },
    }),
  ),
  wrong('lets an ended run run again', 'state/ended-run-never-runs-again', (inner) => ({
    saveRun: async (run) => inner.saveRun(run).catch(() => run),
  })),
  wrong('lets the last save win', 'state/stale-save-is-refused', (inner) => ({
    async saveSession(session) {
      const present = await inner.getSession(session.id).catch(() => null);
      return inner.saveSession({ ...session, version: present?.version ?? null });
    },
  })),
  wrong('wakes whoever waits with nothing', 'wait/not-woken-by-what-does-not-fit', (inner) => ({
    async getEvents(id, { waitTimeoutMs, ...options } = {}) {
      if (waitTimeoutMs === undefined) return inner.getEvents(id, options);
      const { type: _type, runId: _runId, ...unfiltered } = options;
      const woken = await inner.getEvents(id, { ...unfiltered, waitTimeoutMs });
      return woken.filter((event) => event.type === options.type && event.runId === options.runId);
    },
  })),
  wrong('does not wait', 'wait/woken-by-an-append', (inner) => ({
    getEvents: (id, { waitTimeoutMs: _wait, ...options } = {}) => inner.getEvents(id, options),
  })),
  wrong('has a running run for ever', 'run/none-is-active', (inner) => ({
    getActiveRun: async (id) => (await inner.listRuns(id)).at(-1) ?? null,
  })),
];
