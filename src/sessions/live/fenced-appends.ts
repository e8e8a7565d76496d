/**
 * Decides that the events of a run are stored by its owner alone: each append names the last number of the session that was seen while the
 * lease was held. Whoever takes a run over writes an event in the same commit, so an append of the one before comes too late, however long
 * it was on its way; then the lease is looked at again.
 */
import { ConcurrentWriterError } from '../../log/index.ts';
import type { SessionEvent } from '../model/session-event.ts';
import type { EventStore } from '../pipeline/event-store.ts';
import type { SessionStore } from '../store/port.ts';
import type { LeaseKeeper } from './lease-keeper.ts';

/** `appendEvents` rejects with `InvalidOperationError` when the run is somebody else's, or has ended. */
export function fencedAppends(store: SessionStore, sessionId: string, keeper: LeaseKeeper): EventStore {
  let latest: number | null = null;
  /** The number is read first: what is written behind it, a takeover too, moves it on. */
  const seenWhileHeld = async (): Promise<number> => {
    const seen = await store.getLatestSequence(sessionId);
    await keeper.own();
    return seen;
  };
  const append = async (events: readonly SessionEvent[], seen: number): Promise<readonly SessionEvent[]> => {
    latest = null;
    const stored = await store.appendEvents(events, { ifLatest: seen });
    const areNew = stored.every(({ sequenceNumber }, index) => sequenceNumber === seen + index + 1);
    latest = areNew ? seen + stored.length : null;
    return stored;
  };
  return {
    getEvents: (id, options) => store.getEvents(id, options),
    appendEvents: async (events) => {
      for (;;) {
        try {
          return await append(events, latest ?? (await seenWhileHeld()));
        } catch (error) {
          // Somebody has written in the session: another run, or the one who has taken this one over.
          if (!(error instanceof ConcurrentWriterError)) throw error;
        }
      }
    },
  };
}
