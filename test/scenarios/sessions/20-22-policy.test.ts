// Scenarios 20 to 22 of agent sessions: what a policy does to a run that does more than it may.
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  capabilityFromJson,
  newPolicy,
  type Policy,
  PolicyViolationError,
  scriptedAgent,
  SessionServer,
  sessionErrorCode,
  transcriptOf,
  waitsBeforeTools,
} from 'runlog/sessions';
import { nodePlatform } from 'runlog';
import {
  disagreements,
  hello,
  newCanceller,
  type Play,
  sayHello,
  type SessionBed,
  sessionBed,
  tool,
} from '../../harness/session-bed.ts';

const denyBash = newPolicy({ name: 'no bash', toolRules: [{ deny: ['bash'] }] });
const askForBash = newPolicy({ ...denyBash, onViolation: 'request_approval' });
const call = { type: 'tool_call_started', data: { ...tool, tool_input: { command: 'ls' } } } as const;

const never = async (): Promise<never> => new Promise(() => undefined);

/** A manager whose agent begins no tool before its call is taken. */
function waitingManager(bed: SessionBed, play: Play, policies: readonly Policy[] = []) {
  const capabilities = [capabilityFromJson({ name: waitsBeforeTools, type: 'tool' })];
  const agent = scriptedAgent({ name: 'claude', capabilities, newCanceller, play });
  const manager = bed.manager(play, { agent, policies });
  onTestFinished(() => manager.close());
  return manager;
}

/** The data of the events of one type. */
async function dataOf(bed: SessionBed, type: string) {
  return (await bed.events('s')).filter((event) => event.type === type).map(({ data }) => data);
}

test('20: a tool that is denied cancels the agent once, and the run ends once, with policy_violation', async () => {
  const bed = sessionBed();
  let cancels = 0;
  let ran = false;
  const manager = bed.manager(async ({ tell, signal }) => {
    signal.addEventListener('abort', () => void (cancels += 1));
    await tell({ type: 'run_started', data: {} });
    await tell(call);
    ran = true;
    return {};
  });
  const failing = manager.runOnce('go', { session: { id: 's' }, policies: [denyBash] });
  await expect(failing).rejects.toBeInstanceOf(PolicyViolationError);
  await expect(failing).rejects.toMatchObject({
    context: { policy: 'no bash', violations: [{ kind: 'tool_denied', details: { tool_name: 'bash' } }] },
  });
  expect([cancels, ran]).toEqual([1, false]);
  expect(await dataOf(bed, 'policy_violation')).toEqual([
    {
      policy: 'no bash',
      kind: 'tool_denied',
      action: 'cancel',
      details: { tool_name: 'bash', tool_call_id: 't1', rule: 'deny', list: ['bash'] },
    },
  ]);
  const types = await bed.types('s');
  expect(types.slice(-4)).toEqual(['tool_call_started', 'policy_violation', 'run_failed', 'session_failed']);
  const [run] = await bed.store.listRuns('s');
  expect(run).toMatchObject({ status: 'failed', error: { code: 'policy_violation' } });
  expect(await disagreements(bed.store, 's')).toEqual([]);
});

test('20: an agent that takes no notice and succeeds has failed all the same', async () => {
  const bed = sessionBed();
  const deaf = scriptedAgent({ name: 'claude', newCanceller, play: sayHello });
  const agent = {
    ...deaf,
    execute: async (...[run, session, { onEvent }]: Parameters<typeof deaf.execute>) => {
      await Promise.resolve(onEvent(call)).catch(() => undefined);
      return deaf.execute(run, session, { onEvent: () => undefined });
    },
  };
  const manager = bed.manager(sayHello, { agent });
  const failing = manager.runOnce('go', { session: { id: 's' }, policies: [denyBash] });
  await expect(failing).rejects.toMatchObject({ code: 'policy_violation' });
  const [run] = await bed.store.listRuns('s');
  expect(run).toMatchObject({ status: 'failed', tokenUsage: { input_tokens: 1000, output_tokens: 500 } });
  expect(await disagreements(bed.store, 's')).toEqual([]);
});

test('21: a limit that is passed under a policy that warns is in the result, and the run completes', async () => {
  const bed = sessionBed();
  const heard: string[] = [];
  const policy = newPolicy({ name: 'small', limits: { maxTotalTokens: 100 }, onViolation: 'warn' });
  const result = await bed.manager(sayHello).runOnce('go', {
    session: { id: 's' },
    policies: [policy],
    onEvent: ({ type }) => void heard.push(type),
  });
  const details = { metric: 'total_tokens', actual: 1500, limit: 100 };
  expect(result.run.status).toBe('completed');
  expect(result.policy).toEqual({
    name: 'small',
    action: 'warn',
    violations: [{ policy: 'small', kind: 'budget_exceeded', action: 'warn', details }],
    warnings: [],
    metadata: {},
  });
  expect(await dataOf(bed, 'policy_violation')).toMatchObject([{ kind: 'budget_exceeded', details }]);
  expect(heard).toEqual([...hello.map(({ type }) => type), 'policy_violation', 'run_completed']);
});

test('22: of two policies all rules hold and the strictest action, and one that allows no tool never comes to the agent', async () => {
  const bed = sessionBed();
  const org = newPolicy({ name: 'org', limits: { maxTotalTokens: 100_000 } });
  const team = newPolicy({ name: 'team', toolRules: [{ deny: ['bash'] }], onViolation: 'warn' });
  let asked = 0;
  const manager = bed.manager(
    async (scene) => {
      asked += 1;
      return sayHello(scene);
    },
    { policies: [org] },
  );
  const failing = manager.runOnce('go', { session: { id: 's' }, policies: [team] });
  await expect(failing).rejects.toMatchObject({ context: { policy: 'org + team' } });
  expect(asked).toBe(1);
  const none = newPolicy({ toolRules: [{ allow: [] }] });
  await manager.startSession({ id: 't' });
  const { id } = await manager.startRun('t', 'go');
  await expect(manager.executeRun(id, { policies: [none] })).rejects.toMatchObject({
    code: 'policy_violation',
  });
  expect([asked, (await bed.store.getRun(id)).status]).toEqual([1, 'pending']);
  expect((await manager.executeRun(id)).run.status).toBe('completed');
});

test('a run of a server that no run can keep the policy of is ended', async () => {
  const bed = sessionBed();
  const manager = bed.manager(sayHello);
  const { store } = bed;
  await manager.startSession({ id: 's' });
  const server = await SessionServer.open({ manager, store, platform: nodePlatform, sessionId: 's' });
  const none = newPolicy({ toolRules: [{ allow: [] }] });
  await expect(server.executeRun('go', { policies: [none] })).rejects.toMatchObject({
    code: 'policy_violation',
  });
  expect((await store.listRuns('s')).map(({ status }) => status)).toEqual(['cancelled']);
});

describe('a limit', () => {
  test('of time stops an agent that tells nothing', async () => {
    const bed = sessionBed();
    const policy = newPolicy({ limits: { maxDurationMs: 10 } });
    const failing = bed.manager(never).runOnce('go', { session: { id: 's' }, policies: [policy] });
    await expect(failing).rejects.toMatchObject({ code: 'policy_violation' });
    expect(await dataOf(bed, 'policy_violation')).toMatchObject([
      { kind: 'budget_exceeded', details: { metric: 'duration_ms', limit: 10 } },
    ]);
    expect(await disagreements(bed.store, 's')).toEqual([]);
  });

  test.each(['warn', 'cancel'] as const)(
    'of time whose telling is refused by whoever listens ends the run with that refusal, under %s',
    async (onViolation) => {
      const bed = sessionBed();
      const no = new Error('I do not want to know');
      const failing = bed.manager(never).runOnce('go', {
        session: { id: 's' },
        policies: [newPolicy({ limits: { maxDurationMs: 10 }, onViolation })],
        onEvent: async ({ type }) => {
          if (type === 'policy_violation') throw no;
        },
      });
      await expect(failing).rejects.toThrow(onViolation === 'warn' ? no.message : 'broke policy');
      expect((await bed.store.listRuns('s'))[0]?.status).toBe('failed');
      expect(await disagreements(bed.store, 's')).toEqual([]);
    },
  );

  test('that only the result passes fails the run when its telling is refused', async () => {
    const bed = sessionBed();
    const play: Play = async () => ({ tokenUsage: { input_tokens: 50, output_tokens: 1 } });
    const failing = bed.manager(play).runOnce('go', {
      session: { id: 's' },
      policies: [newPolicy({ limits: { maxTotalTokens: 10 }, onViolation: 'warn' })],
      onEvent: async ({ type }) => {
        if (type === 'policy_violation') throw new Error('I do not want to know');
      },
    });
    await expect(failing).rejects.toThrow('I do not want to know');
    expect((await bed.store.listRuns('s'))[0]?.status).toBe('failed');
    expect(await disagreements(bed.store, 's')).toEqual([]);
  });

  test('of cost stops the run where it is passed', async () => {
    const bed = sessionBed();
    const policy = newPolicy({ limits: { maxCostUsd: '0.01' } });
    const failing = bed.manager(sayHello).runOnce('go', { session: { id: 's' }, policies: [policy] });
    await expect(failing).rejects.toMatchObject({ code: 'policy_violation' });
    expect(await dataOf(bed, 'policy_violation')).toMatchObject([
      { details: { metric: 'cost_usd', actual: 0.0105, limit: 0.01 } },
    ]);
  });

  test('of cost is said to be blind where nobody knows the rates', async () => {
    const bed = sessionBed();
    const policy = newPolicy({ limits: { maxCostUsd: '0.01' } });
    const { policy: report } = await bed
      .manager(sayHello, { prices: [] })
      .runOnce('go', { policies: [policy] });
    expect(report?.warnings).toEqual([
      { warning: 'missing_cost_rates', provider: 'claude', model: 'claude-sonnet-4-5-20250929' },
    ]);
  });

  test('that only the result passes ends the run as failed, with what it used', async () => {
    const bed = sessionBed();
    const policy = newPolicy({ limits: { maxTotalTokens: 10 } });
    const manager = bed.manager(async () => ({ tokenUsage: { input_tokens: 50, output_tokens: 1 } }));
    const failing = manager.runOnce('go', { session: { id: 's' }, policies: [policy] });
    await expect(failing).rejects.toMatchObject({ code: 'policy_violation' });
    const [run] = await bed.store.listRuns('s');
    expect(run).toMatchObject({ status: 'failed', tokenUsage: { input_tokens: 50 } });
  });
});

test('what an agent is handed holds the tools and the tokens of a policy that cancels', async () => {
  const bed = sessionBed();
  let handed: unknown;
  const manager = bed.manager(async ({ call: given }) => {
    handed = given;
    return {};
  });
  const policy = newPolicy({ toolRules: [{ allow: ['Read'] }], limits: { maxTotalTokens: 9 } });
  await manager.runOnce('go', { policies: [policy], allowedTools: ['Read', 'Bash'], deniedTools: ['Web'] });
  expect(handed).toMatchObject({ allowedTools: ['Read'], deniedTools: ['Web'], maxTokens: 9 });
});

describe('a policy that waits for a person', () => {
  /** Runs one tool, and says when it has. */
  const oneTool =
    (ran: string[]): Play =>
    async ({ tell }) => {
      await tell({ type: 'message_streamed', data: { content: 'look', delta: 'look' } });
      await tell(call);
      ran.push('bash');
      await tell({ type: 'tool_call_completed', data: { ...tool, tool_output: 'a.txt' } });
      return { output: { content: 'done' } };
    };

  async function untilAsked(manager: ReturnType<typeof waitingManager>) {
    await expect.poll(async () => manager.pendingApprovals('s')).toHaveLength(1);
    const [request] = await manager.pendingApprovals('s');
    if (request === undefined) throw new Error('nobody waits');
    return request;
  }

  test('holds the tool until another process approves it', async () => {
    const bed = sessionBed();
    const ran: string[] = [];
    const heard: string[] = [];
    const manager = waitingManager(bed, oneTool(ran));
    const running = manager.runOnce('go', {
      session: { id: 's' },
      policies: [askForBash],
      onEvent: ({ type }) => void heard.push(type),
    });
    const other = bed.manager(sayHello, { store: bed.otherStore() });
    const request = await untilAsked(other);
    expect(request).toMatchObject({
      toolName: 'bash',
      toolCallId: 't1',
      toolInput: { command: 'ls' },
      policyName: 'no bash',
      violationKind: 'tool_denied',
    });
    expect(ran).toEqual([]);
    const word = { by: 'ann', reason: 'harmless' };
    const granted = await other.grantApproval('s', request.id, word);
    const { run, policy } = await running;
    expect([run.status, ran]).toEqual(['completed', ['bash']]);
    expect(policy).toMatchObject({ action: 'request_approval', violations: [{ kind: 'tool_denied' }] });
    expect(granted.data).toMatchObject({ ...word, tool_name: 'bash', request_id: request.id });
    const story = [
      'tool_call_started',
      'policy_violation',
      'tool_approval_requested',
      'tool_approval_granted',
      'tool_call_completed',
    ];
    expect((await bed.types('s')).slice(4, 9)).toEqual(story);
    expect(heard.slice(1, 6)).toEqual(story);
    expect(await other.pendingApprovals('s')).toEqual([]);
    expect(await disagreements(bed.store, 's')).toEqual([]);
  });

  test('ends the run when it is denied, and the tool never runs', async () => {
    const bed = sessionBed();
    const ran: string[] = [];
    const manager = waitingManager(bed, oneTool(ran));
    const running = manager.runOnce('go', { session: { id: 's' }, policies: [askForBash] });
    const failed = expect(running).rejects.toMatchObject({
      code: 'policy_violation',
      context: { denied_by: 'ann' },
    });
    const { id } = await untilAsked(manager);
    await manager.denyApproval('s', id, { by: 'ann' });
    await failed;
    expect(ran).toEqual([]);
    expect((await bed.types('s')).slice(-3)).toEqual([
      'tool_approval_denied',
      'run_failed',
      'session_failed',
    ]);
    expect(await disagreements(bed.store, 's')).toEqual([]);
  });

  test('takes the first word: the same again changes nothing, the other one is refused', async () => {
    const bed = sessionBed();
    const manager = waitingManager(bed, oneTool([]));
    const running = manager.runOnce('go', { session: { id: 's' }, policies: [askForBash] });
    const { id } = await untilAsked(manager);
    const words = await Promise.allSettled([
      manager.grantApproval('s', id, { by: 'ann' }),
      manager.denyApproval('s', id, { by: 'bob' }),
    ]);
    await running;
    expect(words.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    const again = await manager.grantApproval('s', id, { by: 'carl' });
    expect(again.data['by']).toBe('ann');
    await expect(manager.denyApproval('s', id)).rejects.toMatchObject({ code: 'invalid_operation' });
    await expect(manager.grantApproval('s', 'evt_none')).rejects.toMatchObject({ code: 'invalid_operation' });
    expect((await bed.types('s')).filter((type) => type.startsWith('tool_approval_'))).toHaveLength(2);
  });

  test('can be cancelled while it waits, and then nobody waits any more', async () => {
    const bed = sessionBed();
    const manager = waitingManager(bed, oneTool([]));
    const running = manager.runOnce('go', { session: { id: 's' }, policies: [askForBash] });
    const failed = expect(running).rejects.toMatchObject({ code: 'cancelled' });
    const { runId, id } = await untilAsked(manager);
    await manager.cancelRun(runId);
    await failed;
    expect(await manager.pendingApprovals('s')).toEqual([]);
    await expect(manager.grantApproval('s', id)).rejects.toMatchObject({ code: 'invalid_operation' });
    expect(await disagreements(bed.store, 's')).toEqual([]);
  });

  test('asks once for a limit, and lets the run go on without it', async () => {
    const bed = sessionBed();
    const policy = newPolicy({ limits: { maxTotalTokens: 5 }, onViolation: 'request_approval' });
    const used = { type: 'token_usage_updated', data: { input_tokens: 9, output_tokens: 1 } } as const;
    let told = 0;
    const manager = waitingManager(bed, async ({ tell }) => {
      for (; told < 2; told += 1) await tell(used);
      return {};
    });
    const running = manager.runOnce('go', { session: { id: 's' }, policies: [policy] });
    const request = await untilAsked(manager);
    expect([request.toolName, request.details, told]).toEqual([
      '',
      { metric: 'total_tokens', actual: 10, limit: 5 },
      0,
    ]);
    await manager.grantApproval('s', request.id);
    expect((await running).policy?.violations).toHaveLength(1);
    expect(told).toBe(2);
  });

  test('is refused for an agent that begins its tools on its own, before anything is written', async () => {
    const bed = sessionBed();
    const failing = bed.manager(sayHello).runOnce('go', { session: { id: 's' }, policies: [askForBash] });
    const code = await failing.catch((error: unknown) => sessionErrorCode(error));
    expect([code, await bed.store.listSessions()]).toEqual(['capability_not_supported', []]);
  });

  test('leaves one answer to its call in what was said', async () => {
    const bed = sessionBed();
    const manager = waitingManager(bed, oneTool([]));
    const running = manager.runOnce('go', { session: { id: 's' }, policies: [askForBash] });
    const { id } = await untilAsked(manager);
    const answers = async (): Promise<readonly unknown[]> =>
      transcriptOf(await bed.events('s'))
        .filter(({ role }) => role === 'tool')
        .map(({ toolOutput }) => toolOutput);
    expect(await answers()).toEqual(['[this call waits until a person approves it]']);
    await manager.grantApproval('s', id);
    await running;
    expect(await answers()).toEqual(['a.txt']);
  });
});
