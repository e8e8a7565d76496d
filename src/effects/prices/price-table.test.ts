import { expect, test } from 'vitest';
import { listPrices } from './list-prices.ts';
import { InvalidPriceError } from './price-errors.ts';
import { checkPrices, findRates, overridePrices, type Price, type PriceTable } from './price-table.ts';

function row(model: string | null, input: string, from: string | null = null): Price {
  return { providers: ['p'], model, from, rates: { input, output: '0' } };
}

function inputRate(table: PriceTable, model: string | null, at = '2026-11-21T10:00:00Z'): string {
  const found = findRates(table, { provider: 'p', model, at });
  return found.kind === 'rates' ? `${found.rates.input} by ${found.by}` : found.kind;
}

const table = [row(null, '1'), row('o3', '2'), row('o3-mini', '3'), row('gpt-4o', '4')];

test.each([
  ['o3', '2 by model'],
  ['o3-mini', '3 by model'],
  ['o3-mini-2025-01-31', '3 by prefix'],
  ['o3-2025-04-16', '2 by prefix'],
  ['o3:batch', '2 by prefix'],
  ['o30', '1 by provider'],
  ['o3.5', '1 by provider'],
  ['o3mini', '1 by provider'],
  ['O3', '1 by provider'],
  ['gpt-4', '1 by provider'],
  [null, '1 by provider'],
])('the model %s is counted at %s', (model, expected) => {
  expect(inputRate(table, model)).toBe(expected);
});

test('a model without a row, of a provider that has none for all, has no rates', () => {
  expect(findRates([row('o3', '2')], { provider: 'p', model: 'x', at: '2026-01-01' })).toEqual({
    kind: 'no_rates',
    provider: 'p',
    model: 'x',
    at: '2026-01-01',
  });
});

test.each(['other', null])('the provider %s has no rates', (provider) => {
  expect(findRates(table, { provider, model: 'o3', at: '2026-01-01' }).kind).toBe('no_rates');
});

test.each([
  ['2025-12-31T23:59:59.999Z', '5 by model'],
  ['2026-01-01T00:00:00Z', '4 by model'],
  ['2026-01-01', '4 by model'],
  ['2026-07-01T12:00:00Z', '3 by model'],
])('at %s the price of that day counts: %s', (at, expected) => {
  const dated = [row('m', '4', '2026-01-01'), row('m', '3', '2026-07-01'), row('m', '5')];
  expect(inputRate(dated, 'm', at)).toBe(expected);
});

test('a row that does not hold yet leaves the question to a shorter name', () => {
  expect(inputRate([row('m-1', '9', '2027-01-01'), row('m', '1')], 'm-1', '2026-06-01')).toBe('1 by prefix');
});

test('a model of its own goes before an earlier day of a shorter name', () => {
  expect(inputRate([row('m', '1', '2026-06-01'), row('m-1', '2')], 'm-1', '2026-07-01')).toBe('2 by model');
});

test('rows of a contract count in place of the rows of the list, whatever their day', () => {
  const list = [row('m', '5', '2026-01-01'), row('n', '6')];
  const agreed = overridePrices([row('m', '1')], list);
  expect(inputRate(agreed, 'm')).toBe('1 by model');
  expect(inputRate(agreed, 'n')).toBe('6 by model');
});

test('a row of a contract for one provider leaves the others of that row their price', () => {
  const shared = { ...row('m', '5'), providers: ['p', 'q'] };
  const agreed = overridePrices([row('m', '1')], [shared]);
  expect(findRates(agreed, { provider: 'q', model: 'm', at: '2026-01-01' })).toMatchObject({
    rates: { input: '5' },
  });
});

test.each([
  [{ ...row('m', '1'), providers: [] }, 'names no provider'],
  [row('', '1'), 'model is empty'],
  [row('m', '1', '2026-13-01'), 'no day'],
  [row('m', '1', 'today'), 'no day'],
  [row('m', '-1'), 'rate of input'],
  [row('m', '1e-6'), 'rate of input'],
  [{ ...row('m', '1'), rates: { input: '1', output: '1', cacheRead: 'x' } }, 'rate of cacheRead'],
])('a row that cannot be used is refused by name: %j', (wrong, problem) => {
  expect(() => checkPrices([wrong])).toThrow(InvalidPriceError);
  expect(() => checkPrices([wrong])).toThrow(problem);
});

test('the list can be used', () => {
  expect(() => checkPrices(listPrices)).not.toThrow();
});

test.each([
  ['claude', 'claude-haiku-4-5-20251001', '2026-01-01', '0.8'],
  ['anthropic', 'claude-haiku-4-5-20251001', '2026-12-01', '1'],
  ['claude', 'claude-opus-4-6', '2026-02-01', '15'],
  ['claude', 'claude-opus-4-6', '2026-11-21', '5'],
  ['codex', 'gpt-4o-mini', '2026-01-01', '0.15'],
  ['codex', 'o3-mini', '2026-01-01', '1.1'],
  ['amp', null, '2026-01-01', '3'],
  ['claude', 'claude-new', '2026-01-01', '3'],
])('%s asked with %s on %s at %s dollars for a million tokens of input', (provider, model, at, input) => {
  expect(findRates(listPrices, { provider, model, at })).toMatchObject({ rates: { input } });
});

test('a model of a run whose name is not in the list has no rates: a budget is not left to a guess', () => {
  expect(findRates(listPrices, { provider: 'anthropic', model: 'claude-new', at: '2026-01-01' }).kind).toBe(
    'no_rates',
  );
});
