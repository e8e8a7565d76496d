// `./dev bench [NAME…] [--only NAME,…] [--json [FILE]] [--compare FILE] [--check] [--page]`: measures and prints one table and one
// JSON line. It ends with 0 whatever comes out, because a benchmark tells and does not judge, unless `--check` asks it to.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { argv, execPath, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { readBudgets, unanswered, verdictsOn } from './harness/budgets.ts';
import { comparisonText } from './harness/compare.ts';
import {
  commitNow,
  figuresOf,
  machine,
  merged,
  readReport,
  type Report,
  type Section,
  sectionOf,
  writeReport,
} from './harness/report.ts';
import { tableOf } from './harness/table.ts';
import { writePage } from './page/main.ts';
import { BadOption, type Options, readOptions } from './options.ts';
import { questionNames, questions } from './questions.ts';

const runOne = fileURLToPath(new URL('run-one.ts', import.meta.url));
const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=8192'];
const usual = questionNames.filter((name) => questions[name]?.byName !== true);

function helpText(): string {
  const width = Math.max(...questionNames.map((name) => name.length));
  const list = questionNames.map((name) => `  ${name.padEnd(width)}  ${questions[name]?.measures ?? ''}`);
  return `usage: ./dev bench [NAME…] [OPTION…]

  --only NAME[,NAME]  these benchmarks; the same as naming them
  --all               also what does not run unless it is named
  --json [FILE]       the report as JSON: alone on stdout, or into the file beside the table
  --keep              sections of that file that are not measured now stay in it
  --compare FILE      what has changed since this report, and how much of it is noise
  --check             end with 1 when a figure lies beyond its limit in bench/budgets.json
  --rounds N          rounds that count, 5 at least, of most benchmarks
  --page              measures nothing: makes docs/reference/benchmarks.md from bench/results.json

${list.join('\n')}

Not part of a run without names: ${questionNames.filter((name) => !usual.includes(name)).join(', ') || 'none'}.
`;
}

/** Its standard output is shown as what goes on, so that ours holds the table alone. */
function measure(name: string, rounds: number, folder: string): Section {
  const file = join(folder, `${name}.json`);
  stderr.write(`${name} …\n`);
  const { status, error } = spawnSync(execPath, [...nodeFlags, runOne, name, String(rounds), file], {
    stdio: ['ignore', 2, 'inherit'],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`the benchmark ${name} failed; what went wrong stands above`);
  return sectionOf(JSON.parse(readFileSync(file, 'utf8')), name);
}

/** What was measured is kept after each benchmark: one that fails, or a person who has enough, costs no other. */
function report({ names, rounds, json, keeps }: Options): Report {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-bench-report-'));
  const file = typeof json === 'string' ? json : null;
  const older = keeps && file !== null && existsSync(file) ? readReport(file) : null;
  const head = { form: 1, at: new Date().toISOString(), commit: commitNow(), rounds } as const;
  const command = `./dev bench ${argv.slice(2).join(' ')}`.trimEnd();
  const sections: Section[] = [];
  const soFar = (): Report => {
    const found = { ...head, command, machine: machine(), sections: [...sections] };
    return older === null ? found : merged(older, found);
  };
  try {
    for (const name of names) {
      sections.push(measure(name, rounds, folder));
      if (file !== null) writeReport(file, soFar());
    }
    return soFar();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Prints what lies beyond its limit. Returns whether nothing does. */
function isWithinLimits(found: Report): boolean {
  const budgets = readBudgets();
  const figures = figuresOf(found);
  const beyond = figures
    .flatMap((figure) => verdictsOn(figure, budgets))
    .filter(({ isWithin }) => !isWithin)
    .map(
      ({ budget, found: value }) =>
        `${budget.id}: ${budget.measure} is ${value.toFixed(3)}, limit ${budget.limit}`,
    );
  const unmeasured = unanswered(
    found.sections.map(({ name }) => name),
    figures,
    budgets,
  ).map(({ id }) => `${id}: has a budget, and was not measured`);
  for (const line of [...beyond, ...unmeasured]) stderr.write(`beyond: ${line}\n`);
  return beyond.length === 0 && unmeasured.length === 0;
}

function main(): number {
  const options = readOptions(argv.slice(2), { names: questionNames, usual });
  if (options.helps) {
    stdout.write(helpText());
    return 0;
  }
  if (options.makesPage) {
    writePage();
    return 0;
  }
  const earlier = options.compare === null ? null : readReport(options.compare);
  const found = report(options);
  if (options.json !== true) stdout.write(tableOf(found.sections, readBudgets()));
  if (typeof options.json !== 'string') stdout.write(`${JSON.stringify(found)}\n`);
  if (earlier !== null) (options.json === true ? stderr : stdout).write(comparisonText(earlier, found));
  return options.checks && !isWithinLimits(found) ? 1 : 0;
}

try {
  process.exitCode = main();
} catch (error) {
  if (!(error instanceof BadOption)) throw error;
  stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 2;
}
