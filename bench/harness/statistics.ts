// What is said of many measurements of one thing: the middle, the spread of the middle half, and the bad end.

export function median(numbers: readonly number[]): number {
  const sorted = ascending(numbers);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** The number below which this share of them lies. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = ascending(numbers);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function ascending(numbers: readonly number[]): readonly number[] {
  return [...numbers].sort((left, right) => left - right);
}

export interface Spread {
  readonly median: number;
  /** The middle half of the measurements lies between these. */
  readonly low: number;
  readonly high: number;
}

export function spreadOf(numbers: readonly number[]): Spread {
  return { median: median(numbers), low: quantile(numbers, 0.25), high: quantile(numbers, 0.75) };
}

/** Each round is compared with itself, so that what both suffered cancels out. */
export function ratiosOf(numbers: readonly number[], beside: readonly number[]): readonly number[] {
  return numbers.map((number, round) => number / (beside[round] ?? Number.NaN));
}
