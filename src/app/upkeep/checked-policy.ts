/**
 * Decides which policies are taken from callers without types: a word that is not understood would let runs go that nobody has
 * asked for, and so would no word at all.
 */
import {
  checkArguments,
  checkedOptions,
  checkOptionNames,
  InvalidRuntimeConfiguration,
} from '../../base/index.ts';
import type { RetentionPolicy } from '../../upkeep/index.ts';

/** The name of every part of a policy: one that is missing here does not compile. */
export const policyNames: readonly string[] = Object.keys({
  ids: true,
  olderThanMs: true,
  keepLast: true,
  statuses: true,
  label: true,
} satisfies Record<keyof RetentionPolicy, true>);

/** Refuses parts of a policy that are not what they have to be, and names that are none of `known`. */
export function checkPolicy(call: string, policy: RetentionPolicy, known: readonly string[]): void {
  checkOptionNames(call, checkedOptions(call, policy), known);
  const { ids = [], olderThanMs = 0, keepLast = 0, statuses = [], label = '' } = policy;
  for (const [name, value] of Object.entries({ olderThanMs, keepLast }))
    if (Number.isNaN(value)) throw noNumber(call, name);
  checkArguments(call, {
    'options.ids': [ids, 'list'],
    'options.olderThanMs': [olderThanMs, 'number'],
    'options.keepLast': [keepLast, 'number'],
    'options.statuses': [statuses, 'list'],
    'options.label': [label, 'text'],
  });
}

/** True when nothing is given that a run could be chosen by: every one that has ended would be meant. */
export function choosesNothing(policy: RetentionPolicy): boolean {
  return !Object.entries(policy).some(([name, value]) => value !== undefined && policyNames.includes(name));
}

/** Made for a call that lets runs go and does not say which. */
export function namesNoRuns(call: string): Error {
  return new InvalidRuntimeConfiguration({
    summary: `nothing says which runs \`${call}\` is meant for`,
    whatFailed: `\`${call}\` was called without anything that a run could be chosen by.`,
    why: 'Every run that has ended would go, for want of a word.',
    howToFix: `Give one of ${policyNames.map((name) => `\`${name}\``).join(', ')}. \`keepLast: 0\` means every run that has ended.`,
    context: { call },
  });
}

function noNumber(call: string, option: string): Error {
  return new InvalidRuntimeConfiguration({
    summary: `\`${option}\` of \`${call}\` is NaN`,
    whatFailed: `\`${call}\` was called with \`${option}\`, which is no number that anything could be compared with.`,
    why: 'No run is younger than that: every one would go.',
    howToFix: `Give \`${option}\` as a number, or leave it out.`,
    context: { call, option },
  });
}
