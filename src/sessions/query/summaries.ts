/** Decides how runs are summed: what they used and what it cost, added up where they are stored. */
import { addUsd, isJsonObject, type Usd, zeroUsd } from '../../base/index.ts';
import { costOfTokens, findRates, type PriceTable } from '../../effects/index.ts';
import type { GroupField, RecordGroup } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { executionKind, sessionKind } from '../store/documents.ts';
import { usdOfUnits } from '../store/usage-fields.ts';
import type { QueryContext } from './context.ts';
import type {
  CostFilter,
  CostGroup,
  CostSummary,
  UnmappedUsage,
  UsageCounts,
  UsageFilter,
  UsageGroup,
  UsageSummary,
} from './port.ts';
import { FilterReader } from './read-filter.ts';
import { ofWhom } from './search-runs.ts';
import { between } from './search-sessions.ts';

const filters = ['sessionId', 'agentId', 'provider', 'since', 'until', 'by'];
const unknown = 'unknown';

export async function getUsageSummary(context: QueryContext, filter: UsageFilter): Promise<UsageSummary> {
  const reader = new FilterReader(filter, filters);
  const groups = await runGroups(context, reader, ['provider']);
  const all = groups.map((group) => ({ ...countsOf(group), group }));
  const byProvider = new Map<string, UsageCounts>();
  const byKey = new Map<string, UsageCounts>();
  for (const { group, ...counts } of all) {
    const [key = unknown, provider = unknown] = group.by.map(nameOf);
    byProvider.set(provider, added(byProvider.get(provider), counts));
    byKey.set(key, added(byKey.get(key), counts));
  }
  const total = all.reduce<UsageCounts>((sum, { group: _group, ...counts }) => added(sum, counts), nothing);
  return {
    totalInputTokens: total.inputTokens,
    totalOutputTokens: total.outputTokens,
    totalTokens: total.totalTokens,
    runCount: total.runCount,
    byProvider: Object.fromEntries(byProvider),
    groups: [...byKey].map(([key, counts]) => ({ key, ...counts })),
  };
}

interface Money {
  readonly costUsd: Usd;
  readonly runCount: number;
  readonly unmappedRuns: number;
  readonly unmappedTokens: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const known = { unmappedRuns: 0, unmappedTokens: 0 };
const noMoney: Money = { costUsd: zeroUsd, runCount: 0, ...known, inputTokens: 0, outputTokens: 0 };

export async function getCostSummary(
  context: QueryContext,
  { prices = [], ...filter }: CostFilter,
): Promise<CostSummary> {
  const reader = new FilterReader(filter, filters);
  checkPrices(prices);
  const groups = await runGroups(context, reader, ['provider', 'model', 'day', 'costed']);
  const providers = new Map<string, Money>();
  const models = new Map<string, Money>();
  const keys = new Map<string, Money>();
  const unmapped = new Map<string, UnmappedUsage>();
  let total = noMoney;
  for (const group of groups) {
    const money = moneyOf(group, prices);
    const [key = unknown, provider = unknown, model = unknown] = group.by.map(nameOf);
    total = addMoney(total, money);
    providers.set(provider, addMoney(providers.get(provider), money));
    models.set(model, addMoney(models.get(model), money));
    keys.set(key, addMoney(keys.get(key), money));
    if (money.unmappedRuns > 0) addUnmapped(unmapped, group.by, money);
  }
  return {
    totalCostUsd: total.costUsd,
    runCount: total.runCount,
    byProvider: Object.fromEntries(
      [...providers].map(([name, { costUsd, runCount }]) => [name, { costUsd, runCount }]),
    ),
    byModel: Object.fromEntries(
      [...models].map(([name, { costUsd, inputTokens, outputTokens }]) => [
        name,
        { costUsd, inputTokens, outputTokens },
      ]),
    ),
    groups: [...keys].map(([key, { costUsd, runCount, unmappedRuns, unmappedTokens }]): CostGroup => {
      return { key, costUsd, runCount, unmappedRuns, unmappedTokens };
    }),
    unmappedRuns: total.unmappedRuns,
    unmapped: [...unmapped.values()],
  };
}

/** The first of the group is what was asked for; provider and model follow. */
function addUnmapped(
  found: Map<string, UnmappedUsage>,
  [, provider = null, model = null]: RecordGroup['by'],
  { unmappedRuns, unmappedTokens }: Money,
): void {
  const name = JSON.stringify([provider, model]);
  const { runCount = 0, tokens = 0 } = found.get(name) ?? {};
  const sums = { runCount: runCount + unmappedRuns, tokens: tokens + unmappedTokens };
  found.set(name, { provider, model, ...sums });
}

const sum = ['input', 'output', 'tokens', 'cache_read', 'cache_write', 'cost'];

/** One group for each combination of what is asked for and of `fields`. */
async function runGroups(
  { store }: QueryContext,
  reader: FilterReader,
  fields: readonly string[],
): Promise<readonly RecordGroup[]> {
  const by: UsageGroup = reader.choice('by', ['provider', 'model', 'agent', 'day']);
  const where = [...ofWhom(reader), ...between('started', reader.moment('since'), reader.moment('until'))];
  const query = { kind: executionKind, where, orderBy: 'started' };
  const first: GroupField =
    by === 'agent' ? { field: by, through: { kind: sessionKind, by: 'session' } } : { field: by };
  return store.search.sumRecords(query, { groupBy: [first, ...fields.map((field) => ({ field }))], sum });
}

/** Throws `ValidationError`: what is no table of prices would be found out by the first run without a recorded cost. */
function checkPrices(prices: unknown): void {
  const rows: readonly unknown[] = Array.isArray(prices) ? prices : [null];
  if (rows.every(isPrice)) return;
  throw sessionError('validation_error', 'prices must be a list of rows with providers, model and rates', {
    details: { field: 'prices' },
    howToFix: 'Hand in `listPrices` of `runlog/effects`, or rows of its form.',
  });
}

function isPrice(row: unknown): boolean {
  if (!isJsonObject(row)) return false;
  const { providers, model, rates } = row;
  return Array.isArray(providers) && (model === null || typeof model === 'string') && isJsonObject(rates);
}

/** What was recorded counts; otherwise the tokens at the rates of the day on which the runs were made. */
function moneyOf({ by, count, sums }: RecordGroup, prices: PriceTable): Money {
  const [, provider = null, model = null, day, costed] = by;
  const [input = 0, output = 0, all = 0, cacheRead = 0, cacheWrite = 0] = sums.map(Number);
  const tokens = { runCount: count, inputTokens: input, outputTokens: output };
  if (costed !== null) return { ...tokens, costUsd: usdOfUnits(sums[5] ?? 0n), ...known };
  const found = findRates(prices, { provider, model, at: day ?? '' });
  if (found.kind === 'no_rates') {
    return { ...tokens, costUsd: zeroUsd, unmappedRuns: count, unmappedTokens: all };
  }
  // The sum of a run does not tell how long one prompt was: a rate for long prompts cannot be applied to it.
  const { above: _above, ...rates } = found.rates;
  const costUsd = costOfTokens({ input, output, cacheRead, cacheWrite }, rates);
  return { ...tokens, costUsd, ...known };
}

function addMoney(before: Money | undefined, more: Money): Money {
  const { costUsd, runCount, unmappedRuns, unmappedTokens, inputTokens, outputTokens } = before ?? noMoney;
  return {
    costUsd: addUsd(costUsd, more.costUsd),
    runCount: runCount + more.runCount,
    unmappedRuns: unmappedRuns + more.unmappedRuns,
    unmappedTokens: unmappedTokens + more.unmappedTokens,
    inputTokens: inputTokens + more.inputTokens,
    outputTokens: outputTokens + more.outputTokens,
  };
}

const nothing: UsageCounts = { inputTokens: 0, outputTokens: 0, totalTokens: 0, runCount: 0 };

function countsOf({ count, sums }: RecordGroup): UsageCounts {
  const [inputTokens = 0, outputTokens = 0, totalTokens = 0] = sums.map(Number);
  return { inputTokens, outputTokens, totalTokens, runCount: count };
}

function added(before: UsageCounts = nothing, more: UsageCounts): UsageCounts {
  return {
    inputTokens: before.inputTokens + more.inputTokens,
    outputTokens: before.outputTokens + more.outputTokens,
    totalTokens: before.totalTokens + more.totalTokens,
    runCount: before.runCount + more.runCount,
  };
}

function nameOf(value: string | null): string {
  return value ?? unknown;
}
