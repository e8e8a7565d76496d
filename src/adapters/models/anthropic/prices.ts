/** Decides at which rates a question to this vendor is counted, and what stands in for a model that no table knows. */
import { compareUsd } from '../../../base/index.ts';
import { findRates, type PriceTable, type TokenRates } from '../../../effects/index.ts';

const provider = 'anthropic';
const free: TokenRates = { input: '0', output: '0' };

export interface PricedModel {
  readonly rates: TokenRates;
  /** The model of the row that counts. */
  readonly row: string;
  /** True when no row fits, and the dearest one stands in: an estimate must not be too low. */
  readonly isGuess: boolean;
}

/** Throws nothing: a model that nobody knows yet is as dear as the dearest one that is known. `at` is when it was asked. */
export function priceOf(model: string, table: PriceTable, at: string): PricedModel {
  const found = findRates(table, { provider, model, at });
  if (found.kind === 'rates') return { rates: found.rates, row: found.row.model ?? '*', isGuess: false };
  const ours = table.filter(({ providers }) => providers.includes(provider));
  const [dearest] = ours.toSorted((left, right) => compareUsd(right.rates.output, left.rates.output));
  return { rates: dearest?.rates ?? free, row: dearest?.model ?? '', isGuess: true };
}
