/** Decides how tokens are counted: for each turn as the program says, summed over the run, in the names of sessions. */
import type { JsonObject } from '../../../base/index.ts';
import { numberAt } from './claude-line.ts';

const names = [
  ['input_tokens', 'input_tokens'],
  ['output_tokens', 'output_tokens'],
  ['cache_read_input_tokens', 'cache_read_tokens'],
  ['cache_creation_input_tokens', 'cache_creation_tokens'],
] as const;

export type Usage = Readonly<Record<string, number>>;

/** What the vendor counted, in the names of sessions; counts that are not there are left out. */
export function usageOf(vendor: JsonObject): Usage {
  return Object.fromEntries(
    names.flatMap(([theirs, ours]) => {
      const count = numberAt(vendor, theirs);
      return count === null ? [] : [[ours, count] as const];
    }),
  );
}

export function addUsage(left: Usage, right: Usage): Usage {
  const sum = new Map(Object.entries(left));
  for (const [name, count] of Object.entries(right)) sum.set(name, (sum.get(name) ?? 0) + count);
  return Object.fromEntries(sum);
}

/** What a sum counts beyond what was told; empty when everything was. */
export function missedOf(sum: Usage, told: Usage): Usage {
  return Object.fromEntries(
    Object.entries(sum).flatMap(([name, count]) => {
      const missed = count - (told[name] ?? 0);
      return missed > 0 ? [[name, missed] as const] : [];
    }),
  );
}

/** Both counts that every reader asks for are there. */
export function reported(usage: Usage): Record<string, number> {
  const { input_tokens: input = 0, output_tokens: output = 0, ...rest } = usage;
  return { input_tokens: input, output_tokens: output, ...rest };
}
