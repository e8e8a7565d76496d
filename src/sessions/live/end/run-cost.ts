/** Decides what a run has cost: what its provider says, else the rates of its model on that day, else nothing is known. */
import { type JsonObject, type Usd } from '../../../base/index.ts';
import { costOfTokens, findRates, type PriceTable } from '../../../effects/index.ts';
import { reportedCost, tokensOfUsage } from '../../cost/usage-line.ts';

export interface Used {
  readonly provider: string;
  readonly model: string | null;
  readonly tokenUsage: JsonObject;
  /** What the provider itself says. */
  readonly reportedUsd: Usd | null;
  /** When the run ended. */
  readonly at: string;
}

/** Exact; `null` when nobody knows. A provider that says 0 says nothing. */
export function costOfRun(used: Used, prices: PriceTable): Usd | null {
  const reported = reportedCost(used.reportedUsd ?? undefined);
  if (reported !== null) return reported;
  const tokens = tokensOfUsage(used.tokenUsage);
  const found = findRates(prices, used);
  return tokens === null || found.kind === 'no_rates' ? null : costOfTokens(tokens, found.rates);
}
