/** Decides what a person is shown of a session: its row, its runs and what was said, or its events, read from a store and never written. */
import { checkedOptions, checkOptionNames } from '../../base/index.ts';
import {
  followSession,
  readTranscript,
  type Session,
  type SessionEvent,
  type TranscriptMessage,
} from '../../sessions/index.ts';
import type { ShownExecution } from '../../view/index.ts';
import { nodePlatform } from '../node-platform.ts';
import { openStore } from '../open-store.ts';
import { openSessionStore } from './open-session-store.ts';
import { judgedRuns } from './run-owner.ts';

/** A session with its runs and messages. */
export interface ShownSession {
  readonly session: Session;
  /** In the order in which they were made; at most 1,000. */
  readonly runs: readonly ShownExecution[];
  /** The end of what was said, at most 400,000 characters. */
  readonly messages: readonly TranscriptMessage[];
}

/** Rejects with `SessionNotFoundError`, and with the errors of the store. */
export async function readSession(url: string, sessionId: string): Promise<ShownSession> {
  const store = await openSessionStore(await openStore(url, { mode: 'read' }));
  try {
    const session = await store.getSession(sessionId);
    const runs = await store.listRuns(sessionId, { limit: 1000 });
    return { session, runs: judgedRuns(runs), messages: await readTranscript(store, sessionId) };
  } finally {
    await store.close();
  }
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({ isFollowed: true } satisfies Record<
  keyof NonNullable<Parameters<typeof readSessionEvents>[2]>,
  true
>);

/** The stored events, and with `isFollowed` each new one, without an end. Rejects as `readSession`. */
export async function* readSessionEvents(
  url: string,
  sessionId: string,
  options: { readonly isFollowed?: boolean } = {},
): AsyncGenerator<SessionEvent> {
  checkOptionNames('readSessionEvents', checkedOptions('readSessionEvents', options), optionNames);
  const { isFollowed = false } = options;
  const store = await openSessionStore(await openStore(url, { mode: 'read' }));
  try {
    await store.getSession(sessionId);
    yield* followSession(store, sessionId, nodePlatform, { isOnlyStored: !isFollowed });
  } finally {
    await store.close();
  }
}
