import { expect, test } from 'vitest';
import type { JsonObject } from '../../base/index.ts';
import { listPrices } from '../../effects/index.ts';
import type { SessionEventType } from '../model/event-types.ts';
import { countingMint } from '../model/mint.ts';
import { newSessionEvent, type SessionEvent } from '../model/session-event.ts';
import type { UsageLine } from './usage-line.ts';
import { usageLines, usageMeter } from './usage-meter.ts';
import { sumUsage } from './usage-sums.ts';

const mint = countingMint();
const prices = [
  { providers: ['claude'], model: 'm', from: null, rates: { input: '3', output: '15', cacheRead: '0.3' } },
  { providers: ['claude'], model: 'n', from: null, rates: { input: '1', output: '2' } },
];

function told(
  type: SessionEventType,
  data: JsonObject,
  where: { run?: string; session?: string; at?: string; provider?: string } = {},
): SessionEvent {
  const { run = 'r1', session = 's1', at = '2026-11-21T10:00:00Z', provider = 'claude' } = where;
  return newSessionEvent({ type, sessionId: session, runId: run, timestamp: at, data, provider }, mint);
}

const started = told('run_started', { model: 'm' });
const used = (input: number, output: number, more: JsonObject = {}): SessionEvent =>
  told('token_usage_updated', { input_tokens: input, output_tokens: output, ...more });

function costs(lines: readonly UsageLine[]): readonly unknown[] {
  return lines.map(({ costUsd, costSource, tokens }) => [tokens.input, tokens.output, costUsd, costSource]);
}

test('what is told turn by turn is added up, exactly', () => {
  const lines = usageLines([started, used(1, 1), used(2, 0), told('run_completed', {})], prices);
  expect(sumUsage(lines, 'run')).toEqual([
    {
      key: 'r1',
      tokens: { input: 3, output: 1, cacheRead: 0, cacheWrite: 0 },
      totalTokens: 4,
      costUsd: '0.000024',
      unpricedTokens: 0,
      runCount: 1,
    },
  ]);
});

test('the sum of a completed run counts once, and in place of turns that do not add up to it', () => {
  const sum = told('run_completed', { token_usage: { input_tokens: 10, output_tokens: 4 } });
  expect(costs(usageLines([started, used(5, 2), used(5, 2), sum], prices))).toEqual([
    [5, 2, '0.000045', 'model'],
    [5, 2, '0.000045', 'model'],
  ]);
  expect(costs(usageLines([started, used(5, 2), sum], prices))).toEqual([[10, 4, '0.00009', 'model']]);
});

test('what the provider says that it cost goes before our own rates', () => {
  const sum = told('run_completed', {
    token_usage: { input_tokens: 10, output_tokens: 4 },
    total_cost_usd: 0.0000001,
  });
  expect(costs(usageLines([started, used(10, 4), sum], prices))).toEqual([[10, 4, '0.0000001', 'reported']]);
});

test.each([0, -1, 'much', null])('a reported cost of %j says nothing', (cost) => {
  const sum = told('run_completed', { total_cost_usd: cost });
  expect(costs(usageLines([started, used(1, 0), sum], prices))).toEqual([[1, 0, '0.000003', 'model']]);
});

test.each(['run_failed', 'run_cancelled', 'run_timeout'] as const)(
  'a run that ends with %s has used what it told until then',
  (type) => {
    expect(costs(usageLines([started, used(1, 1), told(type, {})], prices))).toEqual([
      [1, 1, '0.000018', 'model'],
    ]);
  },
);

test('a run that is under way is counted as far as it is', () => {
  const meter = usageMeter(prices);
  expect([...meter.add(started), ...meter.add(used(1, 1))]).toEqual([]);
  expect(costs(meter.open())).toEqual([[1, 1, '0.000018', 'model']]);
  expect(costs(meter.add(told('run_completed', {})))).toEqual([[1, 1, '0.000018', 'model']]);
  expect(meter.open()).toEqual([]);
});

test('a model that is changed on the way counts from there', () => {
  const lines = usageLines([started, used(1, 0), used(1, 0, { model: 'n' }), used(1, 0)], prices);
  expect(sumUsage(lines, 'model').map(({ key, costUsd }) => [key, costUsd])).toEqual([
    ['m', '0.000003'],
    ['n', '0.000002'],
  ]);
});

test('cached tokens are counted at their own rate, in either spelling', () => {
  const ours = used(0, 0, { cache_read_tokens: 10, cache_creation_tokens: 1 });
  const vendors = used(0, 0, { cache_read_input_tokens: 10, cache_creation_input_tokens: 1 });
  expect(usageLines([started, ours], prices)[0]?.costUsd).toBe('0.000006');
  expect(usageLines([started, vendors], prices)[0]?.costUsd).toBe('0.000006');
});

test('tokens without rates are not free: they are counted beside the sum', () => {
  const unknown = told('token_usage_updated', { input_tokens: 7, output_tokens: 1 }, { provider: 'other' });
  const [sum] = sumUsage(usageLines([started, used(1, 0), unknown], prices), 'session');
  expect(sum).toMatchObject({ costUsd: '0.000003', unpricedTokens: 8, totalTokens: 9 });
});

test('a run over midnight counts on both days, each turn at the price of its day', () => {
  const dated = [
    ...prices,
    { providers: ['claude'], model: 'm', from: '2026-11-22', rates: { input: '1', output: '1' } },
  ];
  const late = told(
    'token_usage_updated',
    { input_tokens: 1, output_tokens: 0 },
    { at: '2026-11-22T00:00:00Z' },
  );
  const sums = sumUsage(usageLines([started, used(1, 0), late, told('run_completed', {})], dated), 'day');
  expect(sums.map(({ key, costUsd, runCount }) => [key, costUsd, runCount])).toEqual([
    ['2026-11-21', '0.000003', 1],
    ['2026-11-22', '0.000001', 1],
  ]);
});

test('runs of the same name in two sessions are two runs', () => {
  const there = told('token_usage_updated', { input_tokens: 1, output_tokens: 0 }, { session: 's2' });
  const [sum] = sumUsage(usageLines([started, used(1, 0), there], prices), () => 'all');
  expect(sum?.runCount).toBe(2);
});

test('what is no count counts nothing', () => {
  const odd = told('token_usage_updated', { input_tokens: '7', output_tokens: 1.5 });
  expect(usageLines([started, odd], prices)).toEqual([]);
});

test('the provider that a router chose is the one whose rates count', () => {
  const routed = told(
    'token_usage_updated',
    { input_tokens: 1_000_000, output_tokens: 0, routed_provider: 'codex', model: 'o3-mini' },
    { provider: 'router' },
  );
  expect(usageLines([routed], listPrices)[0]).toMatchObject({ provider: 'codex', costUsd: '1.1' });
});
