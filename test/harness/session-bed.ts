// A session store in memory with managers on it, as many as a test has processes, and agents that follow a script.
import { nodePlatform, sha256 } from 'runlog';
import { MemoryDatabase, openMemoryStore } from 'runlog/log';
import {
  type AgentEvent,
  countingMint,
  type Execution,
  openLogSessionStore,
  scriptedAgent,
  type ScriptedAgentOptions,
  type SessionEvent,
  SessionManager,
  type SessionManagerOptions,
  type SessionStore,
} from 'runlog/sessions';

export type Play = ScriptedAgentOptions['play'];

export interface SessionBed {
  readonly store: SessionStore;
  /** A further handle on the same data. */
  readonly otherStore: () => SessionStore;
  readonly manager: (play: Play, more?: Partial<SessionManagerOptions>) => SessionManager;
  /** Lets every lease lapse. */
  readonly lapse: () => void;
  readonly types: (sessionId: string) => Promise<readonly string[]>;
  readonly events: (sessionId: string) => Promise<readonly SessionEvent[]>;
}

/** A store, some of whose methods are others. */
export function replacedStore(store: SessionStore, methods: Partial<SessionStore>): SessionStore {
  const bound: SessionStore = {
    capabilities: store.capabilities,
    saveSession: (session) => store.saveSession(session),
    getSession: (id) => store.getSession(id),
    listSessions: (options) => store.listSessions(options),
    deleteSession: (id) => store.deleteSession(id),
    saveRun: (run) => store.saveRun(run),
    getRun: (id) => store.getRun(id),
    listRuns: (id, options) => store.listRuns(id, options),
    getActiveRun: (id) => store.getActiveRun(id),
    appendEvent: (event) => store.appendEvent(event),
    appendEventWithSequence: (event) => store.appendEventWithSequence(event),
    appendEvents: (events, options) => store.appendEvents(events, options),
    flush: (result) => store.flush(result),
    getEvents: (id, options) => store.getEvents(id, options),
    getLatestSequence: (id) => store.getLatestSequence(id),
  };
  return { ...bound, ...methods };
}

export const newCanceller = (): AbortController => new AbortController();

export function sessionBed(): SessionBed {
  const database = new MemoryDatabase();
  const { sleep } = nodePlatform;
  let skewMs = 0;
  const nowMs = (): number => Date.UTC(2026, 10, 21) + skewMs;
  const open = () =>
    openLogSessionStore(openMemoryStore({ sha256, nowMs, database }), { sleep, newCanceller });
  const store = open();
  const mint = countingMint(Date.UTC(2026, 10, 21));
  let managers = 0;
  const events = (sessionId: string) => store.getEvents(sessionId, { limit: 10_000 });
  return {
    store,
    otherStore: open,
    manager: (play, more = {}) =>
      new SessionManager({
        store,
        agent: scriptedAgent({ name: 'claude', newCanceller, play }),
        mint,
        sha256,
        platform: { nowMs, sleep, newCanceller },
        owner: `process ${(managers += 1)}`,
        ...more,
      }),
    lapse: () => {
      skewMs += 3_600_000;
    },
    events,
    types: async (sessionId) => (await events(sessionId)).map(({ type }) => type),
  };
}

export const tool = { tool_call_id: 't1', tool_name: 'bash' };

/** What the agent of scenario 14 tells, without the end. */
export const hello: readonly AgentEvent[] = [
  { type: 'run_started', data: { session_id: 'p1', model: 'claude-sonnet-4-5-20250929' } },
  { type: 'message_streamed', data: { content: 'hel', delta: 'hel' } },
  { type: 'message_streamed', data: { content: 'lo', delta: 'lo' } },
  { type: 'tool_call_started', data: { ...tool, tool_input: { command: 'ls' } } },
  { type: 'tool_call_completed', data: { ...tool, tool_output: 'a.txt' } },
  { type: 'message_received', data: { content: 'hello', role: 'assistant' } },
  { type: 'token_usage_updated', data: { input_tokens: 1000, output_tokens: 500 } },
];

export const sayHello: Play = async ({ tell }) => {
  for (const event of hello) await tell(event);
  await tell({ type: 'run_completed', data: { stop_reason: 'end_turn' } });
  return {
    output: { content: 'hello' },
    tokenUsage: { input_tokens: 1000, output_tokens: 500 },
    costUsd: null,
    model: 'claude-sonnet-4-5-20250929',
    providerSessionId: 'p1',
    turnCount: 1,
  };
};

const ends: readonly string[] = ['run_completed', 'run_failed', 'run_cancelled', 'run_timeout'];

/** What does not agree in a session: its row, the rows of its runs, and its events. Empty when all do. */
export async function disagreements(store: SessionStore, sessionId: string): Promise<readonly string[]> {
  const session = await store.getSession(sessionId);
  const events = await store.getEvents(sessionId, { limit: 10_000 });
  const found: string[] = [];
  for (const run of await store.listRuns(sessionId)) found.push(...(await ofRun(run, events)));
  const state = events.filter(({ type }) => type.startsWith('session_')).at(-1)?.type;
  const wanted = {
    pending: 'session_created',
    active: 'session_started',
    paused: 'session_paused',
    completed: 'session_completed',
    failed: 'session_failed',
    cancelled: 'session_cancelled',
  }[session.status];
  const isResumed = session.status === 'active' && state === 'session_resumed';
  if (state !== wanted && !isResumed) found.push(`session is ${session.status}, its last event ${state}`);
  if (events[0]?.type !== 'session_created') found.push(`the first event is ${events[0]?.type}`);
  if (events.some(({ sequenceNumber }, index) => sequenceNumber !== index + 1))
    found.push('numbers have gaps');
  return found;
}

async function ofRun(run: Execution, events: readonly SessionEvent[]): Promise<readonly string[]> {
  const told = events
    .filter(({ runId, type }) => runId === run.id && ends.includes(type))
    .map(({ type }) => type);
  const isOver = run.status !== 'pending' && run.status !== 'running';
  const wanted = isOver ? [`run_${run.status}`] : [];
  const found: string[] = [];
  if (JSON.stringify(told) !== JSON.stringify(wanted))
    found.push(`run is ${run.status}, its ends are ${JSON.stringify(told)}`);
  const isAsked = events.some(({ runId, type }) => runId === run.id && type === 'message_sent');
  // One that was cancelled may have waited until then.
  const hasBegun = run.status !== 'pending' && run.status !== 'cancelled';
  if (hasBegun && typeof run.input === 'string' && !isAsked)
    found.push(`run is ${run.status}, and nobody asked for it`);
  return found;
}
