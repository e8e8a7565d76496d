// What has changed since another run: each line that both have, by how much, and whether that is more than the noise of the two.
// Noise is the width of the middle half of the rounds, of the wider one. A ratio is compared where there is one, because it
// says less about the machine.
import { type Figure, isRate, textOf } from './figure.ts';
import { figuresOf, type Report } from './report.ts';
import type { Spread } from './statistics.ts';
import { aligned } from './table.ts';

export type Direction = 'better' | 'worse' | 'the same within noise';

export interface Change {
  readonly id: string;
  readonly before: string;
  readonly now: string;
  /** 0.1 is ten per cent more than before. */
  readonly share: number;
  readonly noise: number;
  readonly direction: Direction;
}

export function changesBetween(before: Report, now: Report): readonly Change[] {
  const earlier = new Map(figuresOf(before).map((figure) => [figure.id, figure]));
  return figuresOf(now).flatMap((figure) => {
    const other = earlier.get(figure.id);
    if (other === undefined || isNothing(other) || isNothing(figure)) return [];
    return [changeOf(other, figure)];
  });
}

function isNothing({ missing, median }: Figure): boolean {
  return missing !== undefined || !Number.isFinite(median);
}

function changeOf(before: Figure, now: Figure): Change {
  const both = before.ratio !== undefined && now.ratio !== undefined;
  const [old, fresh]: readonly [Spread, Spread] =
    before.ratio !== undefined && now.ratio !== undefined ? [before.ratio, now.ratio] : [before, now];
  const share = fresh.median / old.median - 1;
  const noise = Math.max(noiseOf(old), noiseOf(fresh));
  // Ratios are of rates where the unit is a rate, and of times and bytes otherwise.
  const isBetter = share > 0 === isRate(now.unit);
  const direction = Math.abs(share) <= noise ? 'the same within noise' : isBetter ? 'better' : 'worse';
  const text = (spread: Spread): string =>
    both ? spread.median.toFixed(2) : textOf(spread.median, now.unit);
  return { id: now.id, before: text(old), now: text(fresh), share, noise, direction };
}

function noiseOf({ median, low, high }: Spread): number {
  return (high - low) / Math.abs(median);
}

export function comparisonText(before: Report, now: Report): string {
  const percent = (share: number): string => `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
  const rows = changesBetween(before, now).map(({ id, before: old, now: fresh, share, noise, direction }) => [
    id,
    old,
    fresh,
    percent(share),
    `±${(noise * 100).toFixed(1)} %`,
    direction,
  ]);
  const same = JSON.stringify(before.machine) === JSON.stringify(now.machine);
  const note = same ? '' : 'Another machine or other versions: only the ratios can be compared.\n';
  const title = `Beside ${before.at} (${before.commit}):\n${note}`;
  return `${title}${aligned([['line', 'before', 'now', 'change', 'noise', ''], ...rows])}`;
}
