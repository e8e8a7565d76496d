/**
 * Decides what one statement of use is: so many tokens of one model in one run at one moment, and what they cost. A line without a
 * cost has no rates; it is never taken for one that was free.
 */
import { type JsonObject, type JsonValue, readUsd, type Usd } from '../../base/index.ts';
import { costOfTokens, findRates, noTokens, type PriceTable, type TokenCounts } from '../../effects/index.ts';

/**
 * Whose word the cost is: what the provider itself said, or our rates, found by the whole name of the model, by its beginning, or
 * for every model of the provider.
 */
export type CostSource = 'reported' | 'model' | 'prefix' | 'provider';

/** What one telling of usage said: tokens, cost in dollars when known, and who said so. */
export interface UsageLine {
  readonly sessionId: string;
  readonly runId: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  /** When it was told. UTC, to the microsecond. */
  readonly at: string;
  readonly tokens: TokenCounts;
  /** `null` when nobody knows: there are no rates for this model and provider. */
  readonly costUsd: Usd | null;
  readonly costSource: CostSource | null;
}

/** What a line is before it has a cost. */
export type UnpricedLine = Omit<UsageLine, 'costUsd' | 'costSource'>;

export function priceLine(line: UnpricedLine, prices: PriceTable): UsageLine {
  const found = findRates(prices, line);
  if (found.kind === 'no_rates') return { ...line, costUsd: null, costSource: null };
  return { ...line, costUsd: costOfTokens(line.tokens, found.rates), costSource: found.by };
}

/**
 * The counts of `token_usage_updated` and of a `token_usage`. `cache_creation_input_tokens` and `cache_read_input_tokens`, as Claude
 * spells them, count as well. `null` when nothing of it is a count.
 */
export function tokensOfUsage(usage: JsonObject): TokenCounts | null {
  const read = (...keys: readonly string[]): number | null =>
    keys.map((key) => countOf(usage[key])).find((count) => count !== null) ?? null;
  const counts = {
    input: read('input_tokens'),
    output: read('output_tokens'),
    cacheRead: read('cache_read_tokens', 'cache_read_input_tokens'),
    cacheWrite: read('cache_creation_tokens', 'cache_creation_input_tokens'),
  };
  if (Object.values(counts).every((count) => count === null)) return null;
  return {
    input: counts.input ?? noTokens.input,
    output: counts.output ?? noTokens.output,
    cacheRead: counts.cacheRead ?? noTokens.cacheRead,
    cacheWrite: counts.cacheWrite ?? noTokens.cacheWrite,
  };
}

function countOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** What a provider says that it cost: a number or decimal text above 0. What says 0 says nothing. */
export function reportedCost(value: JsonValue | undefined): Usd | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const cost = readUsd(String(value));
  return cost === null || Number(cost) <= 0 ? null : cost;
}
