/**
 * Decides what holds when several policies hold at once: the strictest action, the smallest limit of each kind, and every rule about
 * tools. Nobody who adds a policy can loosen another one.
 */
import { checkArguments, compareUsd, mergeObjects, type Usd } from '../../base/index.ts';
import { type Policy, policyActions } from './policy.ts';

/** One policy that says what all of them say; `null` for none. Its name names them all. */
export function stackPolicies(policies: readonly Policy[]): Policy | null {
  checkArguments('stackPolicies', { policies: [policies, 'list'] });
  const [first, ...others] = policies;
  if (first === undefined || others.length === 0) return first ?? null;
  const names = [...new Set(policies.map(({ name }) => name))];
  const count = (of: (policy: Policy) => number | null): number | null => {
    const said = policies.map(of).filter((most) => most !== null);
    return said.length === 0 ? null : Math.min(...said);
  };
  const costs: readonly Usd[] = policies.flatMap(({ limits }) => limits.maxCostUsd ?? []);
  return Object.freeze({
    name: names.join(' + '),
    limits: Object.freeze({
      maxTotalTokens: count(({ limits }) => limits.maxTotalTokens),
      maxDurationMs: count(({ limits }) => limits.maxDurationMs),
      maxToolCalls: count(({ limits }) => limits.maxToolCalls),
      maxCostUsd: costs.toSorted(compareUsd)[0] ?? null,
    }),
    toolRules: Object.freeze(policies.flatMap(({ toolRules }) => toolRules)),
    onViolation:
      policyActions.find((action) => policies.some(({ onViolation }) => onViolation === action)) ??
      first.onViolation,
    metadata: policies.map(({ metadata }) => metadata).reduce(mergeObjects),
  });
}
