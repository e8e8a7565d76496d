/**
 * Decides how a session is followed live, by this process or another: its stored events page by page and then each new one, in the
 * order of their numbers. The store is asked again from the last number seen, so nothing is lost, nothing comes twice and nothing is kept.
 */
import { checkArguments, type Canceller, type Sleep } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { SessionEventType } from '../model/event-types.ts';
import type { SessionEvent } from '../model/session-event.ts';
import type { SessionStore } from '../store/port.ts';

/** From which number on, of which run and type, and whether it ends with what is stored. */
export interface FollowOptions {
  /** Only events behind this number; 0 by default. */
  readonly after?: number;
  readonly runId?: string;
  readonly type?: SessionEventType;
  /** The following ends behind the last event that is stored now, instead of waiting for more. */
  readonly isOnlyStored?: boolean;
}

/** Sleep and canceller of a follower. */
export interface FollowPlatform {
  readonly sleep: Sleep;
  readonly newCanceller: () => Canceller;
}

/** Goes on until it is closed. `close` is safe to call twice, and from anywhere. */
export interface FollowedSession extends AsyncIterableIterator<SessionEvent> {
  close(): void;
}

const pageSize = 500;
/** One asking: a store that waits answers as soon as there is something. */
const waitMs = 1_000;
/** Between two askings of a store that does not wait. */
const pollMs = 250;

type Reader = Pick<SessionStore, 'getEvents' | 'getLatestSequence' | 'capabilities'>;

/**
 * Follows a session live, from a number on, without gaps. A session that is not there yet is waited for; one that is removed after it
 * was seen rejects with `SessionNotFoundError`.
 */
export function followSession(
  store: Reader,
  sessionId: string,
  platform: FollowPlatform,
  options: FollowOptions = {},
): FollowedSession {
  checkArguments('followSession', {
    store: [store, 'with getEvents'],
    sessionId: [sessionId, 'text'],
    platform: [platform, 'with newCanceller'],
    options: [options, 'object'],
  });
  const stop = platform.newCanceller();
  const closed = new Promise<null>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const events = eventsOf(store, sessionId, platform, options, stop, closed);
  const followed: FollowedSession = {
    next: () => events.next(),
    return: async () => {
      stop.abort();
      await events.return(undefined);
      return { done: true, value: undefined };
    },
    close: () => stop.abort(),
    [Symbol.asyncIterator]: () => followed,
  };
  return followed;
}

async function* eventsOf(
  store: Reader,
  sessionId: string,
  { sleep }: FollowPlatform,
  options: FollowOptions,
  { signal }: Canceller,
  closed: Promise<null>,
): AsyncGenerator<SessionEvent, undefined> {
  const { runId, type, isOnlyStored = false } = options;
  const filter = { ...(runId === undefined ? {} : { runId }), ...(type === undefined ? {} : { type }) };
  const before = isOnlyStored ? (await store.getLatestSequence(sessionId)) + 1 : undefined;
  let after = options.after ?? 0;
  let given = 0;
  while (!signal.aborted) {
    const waiting = isOnlyStored ? { before: before ?? 1 } : { waitTimeoutMs: waitMs };
    const asked = store.getEvents(sessionId, { after, limit: pageSize, ...filter, ...waiting });
    const page = await Promise.race([asked, closed]);
    if (page === null) {
      // Its answer is not wanted any more, and neither is its failure.
      asked.catch(() => undefined);
      return;
    }
    for (const event of page) {
      if (signal.aborted) return;
      after = event.sequenceNumber ?? after;
      given = after;
      yield event;
    }
    if (page.length > 0) continue;
    if (isOnlyStored) return;
    if (given > 0 && (await store.getLatestSequence(sessionId)) < given) throw removed(sessionId);
    if (!store.capabilities.waits) await sleep(pollMs, signal);
  }
}

/** Numbers only grow: what was given out and is not there any more went with its session. */
function removed(sessionId: string): Error {
  return sessionError('session_not_found', `session '${sessionId}' was removed while it was followed`, {
    details: { session_id: sessionId },
  });
}
