/** Decides what a person is shown of a session: its row, its runs and what was said, or its events, read from a store and never written. */
import { checkedOptions, checkOptionNames } from '../../base/index.ts';
import {
  type Execution,
  followSession,
  type OpenSessionStore,
  ReturnedAnswers,
  type Session,
  type SessionEvent,
  TranscriptBuilder,
  type TranscriptMessage,
} from '../../sessions/index.ts';
import type { ShownExecution } from '../../view/index.ts';
import { nodePlatform } from '../node-platform.ts';
import { openStore } from '../open-store.ts';
import { openSessionStore } from './open-session-store.ts';
import { judgedRuns } from './run-owner.ts';

const pageSize = 1000;

/** A session with its runs and messages. */
export interface ShownSession {
  readonly session: Session;
  /** In the order in which they were made. */
  readonly runs: readonly ShownExecution[];
  /** All that was said: only what a model is told again is cut to a budget. */
  readonly messages: readonly TranscriptMessage[];
}

/** Rejects with `SessionNotFoundError`, and with the errors of the store. */
export async function readSession(url: string, sessionId: string): Promise<ShownSession> {
  const store = await openSessionStore(await openStore(url, { mode: 'read' }));
  try {
    const session = await store.getSession(sessionId);
    const runs = await allRuns(store, sessionId);
    const rows = new Map(runs.map((run) => [run.id, run]));
    const answers = new ReturnedAnswers({ runOf: async (runId) => rows.get(runId) ?? null });
    const said = new TranscriptBuilder();
    for await (const event of followSession(store, sessionId, nodePlatform, { isOnlyStored: true }))
      said.add(event, await answers.behind(event));
    return { session, runs: judgedRuns(runs), messages: said.messages() };
  } finally {
    await store.close();
  }
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({ isFollowed: true } satisfies Record<
  keyof NonNullable<Parameters<typeof readSessionEvents>[2]>,
  true
>);

async function allRuns(store: OpenSessionStore, sessionId: string): Promise<readonly Execution[]> {
  const runs: Execution[] = [];
  for (;;) {
    const page = await store.listRuns(sessionId, { limit: pageSize, offset: runs.length });
    runs.push(...page);
    if (page.length < pageSize) return runs;
  }
}

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
