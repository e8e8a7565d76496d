/** Decides how the use of two runs is set side by side. Amounts are exact; what a record answered was not spent. */
import type { RunDiff, SideUsage, Spent } from '../../runtime/index.ts';
import { cut, pad } from '../text/printable.ts';
import type { SideNames } from './diff-text.ts';

const rows: readonly (readonly [string, (usage: SideUsage) => string])[] = [
  ['model_calls', ({ asked }) => String(asked.modelAnswers)],
  ['tool_calls', ({ asked }) => String(asked.toolAnswers)],
  ['tokens_in', ({ asked }) => String(asked.inputTokens)],
  ['tokens_out', ({ asked }) => String(asked.outputTokens)],
  ['cost_usd', ({ asked }) => asked.costUsd],
  ['answers_from_record', ({ cached }) => String(cached.modelAnswers + cached.toolAnswers)],
  ['cost_usd_not_spent', ({ cached }) => cached.costUsd],
];

const column = 20;

/** A table with a column a side; nothing where nobody was asked. */
export function usageLines({ left, right }: RunDiff['usage'], names: SideNames): readonly string[] {
  if ([left, right].every(({ asked, cached }) => isNothing(asked) && isNothing(cached))) return [];
  const row = (name: string, one: string, other: string): string =>
    `  ${name.padEnd(24)} ${pad(cut(one, column), column)} ${cut(other, column)}`;
  return [
    row('used since they part', names.left, names.right),
    ...rows.map(([name, valueOf]) => row(name, valueOf(left), valueOf(right))),
  ];
}

function isNothing({ modelAnswers, toolAnswers }: Spent): boolean {
  return modelAnswers + toolAnswers === 0;
}
