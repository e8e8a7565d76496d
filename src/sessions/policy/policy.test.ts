import { describe, expect, it } from 'vitest';
import { isStructuredError } from '../../base/index.ts';
import { listPrices } from '../../effects/index.ts';
import type { AgentEvent } from '../agents/port.ts';
import { capabilityFromJson } from '../capabilities/capability.ts';
import { checkAgentWaits, checkedPolicy, waitsBeforeTools } from './check-policies.ts';
import { mergePolicy, newPolicy, type Policy, policyFromJson, policyToJson } from './policy.ts';
import { PolicyMeter } from './policy-meter.ts';
import { stackPolicies } from './stack-policies.ts';
import { policyHints } from './tool-lists.ts';

/** Hands on what a program without types has written out, as it is. */
const asPolicy = (given: object): unknown => Reflect.apply(checkedPolicy, null, [[given]]);

const at = '2026-11-21T10:00:00.000000Z';
const call = (tool: string): AgentEvent => ({
  type: 'tool_call_started',
  data: { tool_call_id: `call of ${tool}`, tool_name: tool },
});
const used = (input: number, output: number): AgentEvent => ({
  type: 'token_usage_updated',
  data: { input_tokens: input, output_tokens: output },
});
const started = (model: string): AgentEvent => ({ type: 'run_started', data: { model } });

/** The details of what is violated by these events, one after another. */
function violated(policy: Policy, events: readonly AgentEvent[], provider = 'claude') {
  const meter = new PolicyMeter(policy, listPrices);
  const found = events.flatMap((event) => meter.take(event, provider, at));
  return { found, details: found.map(({ details }) => details), warnings: meter.warnings };
}

describe('a policy', () => {
  it('is read back as it was written', () => {
    const policy = newPolicy({
      name: 'p',
      limits: { maxTotalTokens: 5, maxDurationMs: 6, maxToolCalls: 7, maxCostUsd: '0.5' },
      toolRules: [{ allow: ['Read'] }, { deny: ['Bash'] }],
      onViolation: 'warn',
      metadata: { team: 'x' },
    });
    expect(policyFromJson(policyToJson(policy))).toEqual(policy);
  });

  it('cancels and is called default when nothing is said', () => {
    expect(newPolicy()).toMatchObject({ name: 'default', onViolation: 'cancel', toolRules: [] });
  });

  it('may say its cost as a number, and counts the smallest of two limits of a kind', () => {
    const limits = [
      { max_cost_usd: 0.5 },
      { max_cost_usd: '0.25' },
      { max_tool_calls: 3 },
      { max_tool_calls: 2 },
    ];
    expect(policyFromJson({ limits }).limits).toMatchObject({ maxCostUsd: '0.25', maxToolCalls: 2 });
  });

  it.each([
    ['a limit below 0', { limits: [{ max_tool_calls: -1 }] }],
    ['half a call', { limits: [{ max_tool_calls: 1.5 }] }],
    ['a cost that is none', { limits: [{ max_cost_usd: 'much' }] }],
    ['a limit that is none', { limits: [{ max_fun: 1 }] }],
    ['two limits in one map', { limits: [{ max_tool_calls: 1, max_duration_ms: 1 }] }],
    ['a rule that is none', { tool_rules: [{ forbid: ['a'] }] }],
    ['names that are none', { tool_rules: [{ deny: [1] }] }],
    ['an action that is not known', { on_violation: 'shout' }],
    ['a knob that is none', { limit: [{ max_tool_calls: 1 }] }],
    ['no map', []],
  ])('is refused with %s', (_what, json) => {
    expect(() => policyFromJson(json)).toThrow(expect.objectContaining({ code: 'validation_error' }));
  });

  it('is merged by what is handed in, limit by limit', () => {
    const policy = newPolicy({ name: 'p', limits: { maxToolCalls: 2, maxTotalTokens: 9 } });
    const merged = mergePolicy(policy, { limits: { maxToolCalls: 5 }, onViolation: 'warn' });
    expect(merged).toMatchObject({
      name: 'p',
      limits: { maxToolCalls: 5, maxTotalTokens: 9 },
      onViolation: 'warn',
    });
  });
});

/** As a program without types would write it. */
function refusalOf(make: (given: object) => unknown, given: object): string {
  try {
    make(given);
  } catch (error) {
    if (isStructuredError(error)) return `${error.code}: ${error.summary}`;
  }
  return '';
}

describe('a policy of a program without types', () => {
  const makers: readonly (readonly [string, (given: object) => unknown])[] = [
    ['newPolicy', (given) => newPolicy(given)],
    ['mergePolicy', (given) => mergePolicy(newPolicy(), given)],
    ['a policy that is written out', asPolicy],
  ];
  const limits = 'maxTotalTokens, maxDurationMs, maxToolCalls, maxCostUsd';

  it.each(makers)('is refused by %s with a limit that is none, and the limits are named', (_name, make) => {
    expect(refusalOf(make, { limits: { maxTotalToken: 100 } })).toBe(
      `validation_error: limits 'maxTotalToken' is no limit; there are ${limits}`,
    );
  });

  it.each(makers)('is refused by %s with limits under another name', (_name, make) => {
    expect(refusalOf(make, { limit: { maxTotalTokens: 100 } })).toBe(
      "validation_error: policy 'limit' is no knob; there are name, limits, toolRules, onViolation, metadata",
    );
  });

  it.each(makers)('is refused by %s with limits as a file has them', (_name, make) => {
    expect(refusalOf(make, { limits: [{ max_total_tokens: 100 }] })).toBe(
      'validation_error: limits must be a map, such as { maxToolCalls: 20 }',
    );
  });

  it('is taken where policies are handed in, as newPolicy takes it', () => {
    const given = { name: 'small', limits: { maxToolCalls: 1 } };
    expect(asPolicy(given)).toEqual(newPolicy(given));
  });
});

describe('policies in a stack', () => {
  const org = newPolicy({
    name: 'org',
    limits: { maxTotalTokens: 100, maxCostUsd: '2' },
    metadata: { a: 1 },
  });
  const team = newPolicy({
    name: 'team',
    limits: { maxTotalTokens: 900, maxCostUsd: '0.5', maxToolCalls: 3 },
    toolRules: [{ deny: ['bash'] }],
    onViolation: 'warn',
    metadata: { b: 2 },
  });

  it('hold together: no later one loosens an earlier one', () => {
    expect(stackPolicies([org, team])).toEqual({
      name: 'org + team',
      limits: { maxTotalTokens: 100, maxCostUsd: '0.5', maxToolCalls: 3, maxDurationMs: null },
      toolRules: [{ deny: ['bash'] }],
      onViolation: 'cancel',
      metadata: { a: 1, b: 2 },
    });
    expect(stackPolicies([team, org])?.limits).toEqual(stackPolicies([org, team])?.limits);
  });

  it('are named once each, and none is none', () => {
    expect(stackPolicies([org, org])?.name).toBe('org');
    expect(stackPolicies([])).toBeNull();
  });
});

describe('before a run begins', () => {
  it.each([
    ['allows no tool', [{ toolRules: [{ allow: [] }] }]],
    ['leaves no tool that two allow', [{ toolRules: [{ allow: ['a'] }] }, { toolRules: [{ allow: ['b'] }] }]],
    ['allows no tokens', [{ limits: { maxTotalTokens: 0 } }]],
    ['allows no tool calls', [{ limits: { maxToolCalls: 0 } }]],
    ['allows and denies a tool', [{ toolRules: [{ allow: ['a', 'b'] }, { deny: ['a'] }] }]],
  ])('a policy that %s is refused', (_what, given) => {
    expect(() => checkedPolicy(given.map(newPolicy))).toThrow(
      expect.objectContaining({ code: 'policy_violation' }),
    );
  });

  it('one team may deny what another one allows', () => {
    const policies = [{ toolRules: [{ allow: ['a', 'b'] }] }, { toolRules: [{ deny: ['a'] }] }].map(
      newPolicy,
    );
    expect(policyHints(checkedPolicy(policies), {})).toEqual({ allowedTools: ['b'], deniedTools: ['a'] });
  });

  it('a policy that waits for a person needs an agent that waits', () => {
    const policy = newPolicy({ onViolation: 'request_approval' });
    const able = capabilityFromJson({ name: waitsBeforeTools, type: 'tool' });
    expect(() => checkAgentWaits(policy, 'claude', [])).toThrow(
      expect.objectContaining({ code: 'capability_not_supported' }),
    );
    expect(() => checkAgentWaits(policy, 'claude', [{ ...able, enabled: false }])).toThrow();
    expect(() => checkAgentWaits(policy, 'claude', [able])).not.toThrow();
    expect(() => checkAgentWaits(newPolicy(), 'claude', [])).not.toThrow();
  });
});

describe('what an agent is handed of a policy', () => {
  const policy = newPolicy({
    toolRules: [{ allow: ['Read', 'Bash', 'Edit'] }, { deny: ['Write'] }],
    limits: { maxTotalTokens: 50 },
  });

  it('is its tools and its tokens', () => {
    expect(policyHints(policy, {})).toEqual({
      allowedTools: ['Read', 'Bash', 'Edit'],
      deniedTools: ['Write'],
      maxTokens: 50,
    });
  });

  it('narrows what the run asks for, and leaves it where it is narrower', () => {
    const asked = { allowedTools: ['Bash(git *)', 'WebFetch', 'Write'], deniedTools: ['Edit'] };
    expect(policyHints(policy, asked)).toMatchObject({
      allowedTools: ['Bash(git *)'],
      deniedTools: ['Edit', 'Write'],
    });
  });

  it('is nothing of a policy that asks or tells: the agent has to come to that point', () => {
    const asked = { allowedTools: ['Write'], deniedTools: ['Edit'] };
    for (const onViolation of ['warn', 'request_approval'] as const)
      expect(policyHints(mergePolicy(policy, { onViolation }), { ...asked })).toEqual(asked);
    expect(policyHints(null, {})).toEqual({});
  });
});

describe('what is too much', () => {
  it('is a tool that is denied, when its call begins and not again when it ends', () => {
    const denied = newPolicy({ name: 'p', toolRules: [{ deny: ['bash'] }] });
    const completed: AgentEvent = { ...call('bash'), type: 'tool_call_completed' };
    expect(violated(denied, [call('ls'), call('bash'), completed]).found).toEqual([
      {
        policy: 'p',
        kind: 'tool_denied',
        action: 'cancel',
        details: { tool_name: 'bash', tool_call_id: 'call of bash', rule: 'deny', list: ['bash'] },
      },
    ]);
  });

  it('is a tool that is not among those allowed; names are whole', () => {
    const allowed = newPolicy({ toolRules: [{ allow: ['Read'] }] });
    expect(violated(allowed, [call('Read'), call('read'), call('ReadAll')]).details).toMatchObject([
      { tool_name: 'read', rule: 'allow' },
      { tool_name: 'ReadAll', rule: 'allow' },
    ]);
  });

  it('is more than a limit, and said once', () => {
    const policy = newPolicy({ limits: { maxTotalTokens: 100, maxToolCalls: 1 } });
    const events = [used(60, 40), call('a'), used(1, 0), used(50, 0), call('b'), call('c')];
    expect(violated(policy, events).details).toEqual([
      { metric: 'total_tokens', actual: 101, limit: 100 },
      { metric: 'tool_calls', actual: 2, limit: 1 },
    ]);
  });

  it('counts what goes through caches, and a total that is said', () => {
    const policy = newPolicy({ limits: { maxTotalTokens: 100 } });
    const cached: AgentEvent = {
      type: 'token_usage_updated',
      data: { input_tokens: 1, output_tokens: 1, cache_read_tokens: 90, cache_creation_tokens: 9 },
    };
    expect(violated(policy, [cached]).details).toMatchObject([{ actual: 101 }]);
    const total: AgentEvent = { type: 'token_usage_updated', data: { total_tokens: 200 } };
    expect(violated(policy, [total]).details).toMatchObject([{ actual: 200 }]);
  });

  it('is time beyond the limit', () => {
    const meter = new PolicyMeter(newPolicy({ limits: { maxDurationMs: 10 } }), listPrices);
    expect(meter.takeDuration(10)).toEqual([]);
    expect(meter.takeDuration(11)).toMatchObject([
      { details: { metric: 'duration_ms', actual: 11, limit: 10 } },
    ]);
    expect(meter.takeDuration(12)).toEqual([]);
  });

  it('is a cost beyond the limit, exact to the end', () => {
    const policy = newPolicy({ limits: { maxCostUsd: '0.0105' } });
    const sonnet = started('claude-sonnet-4-5');
    expect(violated(policy, [sonnet, used(1000, 500)]).details).toEqual([]);
    expect(violated(policy, [sonnet, used(1000, 500), used(1, 0)]).details).toEqual([
      { metric: 'cost_usd', actual: 0.010503, limit: 0.0105 },
    ]);
  });

  it('cannot be seen without rates, which is said once for each model', () => {
    const policy = newPolicy({ limits: { maxCostUsd: '0' } });
    const events = [started('m'), used(1, 1), used(1, 1)];
    expect(violated(policy, events, 'nobody')).toMatchObject({
      found: [],
      warnings: [{ warning: 'missing_cost_rates', provider: 'nobody', model: 'm' }],
    });
    expect(violated(newPolicy(), events, 'nobody').warnings).toEqual([]);
  });

  it('is found in the result too, where the agent told nothing on the way', () => {
    const policy = newPolicy({ limits: { maxTotalTokens: 10, maxCostUsd: '1' } });
    const meter = new PolicyMeter(policy, listPrices);
    const result = {
      output: {},
      tokenUsage: { input_tokens: 11, output_tokens: 0 },
      costUsd: '1.5',
      model: null,
      providerSessionId: null,
      turnCount: 1,
    };
    expect(meter.takeResult(result).map(({ details }) => details['metric'])).toEqual([
      'total_tokens',
      'cost_usd',
    ]);
    expect(meter.takeResult(result)).toEqual([]);
  });
});
