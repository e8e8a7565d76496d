// Decides how a report is shown to a person: what was measured where, which aims are met, what each table means, how to measure again.
// Every number on the page comes from the report.
import { type Budget, type Verdict, verdictsOn } from '../harness/budgets.ts';
import { type Figure, isRate, textOf } from '../harness/figure.ts';
import { figuresOf, type Report, type Section } from '../harness/report.ts';
import { causes } from './causes.ts';
import { growthText } from './growth.ts';
import { meanings } from './meanings.ts';
import { table } from './page-table.ts';
import { versionsText } from './peer-versions.ts';

export function pageText(report: Report, budgets: readonly Budget[]): string {
  const sections = meanings.flatMap((meaning) => {
    const section = report.sections.find(({ name }) => name === meaning.name);
    return section === undefined ? [] : [sectionText(section, meaning.title, meaning.means, budgets)];
  });
  return [
    '# Benchmarks',
    'This page is made by the benchmarks themselves, from `bench/results.json`: no figure on it was typed.',
    machineText(report),
    howToRead,
    howToRun,
    aimsText(report, budgets),
    ...sections,
    growthText(figuresOf(report)),
  ].join('\n\n');
}

function machineText({ machine, at, commit, rounds, sections }: Report): string {
  const { cpu, cpus, memoryMb, system, node, sqlite } = machine;
  const loads = sections.map(({ loadBefore }) => loadBefore);
  const busiest = Math.max(...loads);
  const busy =
    busiest > 1
      ? `Others worked on it meanwhile: a load of up to ${busiest.toFixed(1)} for each core before a benchmark began. Ratios are of ` +
        'rounds that took turns, and hold; rates and waits would be better on a quiet machine.'
      : `Little else ran: the load before a benchmark was ${busiest.toFixed(1)} for each core at most.`;
  return `Measured on ${at.slice(0, 10)} at commit \`${commit}\`: ${cpu}, ${cpus} cores, ${Math.round(memoryMb / 1024)} GB, ${system};
Node ${node}, SQLite ${sqlite}; ${rounds} rounds that took turns, after others that warmed up. ${busy}`;
}

const howToRead = `## How to read it

- **median** is the middle of the rounds. **p99** is the bad end: 99 of 100 measurements were at least as good; of few rounds it is the worst.
- **ratio** is beside what is named, in the same rounds: a slow moment of the machine falls on both. It is what can be compared with another machine.
- An **aim** is what the design asks for. What misses one says by how much.
- Rates differ between machines, mostly by how long the disk takes to sync. Measure on yours.
- Peers are real packages, set up as their documentation says; what each keeps when the power fails stands beside it. None of them has a budget.`;

const howToRun = `## How to run it

\`\`\`text
./dev bench                             # all of ours; one table and one JSON line
./dev bench --only append,load          # some
./dev bench langgraph emmett agents     # the peers; installs them below bench/peers/ the first time
./dev bench --json before.json          # keep the report
./dev bench --compare before.json       # what has changed since, and what of it is noise
./dev bench --check                     # end with 1 when a figure lies beyond its limit in bench/budgets.json
./dev bench --all --json bench/results.json && ./dev bench --page      # this page
\`\`\``;

function aimsText(report: Report, budgets: readonly Budget[]): string {
  const verdicts = figuresOf(report).flatMap((figure) =>
    verdictsOn(figure, budgets).map((verdict) => ({ figure, verdict })),
  );
  const met = verdicts.filter(({ verdict }) => verdict.isMet).length;
  const rows = verdicts.map(({ figure, verdict }) => [
    figure.what,
    aimText(verdict.budget, figure),
    foundText(verdict.found, verdict.budget, figure),
    verdict.isMet ? 'met' : `**missed by ${missText(verdict)}**`,
  ]);
  const why = verdicts.filter(({ figure, verdict }) => !verdict.isMet && causes[figure.id] !== undefined);
  const sentences = why.map(({ figure }) => `- ${figure.what}: ${causes[figure.id] ?? ''}`);
  const reasons =
    sentences.length === 0
      ? ''
      : `\n\nWhere the time goes, of what misses its aim:\n\n${[...new Set(sentences)].join('\n')}`;
  return `## Aims

${met} of ${verdicts.length} are met.

${table([['what', 'aim', 'found', ''], ...rows])}${reasons}`;
}

function aimText({ measure, direction, aim }: Budget, figure: Figure): string {
  const sign = direction === 'atLeast' ? '≥' : '≤';
  if (measure === 'ratio') return `${sign} ${aim} of ${figure.ratio?.of ?? 'it'}`;
  return `${measure === 'p99' ? 'p99 ' : ''}${sign} ${figure.unit === 'times' ? aim : `${aim.toLocaleString('en-US')} ${figure.unit}`}`;
}

function foundText(found: number, { measure }: Budget, { unit }: Figure): string {
  return measure === 'ratio' ? found.toFixed(2) : textOf(found, unit);
}

function missText({ found, budget }: Verdict): string {
  return `${(Math.abs(found / budget.aim - 1) * 100).toFixed(0)} %`;
}

function sectionText(section: Section, title: string, means: string, budgets: readonly Budget[]): string {
  const { figures, name, seconds, peakMb, at, commit, loadBefore } = section;
  const isOfPeers = figures.some(({ peer }) => peer !== undefined);
  const head = ['what', 'median', 'p99', 'ratio', ...(isOfPeers ? ['what it keeps'] : [])];
  const rows = figures.map((figure) => [
    figure.what,
    ...numbersOf(figure),
    ...(isOfPeers ? [figure.peer?.durability ?? ''] : []),
  ]);
  const judged = figures.flatMap((figure) => verdictsOn(figure, budgets));
  const missed = judged.filter(({ isMet }) => !isMet).length;
  const aims = judged.length === 0 ? '' : ` Aims: ${judged.length - missed} of ${judged.length} met.`;
  return `## ${title}

${means}${versionsText(name)}

\`./dev bench ${name}\`, ${Math.round(seconds)} s, at most ${Math.round(peakMb)} MB in its process; ${at.slice(0, 16).replace('T', ' ')} UTC, commit
\`${commit}\`, load ${loadBefore.toFixed(1)} for each core before it.${aims}

${table([head, ...rows])}`;
}

function numbersOf(figure: Figure): readonly string[] {
  const { median, p99, unit, ratio, missing, samples } = figure;
  if (missing !== undefined) return [`not measured: ${missing}`, '', ''];
  return [
    textOf(median, unit),
    samples < 2 ? '' : textOf(p99, unit),
    ratio === undefined ? '' : ratioText(ratio.median, ratio.of, isRate(unit)),
  ];
}

function ratioText(ratio: number, of: string, ofRate: boolean): string {
  return ofRate || ratio < 10 ? `${ratio.toFixed(2)} of ${of}` : `${ratio.toFixed(0)} times ${of}`;
}
