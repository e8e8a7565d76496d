// A store of events in a list, which can be away, refuse an event, or lose its answer.
import { DuplicateEventError, intake, storeUnavailable, unknownCommit } from '../../src/log/index.ts';
import { type EventStore, sessionError, type SessionEvent } from '../../src/sessions/index.ts';

export interface FlakyStore extends EventStore {
  readonly stored: SessionEvent[];
  /** Sizes of the appends that were asked for. */
  readonly asked: number[];
  /** What the next appends meet; `up` when the list is empty. */
  state: 'up' | 'away' | 'answer-lost';
  /** Ids that are refused for good. */
  readonly refused: Set<string>;
}

export function flakyStore(): FlakyStore {
  const byId = new Map<string, SessionEvent>();
  const store: FlakyStore = {
    stored: [],
    asked: [],
    state: 'up',
    refused: new Set(),
    appendEvents: async (events) => {
      store.asked.push(events.length);
      await Promise.resolve();
      if (store.state === 'away')
        throw storeUnavailable({
          location: 'flaky',
          reason: 'unreachable',
          whatFailed: 'It is away.',
          howToFix: 'Wait.',
        });
      const bad = events.find(({ id }) => store.refused.has(id));
      if (bad !== undefined) throw sessionError('validation_error', `'${bad.id}' is refused`);
      for (const event of events) checkSame(event, byId.get(event.id));
      const stored = events.map((event) => {
        const known = byId.get(event.id);
        if (known !== undefined) return known;
        const made = Object.freeze({ ...event, sequenceNumber: store.stored.length + 1 });
        store.stored.push(made);
        byId.set(event.id, made);
        return made;
      });
      if (store.state === 'answer-lost') throw unknownCommit({ cause: new Error('connection lost') });
      return stored;
    },
    getEvents: async (_, { after = 0, type, runId } = {}) =>
      store.stored.filter(
        (event) =>
          (event.sequenceNumber ?? 0) > after &&
          (type === undefined || event.type === type) &&
          (runId === undefined || event.runId === runId),
      ),
  };
  return store;
}

function checkSame(event: SessionEvent, known: SessionEvent | undefined): void {
  if (known === undefined) return;
  const textOf = (one: SessionEvent): string => intake({ ...one, sequenceNumber: null }).text;
  if (textOf(known) === textOf(event)) return;
  throw new DuplicateEventError({
    summary: `event id '${event.id}' is taken`,
    whatFailed: 'The content differs.',
    why: 'A test says so.',
    howToFix: 'Give it another id.',
  });
}
