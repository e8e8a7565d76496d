/** Proves what is told of usage without a price: whose it is, how much, and the command that counts it, or that none can. */
import { expect, test } from 'vitest';
import { usageReportText } from './usage-report.ts';

const counts = { inputTokens: 30, outputTokens: 12, totalTokens: 42, runCount: 2, costUsd: '0' };
const total = { key: 'total', ...counts, unpricedTokens: 42 };
const names = { url: 'sqlite:///s.db', program: 'npx runlog' };

type Unpriced = Parameters<typeof usageReportText>[0]['unpricedModels'][number];

function told(...unpricedModels: readonly Unpriced[]): readonly string[] {
  const report = { by: 'model' as const, since: null, groups: [total], total, unpricedModels };
  const lines = usageReportText(report, { names });
  return lines.slice(lines.indexOf('') + 1);
}

test('the command has a row for each model, and one for a provider that named none', () => {
  const lines = told(
    { provider: 'house', model: "it's m", runCount: 2, tokens: 40 },
    { provider: 'shed', model: null, runCount: 1, tokens: 2 },
  );
  expect(lines.slice(1, 3)).toEqual([
    "  house it's m: 2 runs, 40 tokens",
    '  shed (no model): 1 run, 2 tokens',
  ]);
  expect(lines.at(-1)).toBe(
    "  npx runlog usage sqlite:///s.db --price 'house/it'\\''s m=3,15' --price shed=3,15",
  );
});

test('runs of no provider are told to have no price that could be found', () => {
  const lines = told({ provider: null, model: 'm', runCount: 1, tokens: 42 });
  expect(lines[1]).toBe('  (no provider) m: 1 run, 42 tokens');
  expect(lines.at(-1)).toMatch(/^Nobody said of which provider/);
});
