// `./dev bench --page`: writes docs/reference/benchmarks.md and its charts from bench/results.json. Nothing is measured.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBudgets } from '../harness/budgets.ts';
import { figuresOf, readReport, type Report } from '../harness/report.ts';
import { growthCharts } from './growth.ts';
import { pageText } from './page.ts';

export const resultsFile = fileURLToPath(new URL('../results.json', import.meta.url));
const reference = fileURLToPath(new URL('../../docs/reference', import.meta.url));

/** Each file of the page, by its path in docs/reference. */
export function pageFiles(report: Report): ReadonlyMap<string, string> {
  const charts = [...growthCharts(figuresOf(report))].map(
    ([name, text]) => [join('benchmarks', name), text] as const,
  );
  return new Map([['benchmarks.md', `${pageText(report, readBudgets()).trimEnd()}\n`], ...charts]);
}

export function writePage(): void {
  mkdirSync(join(reference, 'benchmarks'), { recursive: true });
  for (const [path, text] of pageFiles(readReport(resultsFile))) writeFileSync(join(reference, path), text);
}
