// Proves that no figure of the results page was typed: page and charts are what the committed report and the budgets make of themselves.
import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pageFiles, resultsFile } from '../../bench/page/main.ts';
import { readReport } from '../../bench/harness/report.ts';

const files = pageFiles(readReport(resultsFile));

it('the page and its charts are made of the committed report; ./dev bench --page makes them', () => {
  for (const [path, text] of files) expect(readFileSync(`docs/reference/${path}`, 'utf8'), path).toBe(text);
});

it('no chart stands beside the page that is not of it', () => {
  const charts = globSync('benchmarks/*', { cwd: 'docs/reference' });
  expect(charts.filter((path) => !files.has(path))).toEqual([]);
});
