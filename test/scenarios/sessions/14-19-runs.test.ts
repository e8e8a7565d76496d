// Scenarios 14 to 19 of agent sessions: a run from its beginning to each of its ends.
import { expect, test } from 'vitest';
import { StoreUnavailableError } from 'runlog/log';
import {
  type AgentEvent,
  CancelledError,
  providerFailure,
  scriptedAgent,
  sessionError,
  sessionErrorCode,
} from 'runlog/sessions';
import {
  disagreements,
  hello,
  newCanceller,
  replacedStore,
  sayHello,
  sessionBed,
} from '../../harness/session-bed.ts';

test('14: a run in a session of its own tells its story in order, with its cost and the session of its provider', async () => {
  const bed = sessionBed();
  const { run, session, costUsd } = await bed.manager(sayHello).runOnce({ prompt: 'say hello' });
  expect([run.status, costUsd, run.costUsd]).toEqual(['completed', '0.0105', 0.0105]);
  const events = await bed.events(session.id);
  expect(events.map(({ type }) => type)).toEqual([
    ...['session_created', 'session_started', 'message_sent', 'run_started'],
    ...['message_streamed', 'message_streamed', 'tool_call_started', 'tool_call_completed'],
    ...['message_received', 'token_usage_updated', 'run_completed', 'session_completed'],
  ]);
  expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect((await bed.store.getSession(session.id)).metadata['provider_sessions']).toEqual({
    claude: { provider_session_id: 'p1', model: 'claude-sonnet-4-5-20250929' },
  });
  expect(new Set(events.map(({ provider }) => provider))).toEqual(new Set(['claude']));
});

test('15: what a provider failed with stands in the run and in its two last events', async () => {
  const bed = sessionBed();
  const data = { provider: 'claude', kind: 'transport_exit', exitCode: 2, stderr: 'x' } as const;
  const manager = bed.manager(async ({ tell }) => {
    for (const event of hello) await tell(event);
    throw sessionError('provider_error', 'the program ended', { providerError: providerFailure(data) });
  });
  const failing = manager.runOnce('go', { session: { id: 's' } });
  await expect(failing).rejects.toMatchObject({ code: 'provider_error' });
  const [run] = await bed.store.listRuns('s');
  const said = { kind: 'transport_exit', exit_code: 2, stderr: 'x' };
  expect(run).toMatchObject({ status: 'failed', error: { provider_error: said } });
  expect(run?.tokenUsage).toEqual({ input_tokens: 1000, output_tokens: 500 });
  expect(run?.costUsd).toBe(0.0105);
  const last = (await bed.events('s')).slice(-2);
  expect(last.map(({ type }) => type)).toEqual(['run_failed', 'session_failed']);
  for (const event of last) expect(event.data).toMatchObject({ provider_error: said });
  expect(await disagreements(bed.store, 's')).toEqual([]);
});

test('16: a store that dies while the end is written gives an error with a code, and the run is found again', async () => {
  const bed = sessionBed();
  let isDead = false;
  const store = replacedStore(bed.store, {
    flush: async (result) => {
      if (isDead) throw new Error('the disk is gone');
      await bed.store.flush(result);
    },
  });
  const play = async () => {
    isDead = true;
    throw sessionError('provider_error');
  };
  const manager = bed.manager(play, { store });
  const failure: unknown = await manager
    .runOnce('go', { session: { id: 's' } })
    .catch((error: unknown) => error);
  expect(sessionErrorCode(failure)).toBe('storage_connection_failed');
  isDead = false;
  bed.lapse();
  expect((await manager.recover()).map(({ status }) => status)).toEqual(['failed']);
  expect(await disagreements(bed.store, 's')).toEqual([]);
});

test('17: events that the store refuses are counted, and whoever listens has heard them', async () => {
  const bed = sessionBed();
  const store = replacedStore(bed.store, {
    appendEvents: async (events) => {
      if (events.some(({ type }) => type.startsWith('tool_')))
        throw new StoreUnavailableError({
          summary: 'away',
          whatFailed: 'The store is away.',
          why: 'Nobody answers.',
          howToFix: 'Wait.',
          context: {},
        });
      return bed.store.appendEvents(events);
    },
  });
  const heard: string[] = [];
  const onEvent = ({ type }: { readonly type: string }): void => void heard.push(type);
  const { persistenceFailures, run } = await bed.manager(sayHello, { store }).runOnce('go', { onEvent });
  expect([run.status, persistenceFailures, run.metadata['persistence_failures']]).toEqual([
    'completed',
    2,
    2,
  ]);
  expect(heard).toEqual([...hello.map(({ type }) => type), 'run_completed']);
});

test('18: a run that is cancelled ends as cancelled, with one event that says so', async () => {
  const bed = sessionBed();
  const manager = bed.manager(async ({ tell, run, signal }) => {
    await tell({ type: 'run_started', data: {} });
    const stopped = new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
    void manager.cancelRun(run.id);
    await stopped;
    throw sessionError('cancelled');
  });
  await manager.startSession({ id: 's' });
  await manager.activateSession('s');
  const { id } = await manager.startRun('s', 'go');
  await expect(manager.executeRun(id)).rejects.toBeInstanceOf(CancelledError);
  expect((await bed.store.getRun(id)).status).toBe('cancelled');
  expect((await bed.types('s')).filter((type) => type.startsWith('run_'))).toEqual([
    'run_started',
    'run_cancelled',
  ]);
  await expect(manager.executeRun(id)).rejects.toMatchObject({ code: 'invalid_transition' });
});

test('19: what others do to a session while a run works is there after it', async () => {
  const bed = sessionBed();
  const other = bed.manager(sayHello);
  const manager = bed.manager(async (scene) => {
    await other.pauseSession('s', 'lunch');
    const session = await bed.store.getSession('s');
    await bed.store.saveSession({ ...session, tags: ['pinned'] });
    return sayHello(scene);
  });
  await manager.startSession({ id: 's' });
  await manager.activateSession('s');
  const { id } = await manager.startRun('s', 'go');
  await manager.executeRun(id);
  expect(await bed.store.getSession('s')).toMatchObject({
    status: 'paused',
    tags: ['pinned'],
    metadata: { provider_sessions: { claude: { provider_session_id: 'p1' } } },
  });
  expect(await disagreements(bed.store, 's')).toEqual([]);
  await expect(manager.startRun('s', 'more')).rejects.toMatchObject({ code: 'invalid_operation' });
});

test('a run that takes longer than its deadline is stopped and ends as timeout', async () => {
  const bed = sessionBed();
  const manager = bed.manager(() => new Promise<never>(() => undefined));
  await manager.startSession({ id: 's' });
  const { id } = await manager.startRun('s', 'go');
  await expect(manager.executeRun(id, { deadlineMs: 20 })).rejects.toMatchObject({ code: 'timeout' });
  expect((await bed.store.getRun(id)).status).toBe('timeout');
  expect((await bed.types('s')).at(-1)).toBe('run_timeout');
});

test('no secret of the input, the output or the error of a run is stored, and the agent gets its input as it was given', async () => {
  const bed = sessionBed();
  const secret = `sk-ant-api03-${'a1B2c3D4'.repeat(4)}`;
  let asked: unknown;
  const said: AgentEvent = { type: 'message_received', data: { content: `key ${secret}` } };
  const manager = bed.manager(async ({ run, tell }) => {
    asked = run.input;
    await tell(said);
    return { output: { content: secret } };
  });
  await manager.startSession({ id: 's' });
  const { id } = await manager.startRun('s', { prompt: `use ${secret}` });
  await manager.executeRun(id);
  expect(asked).toEqual({ prompt: `use ${secret}` });
  const stored = JSON.stringify([
    await bed.events('s'),
    await bed.store.getRun(id),
    await bed.store.getSession('s'),
  ]);
  expect(stored).not.toContain(secret);
});

test('a run that another process works on is not begun again, and is taken when its lease has lapsed', async () => {
  const bed = sessionBed();
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const first = bed.manager(async (scene) => {
    await scene.tell({ type: 'message_streamed', data: { content: 'half', delta: 'half' } });
    await held;
    return sayHello(scene);
  });
  const second = bed.manager(sayHello);
  await first.startSession({ id: 's' });
  const { id } = await first.startRun('s', 'go');
  const losing = first.executeRun(id).catch((error: unknown) => sessionErrorCode(error));
  await expect.poll(async () => bed.types('s')).toContain('message_streamed');
  await expect(second.resumeRun(id)).rejects.toMatchObject({ code: 'invalid_operation' });
  bed.lapse();
  const { run } = await second.resumeRun(id);
  letGo();
  expect([run.status, await losing]).toEqual(['completed', 'invalid_operation']);
  expect(await disagreements(bed.store, 's')).toEqual([]);
  expect((await bed.types('s')).filter((type) => type === 'run_completed')).toHaveLength(1);
});

test('a row that moves on under a change of its session is read again, and the change is made', async () => {
  const bed = sessionBed();
  let refusals = 0;
  const store = replacedStore(bed.store, {
    flush: async (result) => {
      if ((refusals += 1) === 2) {
        const session = await bed.store.getSession('s');
        await bed.store.saveSession({ ...session, tags: ['late'] });
      }
      await bed.store.flush(result);
    },
  });
  const manager = bed.manager(sayHello, { store });
  await manager.startSession({ id: 's' });
  const session = await manager.activateSession('s');
  expect([session.status, session.tags, refusals]).toEqual(['active', ['late'], 3]);
});

test('a run that is recovered has what its agent had told, and what the agent left running is ended before', async () => {
  const bed = sessionBed();
  const lost = bed.manager(async ({ tell }) => {
    for (const event of [...hello, ...hello]) await tell(event);
    return new Promise<never>(() => undefined);
  });
  await lost.startSession({ id: 's' });
  const { id } = await lost.startRun('s', 'go');
  lost.executeRun(id).catch(() => undefined);
  await expect
    .poll(async () => (await bed.types('s')).filter((type) => type === 'token_usage_updated'))
    .toHaveLength(2);
  bed.lapse();
  const ended: string[] = [];
  const plain = scriptedAgent({ name: 'other', newCanceller, play: sayHello });
  const endLeftovers = async (runId: string): Promise<number> =>
    ended.push(runId, (await bed.store.getRun(id)).status);
  const manager = bed.manager(sayHello, { agent: { ...plain, endLeftovers } });
  const [run] = await manager.recover('s');
  expect(ended).toEqual([id, 'running']);
  expect(run).toMatchObject({
    ...{ status: 'failed', provider: 'claude', costUsd: 0.021 },
    tokenUsage: { input_tokens: 2000, output_tokens: 1000 },
    providerMetadata: { provider_session_id: 'p1', model: 'claude-sonnet-4-5-20250929' },
  });
  expect((await bed.store.getSession('s')).metadata['provider_sessions']).toMatchObject({
    claude: { provider_session_id: 'p1' },
  });
  expect((await bed.events('s')).at(-1)).toMatchObject({ type: 'run_failed', provider: 'claude' });
});
