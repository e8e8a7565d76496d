// What one line of a report is: a thing that was measured, its middle, its bad end, its spread, and what it is compared with.
import { quantile, spreadOf, type Spread } from './statistics.ts';

/** Of a rate more is better, of everything else less. */
export type Unit = 'events/s' | 'ticks/s' | 'items/s' | 'steps/s' | 'ms' | 'MB' | 'bytes' | 'times';

export interface Figure extends Spread {
  /** Names the line in budgets and comparisons, and never changes: `append/batch-1`. */
  readonly id: string;
  readonly what: string;
  readonly unit: Unit;
  /** The bad end: 99 of 100 measurements are at least as good. With few rounds it is the worst of them. */
  readonly p99: number;
  readonly samples: number;
  /** Beside something else that was measured in the same rounds. */
  readonly ratio?: Spread & { readonly of: string };
  /** Whose figure it is, when it is not ours, and what it promises to keep when the power fails. */
  readonly peer?: { readonly name: string; readonly durability: string };
  /** Why there is no figure: the median is `null` in JSON then. */
  readonly missing?: string;
  /** How large the thing was, for the charts of growth. */
  readonly size?: number;
}

export interface Measurements {
  readonly id: string;
  readonly what: string;
  readonly unit: Unit;
  readonly samples: readonly number[];
  readonly ratio?: { readonly of: string; readonly samples: readonly number[] };
  readonly peer?: { readonly name: string; readonly durability: string };
  readonly size?: number;
}

export function figureOf({ id, what, unit, samples, ratio, ...rest }: Measurements): Figure {
  if (samples.length === 0) throw new Error(`nothing was measured for ${id}`);
  return {
    id,
    what,
    unit,
    ...spreadOf(samples),
    p99: quantile(samples, isRate(unit) ? 0.01 : 0.99),
    samples: samples.length,
    ...(ratio === undefined ? {} : { ratio: { of: ratio.of, ...spreadOf(ratio.samples) } }),
    ...rest,
  };
}

/** A line for what could not be measured: the reason stands where the figure would. */
export function missingFigure(
  line: Pick<Figure, 'id' | 'what' | 'unit' | 'peer' | 'size'>,
  reason: string,
): Figure {
  const none = Number.NaN;
  return { ...line, median: none, low: none, high: none, p99: none, samples: 0, missing: reason };
}

export function isRate(unit: Unit): boolean {
  return unit.endsWith('/s');
}

/** `12,345/s`, `1.23 ms`, `41 MB`. */
export function textOf(value: number, unit: Unit): string {
  if (isRate(unit)) return `${Math.round(value).toLocaleString('en-US')} ${unit}`;
  if (unit === 'times') return value.toFixed(2);
  if (unit === 'bytes') return `${Math.round(value).toLocaleString('en-US')} bytes`;
  return `${value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3)} ${unit}`;
}
