import { describe, expect, it } from 'vitest';
import { capabilityFromJson } from '../capabilities/capability.ts';
import { AgentHealth } from './agent-health.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { type Choice, orderedChoices, type RoutingRules, rulesOf } from './routing-rules.ts';
import { StickyAgents } from './sticky-agents.ts';

const rules: RoutingRules = {
  strategy: 'prefer',
  prefer: [],
  exclude: [],
  weights: {},
  maxAttempts: 3,
  requiredCapabilities: [],
};
const choice = (id: string, penalty = 0): Choice => ({ id, capabilities: [], penalty });
const ids = (changed: Partial<RoutingRules>, all: readonly Choice[]): string =>
  orderedChoices({ ...rules, ...changed }, all)
    .map(({ id }) => id)
    .join(' ');

describe('a circuit', () => {
  const options = { failureThreshold: 2, cooldownMs: 100, halfOpenMaxProbes: 1 };

  it('opens after so many failures in a row, and is half open after a while', () => {
    const breaker = new CircuitBreaker(options);
    breaker.begin(0)('failure', 0);
    breaker.begin(0)('success', 0);
    breaker.begin(0)('failure', 0);
    expect(breaker.state(0)).toBe('closed');
    breaker.begin(0)('failure', 10);
    expect([10, 109, 110].map((nowMs) => breaker.state(nowMs))).toEqual(['open', 'open', 'half_open']);
    expect([10, 110].map((nowMs) => breaker.allows(nowMs))).toEqual([false, true]);
  });

  it('lets one probe through when it is half open, and the next one when that has ended', () => {
    const breaker = new CircuitBreaker({ ...options, failureThreshold: 1 });
    breaker.begin(0)('failure', 0);
    const settle = breaker.begin(100);
    expect(breaker.allows(100)).toBe(false);
    settle('unknown', 100);
    expect([breaker.state(100), breaker.allows(100)]).toEqual(['half_open', true]);
  });

  it('closes after a probe that succeeds, and opens anew after one that fails', () => {
    const breaker = new CircuitBreaker({ ...options, failureThreshold: 1 });
    breaker.begin(0)('failure', 0);
    breaker.begin(100)('failure', 150);
    expect([breaker.state(249), breaker.state(250)]).toEqual(['open', 'half_open']);
    breaker.begin(250)('success', 250);
    expect(breaker.state(250)).toBe('closed');
  });
});

describe('the health of an agent', () => {
  it('keeps it from being asked until its cooldown is over', () => {
    const health = new AgentHealth({ cooldownMs: 100 });
    health.begin(0)('failure', 0);
    expect([health.reasonAgainst(99), health.reasonAgainst(100)]).toEqual(['it failed a moment ago', null]);
  });

  it('counts its failures half as much after each cooldown, and not at all after a success', () => {
    const health = new AgentHealth({ cooldownMs: 100 });
    health.begin(0)('failure', 0);
    health.begin(0)('failure', 0);
    expect([0, 100, 200].map((nowMs) => health.penalty(nowMs))).toEqual([1, 0.5, 0.25]);
    health.begin(0)('success', 0);
    expect(health.penalty(0)).toBe(0);
  });
});

describe('the order in which agents are asked', () => {
  const all = [choice('a'), choice('b'), choice('c')];

  it('is that of preference, then that in which they were given', () => {
    expect(ids({ prefer: ['c', 'b'] }, all)).toBe('c b a');
    expect(ids({}, all)).toBe('a b c');
  });

  it('leaves out who is excluded', () => {
    expect(ids({ exclude: ['b'] }, all)).toBe('a c');
  });

  it('is that of weights, less what failed, when it is weighted', () => {
    const weighted = { strategy: 'weighted', weights: { b: 3 } } as const;
    expect(ids(weighted, all)).toBe('b a c');
    expect(ids(weighted, [choice('a', 0.5), choice('b', 2.5), choice('c')])).toBe('c a b');
    expect(ids({ ...weighted, prefer: ['c'] }, all)).toBe('b c a');
  });

  it('has only those who can do what is required, by type or by name', () => {
    const tool = capabilityFromJson({ name: 'bash', type: 'tool' });
    const able = { ...choice('able'), capabilities: [tool] };
    const off = { ...choice('off'), capabilities: [{ ...tool, enabled: false }] };
    const required = (name: string | null) => ({ requiredCapabilities: [{ type: 'tool', name }] });
    expect(ids(required(null), [off, choice('a'), able])).toBe('able');
    expect(ids(required('bash'), [able])).toBe('able');
    expect(ids(required('web'), [able])).toBe('');
  });
});

describe('the rules of one run', () => {
  it('stand in the place of those of the router, and add to its requirements', () => {
    const routing = {
      prefer: ['x'],
      max_attempts: 1,
      strategy: 'weighted',
      weights: { x: 2 },
      required_capabilities: ['tool', { type: 'sampling', name: 'streaming' }],
    };
    expect(rulesOf({ ...rules, exclude: ['y'], weights: { z: 5 } }, routing)).toEqual({
      strategy: 'weighted',
      prefer: ['x'],
      exclude: ['y'],
      weights: { x: 2, z: 5 },
      maxAttempts: 1,
      requiredCapabilities: [
        { type: 'tool', name: null },
        { type: 'sampling', name: 'streaming' },
      ],
    });
  });

  it.each([
    { strategy: 'luck' },
    { max_attempts: 0 },
    { weights: { a: -1 } },
    { prefer: 'a' },
    { required_capabilities: [1] },
  ])('%j is refused', (routing) => {
    expect(() => rulesOf(rules, routing)).toThrow(expect.objectContaining({ code: 'validation_error' }));
  });
});

describe('a session that stays with its agent', () => {
  it('does so for its own time, and nothing is kept of one that has run out', () => {
    const sticky = new StickyAgents(100);
    sticky.set('s', 'a', 0);
    sticky.set('t', 'b', 60);
    expect([sticky.get('s', 99), sticky.get('s', 100), sticky.get('t', 100)]).toEqual(['a', null, 'b']);
    sticky.set('u', 'c', 110);
    expect(sticky.size).toBe(2);
  });

  it('does not when the time is 0', () => {
    const sticky = new StickyAgents(0);
    sticky.set('s', 'a', 0);
    expect([sticky.get('s', 0), sticky.size]).toEqual([null, 0]);
  });
});
