// Scenario 25 of agent sessions: several agents as one, and a run that is handed on when an agent fails.
import { expect, test } from 'vitest';
import { listPrices } from 'runlog/effects';
import {
  type AgentAdapter,
  capabilityFromJson,
  newPolicy,
  routedAgent,
  type RoutedAgentOptions,
  scriptedAgent,
  sessionError,
  type SessionErrorCode,
  sumUsage,
  transcriptOf,
  usageLines,
  waitsBeforeTools,
} from 'runlog/sessions';
import { disagreements, newCanceller, type Play, sayHello, sessionBed } from '../../harness/session-bed.ts';

const agent = (name: string, play: Play, capabilities: readonly string[] = []): AgentAdapter =>
  scriptedAgent({
    name,
    newCanceller,
    play,
    capabilities: capabilities.map((tool) => capabilityFromJson({ name: tool, type: 'tool' })),
  });

const failing =
  (code: SessionErrorCode): Play =>
  async () => {
    throw sessionError(code);
  };

/** Says a little, uses a little, and fails. */
const breaksDown: Play = async ({ tell }) => {
  await tell({ type: 'run_started', data: { model: 'o3-mini-2025-01-31', session_id: 'of the bad one' } });
  await tell({ type: 'message_streamed', data: { content: 'I will sk', delta: 'I will sk' } });
  await tell({ type: 'token_usage_updated', data: { input_tokens: 1000, output_tokens: 500 } });
  throw sessionError('provider_timeout');
};

function routerBed(agents: readonly AgentAdapter[], options: Partial<RoutedAgentOptions> = {}) {
  const bed = sessionBed();
  let nowMs = 0;
  const sleep = async (): Promise<void> => new Promise(() => undefined);
  const router = routedAgent({ agents, platform: { sleep, newCanceller, nowMs: () => nowMs }, ...options });
  const manager = bed.manager(sayHello, { agent: router });
  return { bed, router, manager, later: (ms: number) => void (nowMs += ms) };
}

test('25: the preferred agent times out, and the next one does the run; who worked and why is in the result', async () => {
  const { bed, manager } = routerBed([agent('good', sayHello), agent('bad', failing('provider_timeout'))], {
    prefer: ['bad', 'good'],
  });
  const { run, routing } = await manager.runOnce('go', { session: { id: 's' } });
  const expected = {
    routed_provider: 'good',
    routing_attempt: 2,
    routing_candidates: ['bad', 'good'],
    failover_from: 'bad',
    failover_reason: 'provider_timeout',
  };
  expect(routing).toEqual(expected);
  expect(run).toMatchObject({
    status: 'completed',
    provider: 'good',
    providerMetadata: { routing: expected },
  });
  const end = (await bed.events('s')).find(({ type }) => type === 'run_completed');
  expect(end).toMatchObject({ provider: 'good', data: expected });
});

test.each(['validation_error', 'provider_authentication_failed', 'policy_violation'] as const)(
  '25: %s would come back from every agent, so no other one is asked',
  async (code) => {
    let asked = 0;
    const good = agent('good', async (scene) => {
      asked += 1;
      return sayHello(scene);
    });
    const { manager, router } = routerBed([agent('bad', failing(code)), good]);
    await expect(manager.runOnce('go')).rejects.toMatchObject({ code });
    expect([asked, router.status()['bad']?.failures]).toEqual([0, 0]);
  },
);

test('a run is recorded under the agent that worked, with what all who tried have used', async () => {
  const { bed, manager } = routerBed([agent('codex', breaksDown), agent('claude', sayHello)]);
  const { run, costUsd } = await manager.runOnce('go', { session: { id: 's' } });
  // o3-mini 1000/500 and sonnet 1000/500.
  expect([run.provider, costUsd, run.costUsd]).toEqual(['claude', '0.0138', 0.0138]);
  expect(run.tokenUsage).toEqual({ input_tokens: 2000, output_tokens: 1000 });
  const events = await bed.events('s');
  const sums = sumUsage(usageLines(events, listPrices), 'provider');
  expect(Object.fromEntries(sums.map(({ key, costUsd: cost }) => [key, cost]))).toEqual({
    claude: '0.0105',
    codex: '0.0033',
  });
  expect((await bed.store.getSession('s')).metadata['provider_sessions']).toEqual({
    claude: { provider_session_id: 'p1', model: 'claude-sonnet-4-5-20250929' },
  });
  expect(await disagreements(bed.store, 's')).toEqual([]);
});

test('a limit of cost counts what each agent used, at its own rates', async () => {
  const limits = (maxCostUsd: string) => ({ policies: [newPolicy({ limits: { maxCostUsd } })] });
  const agents = () => [agent('codex', breaksDown), agent('claude', sayHello)];
  const { policy } = await routerBed(agents()).manager.runOnce('go', limits('0.0138'));
  expect(policy).toMatchObject({ violations: [], warnings: [] });
  const passing = routerBed(agents()).manager.runOnce('go', limits('0.0137'));
  await expect(passing).rejects.toMatchObject({ code: 'policy_violation' });
});

test('what an agent said before it failed is marked in the log, and is not part of what was said', async () => {
  const { bed, manager } = routerBed([agent('codex', breaksDown), agent('claude', sayHello)]);
  await manager.runOnce('go', { session: { id: 's' } });
  const events = await bed.events('s');
  const mark = events.find(({ type }) => type === 'error_occurred');
  expect(mark).toMatchObject({
    provider: 'codex',
    data: {
      error_code: 'provider_timeout',
      routed_provider: 'codex',
      routing_attempt: 1,
      failover_to: 'claude',
    },
  });
  const streamed = events.filter(({ type }) => type === 'message_streamed');
  expect(streamed.map(({ provider, metadata }) => [provider, metadata['routing_attempt']])).toEqual([
    ['codex', 1],
    ['codex', 1],
    ['claude', 2],
    ['claude', 2],
  ]);
  // What the redactor held back of it stands before the mark too.
  const ofFirst = events.filter(({ provider }) => provider === 'codex');
  expect(ofFirst.at(-1)?.type).toBe('error_occurred');
  expect(ofFirst.flatMap(({ data }) => data['delta'] ?? [])).toEqual(['I will ', 'sk']);
  const said = transcriptOf(events).map(({ role, content }) => `${role}: ${content ?? ''}`);
  expect(said).toEqual(['user: go', 'assistant: hello', 'assistant: ', 'tool: ']);
});

test('when every agent fails, the run has failed once, as the last one did', async () => {
  const { bed, manager } = routerBed(
    [
      agent('a', breaksDown),
      agent('b', failing('provider_rate_limited')),
      agent('c', failing('provider_unavailable')),
    ],
    { maxAttempts: 2 },
  );
  const failed = manager.runOnce('go', { session: { id: 's' } });
  await expect(failed).rejects.toMatchObject({ code: 'provider_rate_limited' });
  const [run] = await bed.store.listRuns('s');
  expect(run).toMatchObject({ status: 'failed', provider: 'b', tokenUsage: { input_tokens: 1000 } });
  expect(await disagreements(bed.store, 's')).toEqual([]);
});

test('an agent that failed is left alone for its cooldown, and when all are there is nobody', async () => {
  const { manager, later } = routerBed([agent('a', failing('timeout'))], { cooldownMs: 100 });
  await expect(manager.runOnce('go')).rejects.toMatchObject({ code: 'timeout' });
  await expect(manager.runOnce('go')).rejects.toMatchObject({
    code: 'provider_unavailable',
    context: { against: { a: 'it failed a moment ago' } },
  });
  later(100);
  await expect(manager.runOnce('go')).rejects.toMatchObject({ code: 'timeout' });
});

test('an open circuit is half open after its time: one run tries it, and its success closes it', async () => {
  let isWell = false;
  const moody: Play = async (scene) => {
    if (!isWell) throw sessionError('provider_unavailable');
    return sayHello(scene);
  };
  const { manager, router, later } = routerBed([agent('a', moody), agent('b', sayHello)], {
    cooldownMs: 0,
    circuitBreaker: { failureThreshold: 2, cooldownMs: 100 },
  });
  const worker = async (): Promise<unknown> => (await manager.runOnce('go')).run.provider;
  const circuit = (): unknown => router.status()['a']?.circuit;
  expect([await worker(), circuit(), await worker(), circuit()]).toEqual(['b', 'closed', 'b', 'open']);
  isWell = true;
  expect([await worker(), circuit()]).toEqual(['b', 'open']);
  later(100);
  expect([circuit(), await worker(), circuit()]).toEqual(['half_open', 'a', 'closed']);
});

test('a session stays with the agent that worked in it, for the time of the router', async () => {
  let isWell = false;
  const moody: Play = async (scene) => {
    if (!isWell) throw sessionError('provider_unavailable');
    return sayHello(scene);
  };
  const { manager, later } = routerBed([agent('a', moody), agent('b', sayHello)], {
    cooldownMs: 0,
    stickyTtlMs: 100,
  });
  await manager.startSession({ id: 's' });
  const worker = async (): Promise<unknown> => {
    const { id } = await manager.startRun('s', 'go');
    return (await manager.executeRun(id)).run.provider;
  };
  expect(await worker()).toBe('b');
  isWell = true;
  later(99);
  expect(await worker()).toBe('b');
  expect((await manager.runOnce('go')).run.provider).toBe('a');
  later(100);
  expect(await worker()).toBe('a');
});

test('a run is given to an agent that can do what it was started for, or what its settings say', async () => {
  const { manager } = routerBed([agent('plain', sayHello), agent('able', sayHello, ['bash'])]);
  await manager.startSession({ id: 's' });
  const { id } = await manager.startRun('s', 'go', { requiredCapabilities: ['tool'] });
  expect((await manager.executeRun(id)).run.provider).toBe('able');
  const routing = { exclude: ['plain', 'able'] };
  await expect(manager.runOnce('go', { settings: { routing } })).rejects.toMatchObject({
    code: 'provider_unavailable',
  });
  const preferring = await manager.runOnce('go', { settings: { routing: { prefer: ['able'] } } });
  expect(preferring.run.provider).toBe('able');
});

test('a cancel reaches the agent that works, and no other one is asked', async () => {
  let asked = 0;
  let isStopped = false;
  const slow = agent('slow', async ({ tell, signal }) => {
    signal.addEventListener('abort', () => void (isStopped = true));
    await tell({ type: 'run_started', data: {} });
    return new Promise(() => undefined);
  });
  const next = agent('next', async () => {
    asked += 1;
    return {};
  });
  const { bed, manager, router } = routerBed([slow, next]);
  const failed = expect(manager.runOnce('go', { session: { id: 's' } })).rejects.toMatchObject({
    code: 'cancelled',
  });
  await expect.poll(() => bed.types('s')).toContain('run_started');
  const [run] = await bed.store.listRuns('s');
  await router.cancel(run?.id ?? '');
  await failed;
  expect([isStopped, asked, (await bed.store.listRuns('s'))[0]?.provider]).toEqual([true, 0, 'slow']);
  await expect(router.cancel('run_none')).rejects.toMatchObject({ code: 'run_not_found' });
});

test('whoever listens and refuses an event ends the run: that is no fault of the agent', async () => {
  const { manager, router } = routerBed([agent('a', sayHello), agent('b', sayHello)]);
  const no = sessionError('timeout', 'the listener has had enough');
  const refusing = manager.runOnce('go', { onEvent: async () => Promise.reject(no) });
  await expect(refusing).rejects.toBe(no);
  expect(router.status()['a']?.failures).toBe(0);
});

test('each agent gets its own settings, and no routing', async () => {
  const handed: unknown[] = [];
  const takes: Play = async ({ call }) => {
    handed.push(call.settings);
    throw sessionError('timeout');
  };
  const { manager } = routerBed([agent('a', takes), agent('b', takes)]);
  const settings = { routing: { max_attempts: 2 }, agents: { a: { cwd: '/x' } } };
  await expect(manager.runOnce('go', { settings })).rejects.toMatchObject({ code: 'timeout' });
  expect(handed).toEqual([{ cwd: '/x' }, undefined]);
});

test('a run of a process that died is ended under the agent that worked last, with what each has used', async () => {
  const stuck: Play = async ({ tell }) => {
    await tell({ type: 'run_started', data: { model: 'claude-sonnet-4-5', session_id: 'p2' } });
    await tell({ type: 'token_usage_updated', data: { input_tokens: 1000, output_tokens: 500 } });
    return new Promise(() => undefined);
  };
  const { bed, manager } = routerBed([agent('codex', breaksDown), agent('claude', stuck)]);
  void manager.runOnce('go', { session: { id: 's' } }).catch(() => undefined);
  const usages = async () => (await bed.types('s')).filter((type) => type === 'token_usage_updated');
  await expect.poll(usages).toHaveLength(2);
  bed.lapse();
  const [run] = await bed.manager(sayHello).recover();
  expect(run).toMatchObject({
    ...{ status: 'failed', provider: 'claude', costUsd: 0.0138 },
    tokenUsage: { input_tokens: 2000, output_tokens: 1000 },
    metadata: { model: 'claude-sonnet-4-5', provider_session_id: 'p2' },
  });
});

test('a person can be asked first only where every agent waits', async () => {
  const options = {
    policies: [newPolicy({ limits: { maxToolCalls: 9 }, onViolation: 'request_approval' })],
  };
  const waits = agent('waits', sayHello, [waitsBeforeTools]);
  const mixed = routerBed([waits, agent('does not', sayHello)]).manager.runOnce('go', options);
  await expect(mixed).rejects.toMatchObject({ code: 'capability_not_supported' });
  const { run } = await routerBed([waits]).manager.runOnce('go', options);
  expect(run.status).toBe('completed');
});

test('a router of no agent, and of two of one name, is refused', () => {
  for (const agents of [[], [agent('a', sayHello), agent('a', sayHello)]])
    expect(() => routerBed(agents)).toThrow(expect.objectContaining({ code: 'validation_error' }));
});
