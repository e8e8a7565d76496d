/**
 * Decides what models cost when nobody says otherwise: the list prices of vendors. A price that changes is a new row with the day of
 * the change; the row before it stays, so that what was counted then is counted alike for ever.
 */
import { multiplyUsd, type Usd } from '../../base/index.ts';
import type { Price, PriceTable, TokenRates } from './price-table.ts';

/** The day on which the prices of Claude were compared with https://platform.claude.com/docs/en/about-claude/pricing. */
export const listPricesAsOf = '2026-11-21';

/** An agent that names no model is counted at the default; a model of a run always has a name, so the vendor has no default there. */
const claudeAgent = ['claude'];
const claude = [...claudeAgent, 'anthropic'];
const codexAgent = ['codex'];
const codex = [...codexAgent, 'openai'];
const ampAgent = ['amp'];

function price(
  providers: readonly string[],
  model: string | null,
  rates: TokenRates,
  from: string | null = null,
): Price {
  return { providers, model, from, rates };
}

/** Writing into a cache (for five minutes) costs a quarter more than input; the rate of reading differs between models. */
function claudeRates(input: Usd, output: Usd, cacheRead: Usd): TokenRates {
  return { input, output, cacheRead, cacheWrite: multiplyUsd(input, '1.25') };
}

/** The dated price table that ships with the package: dollars for a million tokens. */
export const listPrices: PriceTable = Object.freeze([
  price(claudeAgent, null, { input: '3', output: '15' }),
  price(claude, 'claude-fable-5', claudeRates('10', '50', '1')),
  price(claude, 'claude-fable-5-1', claudeRates('10', '50', '0.25')),
  price(claude, 'claude-mythos-5', claudeRates('10', '50', '1')),
  price(claude, 'claude-mythos-5-1', claudeRates('10', '50', '0.25')),
  price(claude, 'claude-opus-4', claudeRates('15', '75', '1.5')),
  price(claude, 'claude-opus-4-5', claudeRates('5', '25', '0.5')),
  price(claude, 'claude-opus-4-6', claudeRates('15', '75', '1.5')),
  price(claude, 'claude-opus-4-6', claudeRates('5', '25', '0.5'), listPricesAsOf),
  price(claude, 'claude-opus-4-7', claudeRates('5', '25', '0.5')),
  price(claude, 'claude-opus-4-8', claudeRates('5', '25', '0.5')),
  price(claude, 'claude-opus-5', claudeRates('5', '25', '0.5')),
  price(claude, 'claude-opus-5-5', claudeRates('4', '20', '0.2')),
  price(claude, 'claude-sonnet-4', claudeRates('3', '15', '0.3')),
  price(claude, 'claude-sonnet-4-5', claudeRates('3', '15', '0.3')),
  price(claude, 'claude-sonnet-5', claudeRates('2', '10', '0.2')),
  price(claude, 'claude-sonnet-5-5', claudeRates('2', '10', '0.1')),
  price(claude, 'claude-haiku-4-5', claudeRates('0.8', '4', '0.08')),
  price(claude, 'claude-haiku-4-5', claudeRates('1', '5', '0.1'), listPricesAsOf),
  price(claude, 'claude-haiku-5-5', {
    ...claudeRates('0.1', '0.5', '0.01'),
    above: { promptTokens: 100_000, rates: claudeRates('0.5', '2.5', '0.05') },
  }),
  price(codexAgent, null, { input: '3', output: '15' }),
  price(codex, 'o3', { input: '10', output: '40' }),
  price(codex, 'o3-mini', { input: '1.1', output: '4.4' }),
  price(codex, 'gpt-4o', { input: '2.5', output: '10' }),
  price(codex, 'gpt-4o-mini', { input: '0.15', output: '0.6' }),
  price(ampAgent, null, { input: '3', output: '15' }),
]);
