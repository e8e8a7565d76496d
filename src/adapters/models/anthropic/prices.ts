/**
 * Decides what a call costs: the list prices of the vendor on one day, exact to the token. What a contract says instead is handed in
 * as a table of one's own.
 */
import { addUsd, compareUsd, multiplyUsd, type Usd, zeroUsd } from '../../../base/index.ts';

/** US dollars for a million tokens, as decimal text. */
export interface ModelPrice {
  readonly input: Usd;
  readonly output: Usd;
  readonly cacheRead: Usd;
  /** Kept for five minutes. */
  readonly cacheWrite: Usd;
  /** What counts instead when the whole prompt is longer than so many tokens. */
  readonly above?: { readonly promptTokens: number; readonly price: ModelPrice };
}

/** The day on which the table was compared with https://platform.claude.com/docs/en/about-claude/pricing. */
export const pricesAsOf = '2026-11-21';

/** The rate of cached reading differs between models; the other two follow from the price of input. */
function price(input: Usd, output: Usd, cacheRead: Usd, above?: ModelPrice['above']): ModelPrice {
  const written = { input, output, cacheRead, cacheWrite: multiplyUsd(input, '1.25') };
  return Object.freeze(above === undefined ? written : { ...written, above });
}

/** By the beginning of a model's name; the longest one that fits counts. */
export const anthropicPrices: Readonly<Record<string, ModelPrice>> = Object.freeze({
  'claude-fable-5': price('10', '50', '1'),
  'claude-fable-5-1': price('10', '50', '0.25'),
  'claude-mythos-5': price('10', '50', '1'),
  'claude-mythos-5-1': price('10', '50', '0.25'),
  'claude-opus-4': price('15', '75', '1.5'),
  'claude-opus-4-5': price('5', '25', '0.5'),
  'claude-opus-4-6': price('5', '25', '0.5'),
  'claude-opus-4-7': price('5', '25', '0.5'),
  'claude-opus-4-8': price('5', '25', '0.5'),
  'claude-opus-5': price('5', '25', '0.5'),
  'claude-opus-5-5': price('4', '20', '0.2'),
  'claude-sonnet-4': price('3', '15', '0.3'),
  'claude-sonnet-5': price('2', '10', '0.2'),
  'claude-sonnet-5-5': price('2', '10', '0.1'),
  'claude-haiku-4-5': price('1', '5', '0.1'),
  'claude-haiku-5-5': price('0.1', '0.5', '0.01', {
    promptTokens: 100_000,
    price: price('0.5', '2.5', '0.05'),
  }),
});

export interface PricedModel {
  readonly price: ModelPrice;
  /** The row that counts. */
  readonly row: string;
  /** True when no row fits, and the dearest one stands in: an estimate must not be too low. */
  readonly isGuess: boolean;
}

/** Throws nothing: a model that nobody knows yet is as dear as the dearest one that is known. */
export function priceOf(model: string, table: Readonly<Record<string, ModelPrice>>): PricedModel {
  const rows = Object.entries(table);
  const fitting = rows.filter(([row]) => model === row || model.startsWith(row));
  const longest = fitting.toSorted(([left], [right]) => right.length - left.length)[0];
  if (longest !== undefined) return { row: longest[0], price: longest[1], isGuess: false };
  const dearest = rows.toSorted(([, left], [, right]) => compareUsd(right.output, left.output))[0];
  if (dearest === undefined) return { row: '', price: price('0', '0', '0'), isGuess: true };
  return { row: dearest[0], price: dearest[1], isGuess: true };
}

export interface TokenCounts {
  /** Without what was read from a cache or written into one. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

export function costOf(counts: TokenCounts, given: ModelPrice): Usd {
  const { input, output, cacheRead = 0, cacheWrite = 0 } = counts;
  const { above } = given;
  const isLong = above !== undefined && input + cacheRead + cacheWrite > above.promptTokens;
  const rates = isLong ? above.price : given;
  const parts = [
    [rates.input, input],
    [rates.output, output],
    [rates.cacheRead, cacheRead],
    [rates.cacheWrite, cacheWrite],
  ] as const;
  const millionths = parts.reduce((sum, [rate, count]) => addUsd(sum, multiplyUsd(rate, count)), zeroUsd);
  return multiplyUsd(millionths, '0.000001');
}
