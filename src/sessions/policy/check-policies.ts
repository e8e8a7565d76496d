/**
 * Decides which policies are refused before a run begins: those under which no run could do anything, those that contradict
 * themselves, and those that ask for a wait that the agent cannot give.
 */
import { checkArguments } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { Capability } from '../capabilities/capability.ts';
import { newPolicy, type Policy } from './policy.ts';
import { stackPolicies } from './stack-policies.ts';
import { toolLists } from './tool-lists.ts';

/** The capability, of type `tool`, of an agent that begins no tool until `onEvent` has taken its `tool_call_started`. */
export const waitsBeforeTools = 'waits_before_tools';

/**
 * What holds for a run; `null` for none. Throws `PolicyViolationError` for an empty list of allowed tools, for a limit of 0 tokens or
 * 0 tool calls, and for a tool that one policy both allows and denies; and as `newPolicy` does for one that is written out.
 */
export function checkedPolicy(policies: readonly Policy[]): Policy | null {
  checkArguments('checkedPolicy', { policies: [policies, 'list'] });
  // A program without types may have written one out.
  const taken = policies.map((policy) => newPolicy(policy));
  for (const policy of taken) checkSelf(policy);
  const policy = stackPolicies(taken);
  if (policy !== null && toolLists(policy).allowed?.length === 0) {
    throw refused(policy, 'it allows no tool at all', { rule: 'allow', list: [] });
  }
  return policy;
}

/** Throws `CapabilityNotSupportedError` for a policy that waits for a person, and an agent that does not wait. */
export function checkAgentWaits(policy: Policy, agent: string, capabilities: readonly Capability[]): void {
  if (policy.onViolation !== 'request_approval') return;
  if (capabilities.some(({ name, type, enabled }) => enabled && type === 'tool' && name === waitsBeforeTools))
    return;
  throw sessionError(
    'capability_not_supported',
    `agent '${agent}' does not wait for an approval, as policy '${policy.name}' asks`,
    {
      details: { policy: policy.name, agent, capability: waitsBeforeTools },
      why: 'It begins a tool on its own, and tells of it when it is too late to ask.',
      howToFix:
        'Cancel in place of asking with this agent: `"on_violation": "cancel"` in the file of `--policy`, ' +
        "`onViolation: 'cancel'` in a program. The tools that are denied are then not there.",
    },
  );
}

function checkSelf(policy: Policy): void {
  const { maxTotalTokens, maxToolCalls } = policy.limits;
  if (maxTotalTokens === 0)
    throw refused(policy, 'it allows no tokens', { metric: 'total_tokens', limit: 0 });
  if (maxToolCalls === 0)
    throw refused(policy, 'it allows no tool calls', { metric: 'tool_calls', limit: 0 });
  const allowed = policy.toolRules.flatMap((rule) => ('allow' in rule ? rule.allow : []));
  const { denied } = toolLists(policy);
  const both = denied.find((tool) => allowed.includes(tool));
  if (both !== undefined)
    throw refused(policy, `it both allows and denies the tool '${both}'`, { tool_name: both });
}

function refused(
  policy: Policy,
  problem: string,
  details: Readonly<Record<string, string | number | []>>,
): Error {
  return sessionError('policy_violation', `no run can keep policy '${policy.name}': ${problem}`, {
    details: { policy: policy.name, ...details },
    why: 'The run was not begun: every agent would break the policy, or could do nothing.',
    howToFix: 'Change the policy; nothing was written, and the run can be begun with another one.',
  });
}
