// Proves that the benchmarks are asked and judged as their pages say: options, budgets, comparisons. Nothing is measured here.
import { expect, it, test } from 'vitest';
import { type Budget, readBudgets, unanswered, verdictsOn } from '../../bench/harness/budgets.ts';
import { changesBetween } from '../../bench/harness/compare.ts';
import { type Figure, figureOf, missingFigure } from '../../bench/harness/figure.ts';
import { merged, type Report } from '../../bench/harness/report.ts';
import { median } from '../../bench/harness/statistics.ts';
import { chartSvg } from '../../bench/page/chart.ts';
import { growthText } from '../../bench/page/growth.ts';
import { BadOption, readOptions } from '../../bench/options.ts';
import { questionNames } from '../../bench/questions.ts';

const known = { names: ['append', 'loop', 'peers'], usual: ['append', 'loop'] };

function report(...figures: readonly Figure[]): Report {
  const machine = { cpu: 'c', cpus: 2, memoryMb: 1, system: 's', node: '24', sqlite: '3' };
  const section = { name: 'append', at: 'now', commit: 'c', seconds: 1, peakMb: 1, loadBefore: 0, figures };
  const head = { form: 1, at: 'now', commit: 'c', command: './dev bench', rounds: 5 } as const;
  return { ...head, machine, sections: [section] };
}

function rateFigure(samples: readonly number[]): Figure {
  return figureOf({ id: 'append/x', what: 'x', unit: 'events/s', samples });
}

it('runs what is usual when nothing is named, and what is named by either way', () => {
  expect(readOptions([], known).names).toEqual(['append', 'loop']);
  expect(readOptions(['loop'], known).names).toEqual(['loop']);
  expect(readOptions(['--only', 'peers,append'], known).names).toEqual(['append', 'peers']);
});

it('takes a file behind --json, and knows when it stands alone', () => {
  expect(readOptions(['--json'], known).json).toBe(true);
  expect(readOptions(['--json', 'loop'], known)).toMatchObject({ json: true, names: ['loop'] });
  expect(readOptions(['--json', 'x.json', 'loop'], known)).toMatchObject({ json: 'x.json', names: ['loop'] });
});

test.each([
  [['lop'], "There is no benchmark 'lop'; there are append, loop, peers."],
  [['--only', 'append,'], "There is no benchmark ''"],
  [['--rounds', '3'], '--rounds takes a whole number, 5 or more'],
  [['--compare', 'nowhere.json'], '--compare: there is no file nowhere.json'],
  [['--json', 'no/such/folder.json'], '--json: there is no folder no/such'],
  [['--fast'], "Unknown option '--fast'"],
  [['--keep'], '--keep needs the file that it keeps'],
])('refuses %j with a sentence', (args, sentence) => {
  expect(() => readOptions(args, known)).toThrow(BadOption);
  expect(() => readOptions(args, known)).toThrow(sentence);
});

it('takes the mean of the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
});

it('calls the slow end of a rate its p99, and of a time the long end', () => {
  const samples = Array.from({ length: 200 }, (_, index) => index + 1);
  expect(rateFigure(samples).p99).toBe(3);
  expect(figureOf({ id: 'x', what: 'x', unit: 'ms', samples }).p99).toBe(199);
});

it('tells a figure that misses its aim from one beyond its limit', () => {
  const budget: Budget = { id: 'append/x', measure: 'median', direction: 'atLeast', aim: 100, limit: 50 };
  const verdictOn = (samples: readonly number[]) => verdictsOn(rateFigure(samples), [budget])[0];
  expect(verdictOn([100])).toMatchObject({ isMet: true, isWithin: true });
  expect(verdictOn([60])).toMatchObject({ isMet: false, isWithin: true });
  expect(verdictOn([40])).toMatchObject({ isMet: false, isWithin: false });
});

it('says that a budget has no line any more', () => {
  const budgets = ['append/x', 'append/gone', 'loop/other'].map((id): Budget => ({
    id,
    measure: 'median',
    direction: 'atMost',
    aim: 1,
    limit: null,
  }));
  const found = unanswered(['append'], [rateFigure([1])], budgets).map(({ id }) => id);
  expect(found).toEqual(['append/gone']);
});

it('has budgets that can be read, each of a benchmark that there is, with a limit behind the aim', () => {
  for (const { id, direction, aim, limit } of readBudgets()) {
    expect(questionNames).toContain(id.split('/')[0]);
    if (limit !== null) expect(direction === 'atLeast' ? limit <= aim : limit >= aim, id).toBe(true);
  }
});

it('has no limit on a peer: how slow somebody else is decides nothing', () => {
  const peers = ['langgraph', 'emmett', 'agents'];
  expect(readBudgets().filter(({ id }) => peers.includes(id.split('/')[0] ?? ''))).toEqual([]);
});

it('compares with the noise of the wider report, and leaves out what was not measured', () => {
  const quiet = report(rateFigure([100, 101, 99, 100, 100]));
  const noisy = report(rateFigure([150, 90, 210, 150, 150, 60, 240]));
  const faster = report(rateFigure([150, 151, 149, 150, 150]));
  expect(changesBetween(quiet, faster)).toMatchObject([{ direction: 'better' }]);
  expect(changesBetween(faster, quiet)).toMatchObject([{ direction: 'worse' }]);
  expect(changesBetween(quiet, noisy)).toMatchObject([{ direction: 'the same within noise' }]);
  const nothing = report(missingFigure({ id: 'append/x', what: 'x', unit: 'events/s' }, 'no server'));
  expect(changesBetween(quiet, nothing)).toEqual([]);
});

it('keeps what an earlier report has measured and this one has not, of the same machine alone', () => {
  const [older, newer] = [report(rateFigure([1])), report(rateFigure([2]))];
  const other = { ...older, sections: older.sections.map((section) => ({ ...section, name: 'loop' })) };
  expect(merged(other, newer).sections.map(({ name }) => name)).toEqual(['loop', 'append']);
  expect(merged(older, newer).sections).toEqual(newer.sections);
  expect(() => merged({ ...older, machine: { ...older.machine, cpus: 64 } }, newer)).toThrow(
    'another machine',
  );
});

it('draws a line for each series, whatever is in a name', () => {
  const points = [1_000, 10_000, 100_000].map((size) => ({ size, value: size / 10 }));
  const svg = chartSvg({
    title: 'Load',
    unit: 'ms',
    series: [
      { name: 'a<b', points },
      { name: 'c', points },
    ],
  });
  expect(svg.match(/<polyline/g)).toHaveLength(2);
  expect(svg).toContain('a&lt;b');
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

it('says why a size of a peer has no figure, and leaves it out of the chart', () => {
  const line = { what: 'x', unit: 'ms', peer: { name: 'Peer', durability: 'd' } } as const;
  const small = figureOf({ ...line, id: 'growth/load/peer/1000', samples: [5], size: 1_000 });
  const large = missingFigure({ ...line, id: 'growth/load/peer/10000', size: 10_000 }, 'more than a minute');
  expect(growthText([small, large])).toContain('| 10,000 | more than a minute |');
});
