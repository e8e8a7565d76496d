/** Decides what tokens cost at given rates: exact decimals, each kind of token at its own rate, no token counted twice. */
import { addUsd, multiplyUsd, type Usd, zeroUsd } from '../../base/index.ts';
import type { TokenRates } from './price-table.ts';

/** The four kinds do not overlap: `input` is without what was read from a cache or written into one. */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** Zero of each kind. */
export const noTokens: TokenCounts = Object.freeze({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0 });

/** The sum of two counts, kind by kind. */
export function addTokens(left: TokenCounts, right: TokenCounts): TokenCounts {
  return {
    input: left.input + right.input,
    output: left.output + right.output,
    cacheRead: left.cacheRead + right.cacheRead,
    cacheWrite: left.cacheWrite + right.cacheWrite,
  };
}

/** All kinds of tokens together. */
export function totalTokens({ input, output, cacheRead, cacheWrite }: TokenCounts): number {
  return input + output + cacheRead + cacheWrite;
}

/** Exact: nothing is rounded. */
export function costOfTokens(counts: TokenCounts, rates: TokenRates): Usd {
  const { input, output, cacheRead, cacheWrite } = counts;
  const { above } = rates;
  if (above !== undefined && input + cacheRead + cacheWrite > above.promptTokens) {
    return costOfTokens(counts, above.rates);
  }
  const parts = [
    [rates.input, input],
    [rates.output, output],
    [rates.cacheRead ?? rates.input, cacheRead],
    [rates.cacheWrite ?? rates.input, cacheWrite],
  ] as const;
  const millionths = parts.reduce((sum, [rate, count]) => addUsd(sum, multiplyUsd(rate, count)), zeroUsd);
  return multiplyUsd(millionths, '0.000001');
}
