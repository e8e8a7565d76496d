// The charts of growth and the numbers in them: which lines stand in which chart, and what is said of a size that was not measured.
import { topics } from '../growth/sizes.ts';
import { type Figure, textOf } from '../harness/figure.ts';
import { chartSvg, type Series } from './chart.ts';
import { table } from './page-table.ts';

interface GrowthChart {
  readonly topic: string;
  readonly title: string;
  readonly unit: string;
  readonly figures: readonly Figure[];
}

function chartsOf(figures: readonly Figure[]): readonly GrowthChart[] {
  return Object.entries(topics).flatMap(([topic, { title, unit }]) => {
    const own = figures.filter(({ id }) => id.startsWith(`growth/${topic}/`));
    return own.length === 0 ? [] : [{ topic, title, unit, figures: own }];
  });
}

/** The series of a chart by name, in the order in which they were measured. */
function seriesNames(figures: readonly Figure[]): readonly string[] {
  return [...new Set(figures.map(({ peer }) => peer?.name ?? 'runlog'))];
}

function seriesOf(figures: readonly Figure[]): readonly Series[] {
  return seriesNames(figures)
    .map((name) => ({
      name,
      points: figures.flatMap(({ peer, size, median, missing }) =>
        (peer?.name ?? 'runlog') === name && missing === undefined && size !== undefined
          ? [{ size, value: median }]
          : [],
      ),
    }))
    .filter(({ points }) => points.length > 0);
}

/** Files of the charts, by their names. */
export function growthCharts(figures: readonly Figure[]): ReadonlyMap<string, string> {
  return new Map(
    chartsOf(figures).map(({ topic, title, unit, figures: own }) => [
      `${topic}.svg`,
      chartSvg({ title, unit, series: seriesOf(own) }),
    ]),
  );
}

export function growthText(figures: readonly Figure[]): string {
  const charts = chartsOf(figures);
  if (charts.length === 0) return '';
  const parts = charts.map(({ topic, title, figures: own }) => {
    const names = seriesNames(own);
    const sizes = [...new Set(own.flatMap(({ size }) => (size === undefined ? [] : [size])))];
    const cellOf = (name: string, size: number): string => {
      const figure = own.find((each) => each.size === size && (each.peer?.name ?? 'runlog') === name);
      if (figure === undefined) return '';
      return figure.missing === undefined ? textOf(figure.median, figure.unit) : figure.missing;
    };
    const rows = sizes.map((size) => [
      size.toLocaleString('en-US'),
      ...names.map((name) => cellOf(name, size)),
    ]);
    return `### ${title.split(':')[0] ?? title}

![${title}](./benchmarks/${topic}.svg)

${table([['events', ...names], ...rows])}`;
  });
  return `## Growth

The same questions at 1,000 to 1,000,000 events; both axes go by powers of ten. A peer is left out where it would take more than a
minute to get to a size, or has no such thing. A step of LangGraph.js counts as one
event; to load, it reads its last checkpoint, and not what happened. Its durable steps a second stand above.

${parts.join('\n\n')}
`;
}
