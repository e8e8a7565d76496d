/**
 * Decides what models cost when nobody says otherwise: list prices of vendors, each from the day on which it was taken down. A new
 * price is a new row with its day; a row that was once here stays, so that what was counted then is counted alike for ever.
 */
import { multiplyUsd, type Usd } from '../../base/index.ts';
import type { Price, PriceTable, TokenRates } from './price-table.ts';

const claude = ['claude', 'anthropic'];
const codex = ['codex', 'openai'];
const amp = ['amp'];

/** The day on which the prices of Claude were compared with https://platform.claude.com/docs/en/about-claude/pricing. */
const claudeDay = '2026-11-21';

function always(
  providers: readonly string[],
  model: string | null,
  input: Usd,
  output: Usd,
  cache: Partial<TokenRates> = {},
): Price {
  return { providers, model, from: null, rates: { input, output, ...cache } };
}

/** Writing into a cache (for five minutes) costs a quarter more than input; the rate of reading differs between models. */
function claudeRates(input: Usd, output: Usd, cacheRead: Usd): TokenRates {
  return { input, output, cacheRead, cacheWrite: multiplyUsd(input, '1.25') };
}

function claudeNow(model: string, rates: TokenRates): Price {
  return { providers: claude, model, from: claudeDay, rates };
}

export const listPrices: PriceTable = Object.freeze([
  always(claude, null, '3', '15'),
  always(claude, 'claude-opus-4-6', '15', '75', { cacheRead: '1.5', cacheWrite: '18.75' }),
  always(claude, 'claude-sonnet-4-5', '3', '15', { cacheRead: '0.3', cacheWrite: '3.75' }),
  always(claude, 'claude-haiku-4-5', '0.8', '4', { cacheRead: '0.08', cacheWrite: '1' }),
  always(codex, null, '3', '15'),
  always(codex, 'o3', '10', '40'),
  always(codex, 'o3-mini', '1.1', '4.4'),
  always(codex, 'gpt-4o', '2.5', '10'),
  always(codex, 'gpt-4o-mini', '0.15', '0.6'),
  always(amp, null, '3', '15'),

  claudeNow('claude-fable-5', claudeRates('10', '50', '1')),
  claudeNow('claude-fable-5-1', claudeRates('10', '50', '0.25')),
  claudeNow('claude-mythos-5', claudeRates('10', '50', '1')),
  claudeNow('claude-mythos-5-1', claudeRates('10', '50', '0.25')),
  claudeNow('claude-opus-4', claudeRates('15', '75', '1.5')),
  claudeNow('claude-opus-4-5', claudeRates('5', '25', '0.5')),
  claudeNow('claude-opus-4-6', claudeRates('5', '25', '0.5')),
  claudeNow('claude-opus-4-7', claudeRates('5', '25', '0.5')),
  claudeNow('claude-opus-4-8', claudeRates('5', '25', '0.5')),
  claudeNow('claude-opus-5', claudeRates('5', '25', '0.5')),
  claudeNow('claude-opus-5-5', claudeRates('4', '20', '0.2')),
  claudeNow('claude-sonnet-4', claudeRates('3', '15', '0.3')),
  claudeNow('claude-sonnet-4-5', claudeRates('3', '15', '0.3')),
  claudeNow('claude-sonnet-5', claudeRates('2', '10', '0.2')),
  claudeNow('claude-sonnet-5-5', claudeRates('2', '10', '0.1')),
  claudeNow('claude-haiku-4-5', claudeRates('1', '5', '0.1')),
  claudeNow('claude-haiku-5-5', {
    ...claudeRates('0.1', '0.5', '0.01'),
    above: { promptTokens: 100_000, rates: claudeRates('0.5', '2.5', '0.05') },
  }),
]);
