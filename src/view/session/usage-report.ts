/** Decides how the use of a store is read: a table of tokens and exact money, and beside it what is in no sum because nobody knows its price. */
import { type JsonObject, shellWord, type Usd } from '../../base/index.ts';
import { withoutCredentials } from '../../log/index.ts';
import type { UnmappedUsage, UsageCounts } from '../../sessions/index.ts';
import type { CommandNames } from '../text/error-text.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { clean, line, pad } from '../text/printable.ts';
import { countText } from '../text/number-text.ts';

/** One line of usage, in tokens and dollars. */
export interface UsageRow extends UsageCounts {
  readonly key: string;
  /** Exact, of the runs that have a cost or a price. */
  readonly costUsd: Usd;
  /** Tokens that nobody knows the price of: what they cost is in no sum of money. */
  readonly unpricedTokens: number;
}

/** What is shown of usage. */
export interface UsageReport {
  readonly by: 'day' | 'model' | 'agent';
  readonly since: string | null;
  readonly groups: readonly UsageRow[];
  readonly total: UsageRow;
  /** Those that used the most first. */
  readonly unpricedModels: readonly UnmappedUsage[];
}

/** The lines that a person reads of an usage report. */
export function usageReportText(
  { by, groups, total, unpricedModels }: UsageReport,
  { paint = plainPaint, names = {} }: { readonly paint?: Paint; readonly names?: CommandNames } = {},
): readonly string[] {
  if (total.runCount === 0) return ['(no runs of agents)'];
  const width = Math.max(12, ...groups.map(({ key }) => clean(key).length));
  return [
    paint('dim', rowText([by.toUpperCase(), 'RUNS', 'INPUT', 'OUTPUT', 'TOKENS', 'COST'], width)),
    ...groups.map((row) => rowText(cellsOf(row), width)),
    paint('strong', rowText(cellsOf(total), width)),
    ...(unpricedModels.length === 0 ? [] : ['', ...unpricedLines(unpricedModels, names)]),
  ];
}

/** What `--json` prints of an usage report. */
export function usageReportToJson({ by, since, groups, total, unpricedModels }: UsageReport): JsonObject {
  const { key: _key, ...sums } = rowToJson(total);
  return {
    by,
    since,
    groups: groups.map(rowToJson),
    total: sums,
    unpriced_models: unpricedModels.map(({ provider, model, runCount, tokens }) => ({
      provider,
      model,
      runs: runCount,
      tokens,
    })),
  };
}

function rowToJson({
  key,
  runCount,
  inputTokens,
  outputTokens,
  totalTokens,
  costUsd,
  unpricedTokens,
}: UsageRow) {
  return {
    key,
    runs: runCount,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: totalTokens,
    cost_usd: costUsd,
    unpriced_tokens: unpricedTokens,
  };
}

function cellsOf({ key, costUsd, unpricedTokens, ...counts }: UsageRow): readonly string[] {
  const { runCount, inputTokens, outputTokens, totalTokens } = counts;
  const known = unpricedTokens > 0 && costUsd === '0' ? '' : `$${costUsd}`;
  const cost = [known, unpricedTokens > 0 ? '?' : ''].filter((part) => part !== '').join(' + ');
  return [key, ...[runCount, inputTokens, outputTokens, totalTokens].map(String), cost];
}

function rowText([name = '', ...cells]: readonly string[], width: number): string {
  const [runs = '', ...rest] = cells;
  const cost = rest.pop() ?? '';
  return `${pad(name, width)} ${runs.padStart(6)} ${rest.map((cell) => cell.padStart(12)).join(' ')}  ${cost}`;
}

/** What has no price, and the command that counts it at a price that somebody fills in. */
function unpricedLines(
  models: UsageReport['unpricedModels'],
  { program = 'runlog', url = 'URL' }: CommandNames,
): readonly string[] {
  const rows = models.flatMap(({ provider, model }) => (provider === null ? [] : [rowName(provider, model)]));
  const options = rows.map((row) => ` --price ${shellWord(`${row}=3,15`)}`).join('');
  return [
    'no price is known for:',
    ...models.map(
      ({ provider, model, runCount, tokens }) =>
        line`  ${provider ?? '(no provider)'} ${model ?? '(no model)'}: ${countText(runCount, 'run')}, ${countText(tokens, 'token')}`,
    ),
    'What they cost is in no sum. A price belongs to a provider and a model.',
    ...(rows.length === 0
      ? ['Nobody said of which provider these runs are, so no price can be found for them.']
      : [
          'To count them, put your dollars for a million tokens of input and of output in the place of 3 and 15:',
          line`  ${program} usage ${shellWord(withoutCredentials(url))}${options}`,
        ]),
  ];
}

/** As `--price` takes it: a provider alone stands for all of its models that have no price. */
function rowName(provider: string, model: string | null): string {
  return model === null ? provider : `${provider}/${model}`;
}
