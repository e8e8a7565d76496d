/** Decides how it is said which rule of a policy a run has broken, by how much, and what of the policy would have to change. */
import type { JsonObject, JsonValue } from '../../base/index.ts';
import type { PolicyViolation } from './policy-meter.ts';

/** One line that goes on behind a colon, and what to do. */
export interface BrokenRule {
  readonly what: string;
  readonly howToFix: string;
}

/** What is said of a violation; of its policy alone where nothing is known of the rule. */
export function brokenRule(
  policy: string,
  violation: Pick<PolicyViolation, 'kind' | 'details'> | undefined,
): BrokenRule {
  if (violation === undefined)
    return { what: 'a limit', howToFix: `Change policy '${policy}', or ask for less.` };
  return violation.kind === 'tool_denied'
    ? brokenToolRule(policy, violation.details)
    : brokenLimit(policy, violation.details);
}

function brokenLimit(policy: string, { metric, actual, limit }: JsonObject): BrokenRule {
  // As it is called in a file; in a program it is the same in camel case.
  const name = `max_${plain(metric)}`;
  return {
    what: `\`${name}\` is ${plain(limit)}, and ${plain(actual)} was measured`,
    howToFix: `Raise \`${name}\` in policy '${policy}', or ask for less at once. What came until then is kept in the session.`,
  };
}

function brokenToolRule(policy: string, { tool_name: tool, rule, list }: JsonObject): BrokenRule {
  const name = JSON.stringify(tool ?? null);
  const names = Array.isArray(list) ? list.map((one) => JSON.stringify(one)).join(', ') : '';
  return rule === 'deny'
    ? {
        what: `tool ${name} is denied by its rule \`deny\` (${names})`,
        howToFix: `Take ${name} out of \`deny\` in policy '${policy}', or ask for what can be done without it.`,
      }
    : {
        what: `tool ${name} is not in its rule \`allow\` (${names === '' ? 'nothing' : names})`,
        howToFix: `Add ${name} to \`allow\` in policy '${policy}', or ask for what can be done without it.`,
      };
}

function plain(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
