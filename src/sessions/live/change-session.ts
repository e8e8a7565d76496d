/**
 * Decides how the row of a session is changed while others change it too: read, changed, written with its events in one commit, and
 * begun again when somebody was faster. What the others wrote stays.
 */
import { ConcurrentWriterError } from '../../log/index.ts';
import type { Session } from '../model/session.ts';
import type { SessionEvent } from '../model/session-event.ts';
import type { SessionStore } from '../store/port.ts';

export interface SessionChange {
  readonly session: Session;
  readonly events: readonly SessionEvent[];
}

/** Lost so often in a row, somebody writes without a pause: the caller is told. */
const attempts = 50;

/** `change` gives the next state, or `null` when there is nothing to change. Rejects with what it throws and with what the store says. */
export async function changeSession(
  store: SessionStore,
  sessionId: string,
  change: (session: Session) => SessionChange | null,
): Promise<Session> {
  return retried(async () => {
    const session = await store.getSession(sessionId);
    const next = change(session);
    if (next === null) return session;
    await store.flush({ ...next, run: null });
    return store.getSession(sessionId);
  });
}

/** Does the work again when a row has moved on under it. */
export async function retried<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConcurrentWriterError) || attempt === attempts) throw error;
    }
  }
}
