/**
 * Decides what a process writes until it is killed: a small life of one session with one run, in writes that can be counted, each with
 * what the store holds behind it. The same life comes out in every process, so that the next one can go on with it.
 */
import {
  countingMint,
  type Execution,
  type ExecutionStatus,
  moveExecution,
  moveSession,
  newSessionEvent,
  type Session,
  type SessionEvent,
  type SessionEventType,
  type SessionStatus,
  type SessionStore,
} from '../../../sessions/index.ts';
import { sampleRun, sampleSession } from '../samples.ts';

/** What the store holds: how many events, and the states of the rows. */
export interface SessionStand {
  readonly events: number;
  readonly session: SessionStatus | null;
  readonly run: ExecutionStatus | null;
}

/** One call that changes the store. Each may be made again, by the next process, when it is not sure of it. */
export interface SessionKillWrite {
  readonly name: string;
  readonly stand: SessionStand;
  run(store: SessionStore): Promise<void>;
}

export const killedSession = 's1';
export const killedSessionRun = 'r1';
const batchSize = 200;

/** All events of the life, in order. Long enough for a batch to take its time. */
export function lifeEvents(): readonly SessionEvent[] {
  const mint = countingMint();
  const types: readonly SessionEventType[] = [
    'session_started',
    'run_started',
    ...Array.from({ length: 1 + batchSize }, () => 'message_streamed' as const),
    'run_completed',
    'session_completed',
  ];
  return types.map((type, index) => {
    const runId = type.startsWith('session') ? null : killedSessionRun;
    const data = { content: `${index} ${'x'.repeat(300)}` };
    return newSessionEvent({ id: `e${index + 1}`, type, sessionId: killedSession, runId, data }, mint);
  });
}

interface Rows {
  readonly session: Session;
  readonly run: Execution;
}

/** The rows as they are when the run goes on, and when all is over. */
function rowsWhen(when: 'under way' | 'over'): Rows {
  const mint = countingMint();
  const active = moveSession(sampleSession(mint, killedSession), 'active', mint);
  const running = moveExecution(sampleRun(mint, killedSessionRun, killedSession), 'running', mint);
  if (when === 'under way') return { session: active, run: running };
  return { session: moveSession(active, 'completed', mint), run: moveExecution(running, 'completed', mint) };
}

export const sessionKillWrites: readonly SessionKillWrite[] = [
  {
    name: 'the making of the session',
    stand: { events: 0, session: 'pending', run: null },
    run: async (store) => void (await store.saveSession(sampleSession(countingMint(), killedSession))),
  },
  flushed('the beginning of the run', 'under way', 0, 2),
  appended('the first piece of a message', 2, 1),
  appended('a batch', 3, batchSize),
  flushed('the end of the run', 'over', 3 + batchSize, 2),
];

function flushed(name: string, when: 'under way' | 'over', after: number, count: number): SessionKillWrite {
  const { session, run } = rowsWhen(when);
  return {
    name,
    stand: { events: after + count, session: session.status, run: run.status },
    run: async (store) => {
      // Who writes without a version means the row that it has seen last.
      await store.getSession(killedSession);
      await store.listRuns(killedSession);
      await store.flush({ session, run, events: lifeEvents().slice(after, after + count) });
    },
  };
}

function appended(name: string, after: number, count: number): SessionKillWrite {
  return {
    name,
    stand: { events: after + count, session: 'active', run: 'running' },
    run: async (store) => void (await store.appendEvents(lifeEvents().slice(after, after + count))),
  };
}

export const noSession: SessionStand = { events: 0, session: null, run: null };

/** What a store holds of the life. */
export async function standOf(store: SessionStore): Promise<SessionStand> {
  const sessions = await store.listSessions();
  const runs = await store.listRuns(killedSession);
  return {
    events: await store.getLatestSequence(killedSession),
    session: sessions.find(({ id }) => id === killedSession)?.status ?? null,
    run: runs.find(({ id }) => id === killedSessionRun)?.status ?? null,
  };
}
