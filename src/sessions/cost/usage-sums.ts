/** Decides how statements of use are summed: by run, session, day, model or provider, with what could not be priced counted beside. */
import { checkArguments, addUsd, type Usd, zeroUsd } from '../../base/index.ts';
import { addTokens, noTokens, type TokenCounts, totalTokens } from '../../effects/index.ts';
import type { UsageLine } from './usage-line.ts';

/** Tokens and cost in dollars of one group; tokens without a price are counted apart. */
export interface UsageSum {
  readonly key: string;
  readonly tokens: TokenCounts;
  readonly totalTokens: number;
  /** Exact, of the lines that have a cost. */
  readonly costUsd: Usd;
  /** Tokens of lines without rates: what they cost is not in `costUsd`. */
  readonly unpricedTokens: number;
  readonly runCount: number;
}

/** By what usage is grouped in a sum of lines. */
export type UsageKey = 'run' | 'session' | 'day' | 'model' | 'provider';

/** In the order of the keys. A run with several models, or over midnight, counts in each of them. */
export function sumUsage(
  lines: Iterable<UsageLine>,
  by: UsageKey | ((line: UsageLine) => string),
): readonly UsageSum[] {
  checkArguments('sumUsage', { lines: [lines, 'iterable'], by: [by, 'text', 'function'] });
  const keyOf = typeof by === 'function' ? by : keys[by];
  const sums = new Map<string, { tokens: TokenCounts; costUsd: Usd; unpriced: number; runs: Set<string> }>();
  for (const line of lines) {
    const key = keyOf(line);
    const sum = sums.get(key) ?? { tokens: noTokens, costUsd: zeroUsd, unpriced: 0, runs: new Set() };
    sum.tokens = addTokens(sum.tokens, line.tokens);
    if (line.costUsd === null) sum.unpriced += totalTokens(line.tokens);
    else sum.costUsd = addUsd(sum.costUsd, line.costUsd);
    if (line.runId !== null) sum.runs.add(JSON.stringify([line.sessionId, line.runId]));
    sums.set(key, sum);
  }
  const ordered = [...sums].toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return ordered.map(([key, { tokens, costUsd, unpriced, runs }]) => ({
    key,
    tokens,
    totalTokens: totalTokens(tokens),
    costUsd,
    unpricedTokens: unpriced,
    runCount: runs.size,
  }));
}

/** What nobody said is `unknown`; a day is a day of UTC. */
const keys: Readonly<Record<UsageKey, (line: UsageLine) => string>> = {
  run: ({ runId }) => runId ?? 'unknown',
  session: ({ sessionId }) => sessionId,
  day: ({ at }) => at.slice(0, 10),
  model: ({ model }) => model ?? 'unknown',
  provider: ({ provider }) => provider ?? 'unknown',
};
