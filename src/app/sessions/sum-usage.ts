/** Decides what is told of the use of a store: tokens and money of all runs since a moment, in one way of grouping, and which models have no price. */
import { checkArguments, checkOptionNames } from '../../base/index.ts';
import { listPrices, overridePrices, type PriceTable } from '../../effects/index.ts';
import { sessionQuery, type UsageFilter } from '../../sessions/index.ts';
import type { UsageReport, UsageRow } from '../../view/index.ts';
import { withStore } from '../with-store.ts';
import { queryRef } from './query-ref.ts';

/** By what usage is summed, and since when (ISO text). */
export interface UsageAsked {
  readonly by: 'day' | 'model' | 'agent';
  /** Runs that were made then or later. */
  readonly since?: string;
  /** Rows that count before the list prices. */
  readonly prices?: PriceTable;
}

/** The name of every part of a question: one that is missing here does not compile. */
const askedNames: readonly string[] = Object.keys({
  by: true,
  since: true,
  prices: true,
} satisfies Record<keyof UsageAsked, true>);

/**
 * Runs without a recorded cost count at the prices that are handed in, and at the list prices of their day. Rejects with
 * `InvalidPriceError`, and with the errors of the query and of the store.
 */
export async function sumUsageOfStore(url: string, asked: UsageAsked): Promise<UsageReport> {
  checkArguments('sumUsageOfStore', { url: [url, 'text'], asked: [asked, 'with by'] });
  checkOptionNames('sumUsageOfStore', asked, askedNames);
  const { by, since, prices: own = [] } = asked;
  const prices = overridePrices(own, listPrices);
  return withStore(url, 'read', async (store) => {
    const query = sessionQuery(queryRef(store));
    const filter: UsageFilter = { by, ...(since === undefined ? {} : { since }) };
    const usage = await query.getUsageSummary(filter);
    const cost = await query.getCostSummary({ ...filter, prices });
    const costs = new Map(cost.groups.map((group) => [group.key, group]));
    const groups = usage.groups.map((counts): UsageRow => {
      const own = costs.get(counts.key);
      return { ...counts, costUsd: own?.costUsd ?? '0', unpricedTokens: own?.unmappedTokens ?? 0 };
    });
    return {
      by,
      since: since ?? null,
      groups,
      total: {
        key: 'total',
        inputTokens: usage.totalInputTokens,
        outputTokens: usage.totalOutputTokens,
        totalTokens: usage.totalTokens,
        runCount: usage.runCount,
        costUsd: cost.totalCostUsd,
        unpricedTokens: cost.groups.reduce((sum, { unmappedTokens }) => sum + unmappedTokens, 0),
      },
      // What used nothing that could cost anything needs no price.
      unpricedModels: cost.unmapped
        .filter(({ tokens }) => tokens > 0)
        .toSorted((left, right) => right.tokens - left.tokens),
    };
  });
}
