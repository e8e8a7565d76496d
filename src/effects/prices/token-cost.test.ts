import { expect, test } from 'vitest';
import { listPrices } from './list-prices.ts';
import { findRates } from './price-table.ts';
import { addTokens, costOfTokens, noTokens, totalTokens } from './token-cost.ts';

test('each kind of token is counted at its own rate, exactly', () => {
  const rates = { input: '3', output: '15', cacheRead: '0.3', cacheWrite: '3.75' };
  const counts = { input: 7, output: 11, cacheRead: 13, cacheWrite: 17 };
  expect(costOfTokens(counts, rates)).toBe('0.00025365');
});

test('what a cache served or took is counted as input where no rate is given for it', () => {
  const counts = { input: 0, output: 0, cacheRead: 1, cacheWrite: 2 };
  expect(costOfTokens(counts, { input: '3', output: '15' })).toBe('0.000009');
});

test('a long prompt is counted at the rates of long prompts, all of it', () => {
  const above = { promptTokens: 100, rates: { input: '2', output: '4' } };
  const rates = { input: '1', output: '1', above };
  expect(costOfTokens({ ...noTokens, input: 60, cacheRead: 40, output: 1 }, rates)).toBe('0.000101');
  expect(costOfTokens({ ...noTokens, input: 60, cacheRead: 41, output: 1 }, rates)).toBe('0.000206');
});

test('a thousand small sums are as exact as one', () => {
  const counts = { ...noTokens, input: 1 };
  const many = Array.from({ length: 1000 }, () => counts).reduce(addTokens, noTokens);
  expect(totalTokens(many)).toBe(1000);
  expect(costOfTokens(many, { input: '0.1', output: '0' })).toBe('0.0001');
});

test.each([
  ['claude', 'claude-opus-4-6', { input: 1000, output: 500, cacheRead: 200, cacheWrite: 100 }, '0.054675'],
  ['codex', 'o3-mini-2025-01-31', { input: 1000, output: 500, cacheRead: 0, cacheWrite: 0 }, '0.0033'],
  ['codex', 'a-model-nobody-knows', { input: 1000, output: 500, cacheRead: 0, cacheWrite: 0 }, '0.0105'],
  ['router', 'o3', { input: 1000, output: 500, cacheRead: 0, cacheWrite: 0 }, 'no_rates'],
])('%s with %s is counted as the specification of sessions has it', (provider, model, counts, expected) => {
  const found = findRates(listPrices, { provider, model, at: '2026-02-01' });
  expect(found.kind === 'rates' ? costOfTokens(counts, found.rates) : found.kind).toBe(expected);
});
