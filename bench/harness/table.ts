// How a report is printed: one line a figure, with its spread, its ratio, and the verdict of its budgets.
import { type Budget, type Verdict, verdictsOn } from './budgets.ts';
import { type Figure, textOf } from './figure.ts';
import type { Section } from './report.ts';

export function tableOf(sections: readonly Section[], budgets: readonly Budget[]): string {
  const rows = sections.flatMap((section) => [
    ...section.figures.map((figure) => rowOf(figure, budgets)),
    [
      `${section.name}: ${section.seconds.toFixed(0)} s, peak memory ${section.peakMb.toFixed(0)} MB`,
      '',
      '',
      '',
      '',
    ],
  ]);
  const head = ['what', 'median', 'p99', 'ratio', 'aim'];
  return aligned([head, ...rows]);
}

function rowOf(figure: Figure, budgets: readonly Budget[]): readonly string[] {
  if (figure.missing !== undefined) return [figure.what, `not measured: ${figure.missing}`, '', '', ''];
  const ratio = figure.ratio;
  return [
    figure.what,
    textOf(figure.median, figure.unit),
    textOf(figure.p99, figure.unit),
    ratio === undefined ? '' : `${ratio.median.toFixed(2)} of ${ratio.of}`,
    verdictsOn(figure, budgets).map(verdictText).join('; '),
  ];
}

/** `0.95 of it at least: 0.97, met`. */
export function verdictText({ budget, found, isMet, isWithin }: Verdict): string {
  const sign = budget.direction === 'atLeast' ? '>=' : '<=';
  const aim = budget.aim.toLocaleString('en-US');
  if (isMet) return `${budget.measure} ${sign} ${aim}, met`;
  const by = Math.abs(found / budget.aim - 1) * 100;
  return `${budget.measure} ${sign} ${aim}, MISSED by ${by.toFixed(0)} %${isWithin ? '' : ', beyond the limit'}`;
}

/** Columns as wide as what stands in them; the last one is left as it is. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(
      ...rows.map((row) =>
        row.slice(column + 1).some((cell) => cell !== '') ? (row[column] ?? '').length : 0,
      ),
    ),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
