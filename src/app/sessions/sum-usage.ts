/** Decides what is told of the use of a store: tokens and money of all runs since a moment, in one way of grouping, and which models have no price. */
import { checkArguments } from '../../base/index.ts';
import { listPrices } from '../../effects/index.ts';
import { sessionQuery, type UsageFilter } from '../../sessions/index.ts';
import type { UsageReport, UsageRow } from '../../view/index.ts';
import { withStore } from '../with-store.ts';
import { queryRef } from './query-ref.ts';

/** By what usage is summed, and since when (ISO text). */
export interface UsageAsked {
  readonly by: 'day' | 'model' | 'agent';
  /** Runs that were made then or later. */
  readonly since?: string;
}

/** Runs without a recorded cost count at the list prices of their day. Rejects with the errors of the query and of the store. */
export async function sumUsageOfStore(url: string, asked: UsageAsked): Promise<UsageReport> {
  checkArguments('sumUsageOfStore', { url: [url, 'text'], asked: [asked, 'with by'] });
  const { by, since } = asked;
  return withStore(url, 'read', async (store) => {
    const query = sessionQuery(queryRef(store));
    const filter: UsageFilter = { by, ...(since === undefined ? {} : { since }) };
    const usage = await query.getUsageSummary(filter);
    const cost = await query.getCostSummary({ ...filter, prices: listPrices });
    const models = await query.getCostSummary({ ...filter, by: 'model', prices: listPrices });
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
      unpricedModels: models.groups.flatMap(({ key, unmappedTokens }) =>
        unmappedTokens === 0 ? [] : [{ model: key, tokens: unmappedTokens }],
      ),
    };
  });
}
