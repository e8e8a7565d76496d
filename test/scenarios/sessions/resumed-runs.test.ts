// A run that is gone on with has used what its log says, whoever worked on it before: limits hold for all attempts, and sums are sums.
import { describe, expect, onTestFinished, test } from 'vitest';
import { listPrices } from 'runlog/effects';
import {
  type AgentEvent,
  capabilityFromJson,
  countingMint,
  newPolicy,
  type NewPolicy,
  type RunOptions,
  scriptedAgent,
  sumUsage,
  usageLines,
  waitsBeforeTools,
} from 'runlog/sessions';
import {
  disagreements,
  newCanceller,
  type Play,
  type SessionBed,
  sessionBed,
} from '../../harness/session-bed.ts';

const model = 'claude-sonnet-4-5-20250929';
const started = { type: 'run_started', data: { model } } as const;
const called = (id: string): AgentEvent => ({
  type: 'tool_call_started',
  data: { tool_call_id: id, tool_name: 'bash', tool_input: {} },
});
const used = (input: number, output: number): AgentEvent => ({
  type: 'token_usage_updated',
  data: { input_tokens: input, output_tokens: output },
});

/** Tells, and never comes to an end: as a process that is killed. */
const tellAndStay =
  (...events: readonly AgentEvent[]): Play =>
  async ({ tell }) => {
    for (const event of events) await tell(event);
    return new Promise<never>(() => undefined);
  };

const tellAndEnd =
  (...events: readonly AgentEvent[]): Play =>
  async ({ tell }) => {
    for (const event of events) await tell(event);
    return { output: { content: 'done' }, tokenUsage: { input_tokens: 1000, output_tokens: 500 }, model };
  };

function managerOf(bed: SessionBed, play: Play, name = 'claude') {
  const capabilities = [capabilityFromJson({ name: waitsBeforeTools, type: 'tool' })];
  const agent = scriptedAgent({ name, capabilities, newCanceller, play });
  const manager = bed.manager(play, { agent });
  onTestFinished(() => manager.close());
  return manager;
}

/** A run whose process has died behind the last of these events. */
async function died(
  bed: SessionBed,
  events: readonly AgentEvent[],
  options: RunOptions = {},
  agent = 'claude',
): Promise<string> {
  const manager = managerOf(bed, tellAndStay(...events), agent);
  await manager.startSession({ id: 's' });
  const { id } = await manager.startRun('s', 'go');
  manager.executeRun(id, options).catch(() => undefined);
  await expect
    .poll(
      async () => (await bed.types('s')).filter((type) => events.some((event) => event.type === type)).length,
    )
    .toBeGreaterThanOrEqual(events.length);
  bed.lapse();
  return id;
}

const policyOf = (given: NewPolicy): RunOptions => ({ policies: [newPolicy({ name: 'p', ...given })] });

async function dataOf(bed: SessionBed, type: string) {
  return (await bed.events('s')).filter((event) => event.type === type).map(({ data }) => data);
}

describe('the policy of a run that is gone on with', () => {
  test.each([
    {
      what: 'tool calls',
      limits: { maxToolCalls: 3 },
      before: [called('a'), called('b')],
      after: [called('c'), called('d'), called('e')],
      details: { metric: 'tool_calls', actual: 4, limit: 3 },
    },
    {
      what: 'tokens',
      limits: { maxTotalTokens: 2000 },
      before: [used(1000, 500)],
      after: [used(500, 0), used(1, 0)],
      details: { metric: 'total_tokens', actual: 2001, limit: 2000 },
    },
    {
      what: 'what it cost',
      limits: { maxCostUsd: '0.0105' },
      before: [started, used(1000, 500)],
      after: [started, used(1, 0)],
      details: { metric: 'cost_usd', actual: 0.010503, limit: 0.0105 },
    },
  ])('counts $what of all attempts', async ({ limits, before, after, details }) => {
    const bed = sessionBed();
    const id = await died(bed, before);
    const going = managerOf(bed, tellAndStay(...after)).resumeRun(id, policyOf({ limits }));
    await expect(going).rejects.toMatchObject({ code: 'policy_violation' });
    expect(await dataOf(bed, 'policy_violation')).toMatchObject([{ details }]);
    expect(await disagreements(bed.store, 's')).toEqual([]);
  });

  test('weighs what an agent says at its end on top of what was used before', async () => {
    const bed = sessionBed();
    const id = await died(bed, [used(1000, 500)]);
    const going = managerOf(bed, tellAndEnd()).resumeRun(id, policyOf({ limits: { maxTotalTokens: 2999 } }));
    await expect(going).rejects.toMatchObject({ code: 'policy_violation' });
    expect(await dataOf(bed, 'policy_violation')).toMatchObject([{ details: { actual: 3000 } }]);
  });

  test('counts the time of all attempts, and no agent is asked when it is over', async () => {
    const bed = sessionBed();
    const late: AgentEvent = { ...called('a'), timestamp: '2026-11-21T00:01:00.000000Z' };
    const id = await died(bed, [late]);
    let isAsked = false;
    const again = managerOf(bed, async () => {
      isAsked = true;
      return {};
    });
    const going = again.resumeRun(id, policyOf({ limits: { maxDurationMs: 30_000 } }));
    await expect(going).rejects.toMatchObject({ code: 'policy_violation' });
    expect(isAsked).toBe(false);
    const [told] = await dataOf(bed, 'policy_violation');
    expect(told).toMatchObject({ details: { metric: 'duration_ms', limit: 30_000 } });
    expect(Reflect.get(Object(told?.['details']), 'actual')).toBeGreaterThan(59_000);
  });

  test('leaves the time out in which a person was waited for', async () => {
    const bed = sessionBed();
    const denied = { toolRules: [{ deny: ['bash'] }], limits: { maxDurationMs: 600_000 } };
    const policy = policyOf({ ...denied, onViolation: 'request_approval' });
    const manager = managerOf(bed, tellAndStay(called('a'), used(1, 1)));
    await manager.startSession({ id: 's' });
    const { id } = await manager.startRun('s', 'go');
    manager.executeRun(id, policy).catch(() => undefined);
    await expect.poll(() => bed.types('s')).toContain('tool_approval_requested');
    const anHourLater = bed.manager(tellAndEnd(), { mint: countingMint(Date.UTC(2026, 10, 21, 1)) });
    const [request] = await anHourLater.pendingApprovals('s');
    await anHourLater.grantApproval('s', request?.id ?? '');
    await expect.poll(() => bed.types('s')).toContain('token_usage_updated');
    bed.lapse();
    const { run } = await managerOf(bed, tellAndEnd()).resumeRun(id, policy);
    expect(run.status).toBe('completed');
  });

  test('hands the agent what is left of the tokens', async () => {
    const bed = sessionBed();
    const id = await died(bed, [used(1000, 500)]);
    let most: number | undefined;
    const again = managerOf(bed, async ({ call }) => {
      most = call.maxTokens;
      return {};
    });
    await again.resumeRun(id, policyOf({ limits: { maxTotalTokens: 2000 } }));
    expect(most).toBe(500);
  });

  test('does not ask again for a limit that a person has let pass', async () => {
    const bed = sessionBed();
    const ask = policyOf({ limits: { maxToolCalls: 1 }, onViolation: 'request_approval' });
    const first = managerOf(bed, tellAndStay(called('a'), called('b'), called('c')));
    await first.startSession({ id: 's' });
    const { id } = await first.startRun('s', 'go');
    first.executeRun(id, ask).catch(() => undefined);
    await expect.poll(async () => (await first.pendingApprovals('s')).length).toBe(1);
    const [request] = await first.pendingApprovals('s');
    await first.grantApproval('s', request?.id ?? '');
    await expect.poll(async () => (await dataOf(bed, 'tool_call_started')).length).toBe(3);
    bed.lapse();
    const { run, policy } = await managerOf(bed, tellAndEnd(called('d'))).resumeRun(id, ask);
    expect(run.status).toBe('completed');
    expect(await dataOf(bed, 'tool_approval_requested')).toHaveLength(1);
    expect(policy?.violations).toMatchObject([{ details: { metric: 'tool_calls', actual: 2 } }]);
  });

  test('asks again, before the agent begins, for a limit that nobody has let pass', async () => {
    const bed = sessionBed();
    const ask = policyOf({ limits: { maxToolCalls: 1 }, onViolation: 'request_approval' });
    const id = await died(bed, [called('a'), called('b')], ask);
    let isAsked = false;
    const again = managerOf(bed, async () => {
      isAsked = true;
      return {};
    });
    const going = again.resumeRun(id, ask);
    await expect.poll(() => bed.types('s')).toContain('error_recovered');
    await expect.poll(async () => (await again.pendingApprovals('s')).length).toBe(1);
    expect(isAsked).toBe(false);
    const [request] = await again.pendingApprovals('s');
    await again.grantApproval('s', request?.id ?? '');
    expect((await going).run.status).toBe('completed');
    expect(isAsked).toBe(true);
  });

  test('says once what it only warns of', async () => {
    const bed = sessionBed();
    const warn = policyOf({ limits: { maxToolCalls: 1 }, onViolation: 'warn' });
    const id = await died(bed, [called('a'), called('b')], warn);
    const { policy } = await managerOf(bed, tellAndEnd(called('c'))).resumeRun(id, warn);
    expect(await dataOf(bed, 'policy_violation')).toHaveLength(1);
    expect(policy?.violations).toHaveLength(1);
  });
});

describe('what a run has used', () => {
  /** Three dollars a million tokens of input, fifteen of output. */
  const twice = { tokenUsage: { input_tokens: 2000, output_tokens: 1000 }, costUsd: 0.021 };

  async function agree(bed: SessionBed, id: string): Promise<void> {
    const run = await bed.store.getRun(id);
    const [sum] = sumUsage(usageLines(await bed.events('s'), listPrices), 'run');
    expect(sum).toMatchObject({ key: id, totalTokens: 3000, costUsd: '0.021' });
    expect(run).toMatchObject(twice);
    expect(await disagreements(bed.store, 's')).toEqual([]);
  }

  test('is the sum of all attempts when it completes', async () => {
    const bed = sessionBed();
    const id = await died(bed, [started, used(1000, 500)]);
    const result = await managerOf(bed, tellAndEnd(started, used(1000, 500))).resumeRun(id);
    expect(result).toMatchObject({ tokenUsage: twice.tokenUsage, costUsd: '0.021' });
    expect(await dataOf(bed, 'run_completed')).toMatchObject([{ token_usage: twice.tokenUsage }]);
    await agree(bed, id);
  });

  test('counts what the provider itself says that the last attempt cost', async () => {
    const bed = sessionBed();
    const id = await died(bed, [started, used(1000, 500)]);
    const play: Play = async (scene) => ({ ...(await tellAndEnd(started)(scene)), costUsd: '0.5' });
    const { costUsd, run } = await managerOf(bed, play).resumeRun(id);
    expect([costUsd, run.costUsd]).toEqual(['0.5105', 0.5105]);
    expect(sumUsage(usageLines(await bed.events('s'), listPrices), 'run')[0]?.costUsd).toBe('0.5105');
  });

  test('is the sum also when nothing says what the first attempt cost', async () => {
    const bed = sessionBed();
    const id = await died(bed, [started, used(1000, 500)], {}, 'nobody');
    const play: Play = async (scene) => ({
      ...(await tellAndEnd(started, used(1000, 500))(scene)),
      costUsd: '0.5',
    });
    const { costUsd, run } = await managerOf(bed, play).resumeRun(id);
    expect([costUsd, run.tokenUsage]).toEqual([null, twice.tokenUsage]);
    const [sum] = sumUsage(usageLines(await bed.events('s'), listPrices), 'run');
    expect(sum).toMatchObject({ totalTokens: 3000, unpricedTokens: 1500 });
  });

  test('is the sum when the second process has died too, and the run is recovered', async () => {
    const bed = sessionBed();
    const id = await died(bed, [started, used(1000, 500)]);
    managerOf(bed, tellAndStay(used(1000, 500)))
      .resumeRun(id)
      .catch(() => undefined);
    await expect.poll(async () => (await dataOf(bed, 'token_usage_updated')).length).toBe(2);
    bed.lapse();
    await managerOf(bed, tellAndEnd()).recover('s');
    await agree(bed, id);
  });

  test('stays when a run whose process has died is cancelled', async () => {
    const bed = sessionBed();
    const id = await died(bed, [started, used(2000, 1000)]);
    await managerOf(bed, tellAndEnd()).cancelRun(id);
    await agree(bed, id);
  });
});

describe('what was said before, to a run that is gone on with', () => {
  /** How many messages the agent is told again that goes on with a run that was begun so. */
  async function toldAgain(begun: RunOptions, resumed: RunOptions): Promise<number> {
    const bed = sessionBed();
    const first = managerOf(bed, async () => ({ output: { content: 'yes' } }));
    await first.startSession({ id: 's' });
    for (const input of ['one', 'two']) await first.executeRun((await first.startRun('s', input)).id);
    const dying = managerOf(bed, tellAndStay(started));
    const { id } = await dying.startRun('s', 'three');
    dying.executeRun(id, begun).catch(() => undefined);
    await expect
      .poll(async () => (await bed.types('s')).filter((type) => type === 'run_started'))
      .toHaveLength(1);
    bed.lapse();
    let count = -1;
    const next = managerOf(bed, async ({ call }) => {
      count = call.transcript?.length ?? 0;
      return {};
    });
    await next.resumeRun(id, resumed);
    expect((await bed.store.getRun(id)).metadata).not.toHaveProperty('lease');
    return count;
  }

  test.each<[string, RunOptions, RunOptions, number]>([
    ['told again, where the call that ended was', { continuation: 'auto' }, {}, 4],
    ['not told, where the call that ended was not', {}, {}, 0],
    ['told as this call says', { continuation: 'auto' }, { continuation: false }, 0],
    ['told again when this call says so', {}, { continuation: 'replay' }, 4],
  ])('is %s', async (_name, begun, resumed, count) => {
    expect(await toldAgain(begun, resumed)).toBe(count);
  });
});
