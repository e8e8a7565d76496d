import { describe, expect, it } from 'vitest';
import { moment, planted } from '../../../test/harness/planted-events.ts';
import { summaryText, summaryToJson, TraceTally } from './trace-summary.ts';

const run = planted(
  ['llm.requested', { cache_hit: false }],
  [
    'llm.responded',
    { input_tokens: 10, output_tokens: 5, cost_usd: '0.1', latency_seconds: 1.5, cache_hit: false },
  ],
  ['llm.requested', { cache_hit: true }],
  [
    'llm.responded',
    { input_tokens: 10, output_tokens: 5, cost_usd: '0.1', latency_seconds: 1.5, cache_hit: true },
  ],
  ['tool.requested', {}],
  ['tool.responded', { error: { reason: 'tool.timeout' }, cost_usd: '0.2', latency_seconds: 0.5 }],
  ['behavior.failed', {}],
);

function summaryOf(events: typeof run) {
  const tally = new TraceTally();
  for (const event of events) tally.add(event);
  return tally.summary;
}

describe('TraceTally', () => {
  it('counts events by type, most frequent first', () => {
    expect(summaryOf(run).byType).toEqual([
      ['llm.requested', 2],
      ['llm.responded', 2],
      ['behavior.failed', 1],
      ['tool.requested', 1],
      ['tool.responded', 1],
    ]);
  });

  it('counts what a cache answered as calls, and not as money or time', () => {
    expect(summaryOf(run).model).toEqual({
      calls: 2,
      cacheHits: 1,
      failed: 0,
      costUsd: '0.1',
      seconds: 1.5,
      inputTokens: 20,
      outputTokens: 10,
    });
  });

  it('counts tool calls that failed', () => {
    expect(summaryOf(run).tool).toMatchObject({ calls: 1, failed: 1, costUsd: '0.2' });
  });

  it('adds money exactly', () => {
    const tenths = planted(['llm.responded', { cost_usd: '0.1' }], ['llm.responded', { cost_usd: '0.2' }]);
    expect(summaryOf(tenths).model.costUsd).toBe('0.3');
  });
});

it('the summary reads in one column', () => {
  expect(summaryText(summaryOf(run))).toEqual([
    'events:           7',
    '  llm.requested                     2',
    '  llm.responded                     2',
    '  behavior.failed                   1',
    '  tool.requested                    1',
    '  tool.responded                    1',
    'model calls:      2, 1 from cache',
    'tokens:           20 in, 10 out',
    'tool calls:       1, 1 failed',
    'failures:         1',
    'cost:             $0.300 (models $0.100, tools $0.200)',
    'waited for:       2.0s',
    `from, to:         ${moment}, ${moment}`,
  ]);
});

it('the summary has names of the specification as JSON', () => {
  expect(summaryToJson(summaryOf(run))).toMatchObject({
    events: 7,
    by_type: { 'llm.requested': 2 },
    model: { calls: 2, cache_hits: 1, cost_usd: '0.1', input_tokens: 20 },
    tool: { failed: 1 },
    behavior_failures: 1,
    first_at: moment,
  });
});
