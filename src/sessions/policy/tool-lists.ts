/** Decides which tools a policy leaves: all but some, or only some. What a run asks for beside it can only narrow that. */
import { type Policy } from './policy.ts';

export interface ToolLists {
  /** The only tools; `null` for all that are not denied. */
  readonly allowed: readonly string[] | null;
  readonly denied: readonly string[];
}

export function toolLists({ toolRules }: Pick<Policy, 'toolRules'>): ToolLists {
  const allows = toolRules.flatMap((rule) => ('allow' in rule ? [rule.allow] : []));
  const denied = [...new Set(toolRules.flatMap((rule) => ('deny' in rule ? rule.deny : [])))];
  const [first, ...others] = allows;
  const inAll = first?.filter((tool) => others.every((list) => list.includes(tool)));
  return { allowed: inAll?.filter((tool) => !denied.includes(tool)) ?? null, denied };
}

/** What an agent is handed so that it keeps the policy by itself. */
export interface PolicyHints {
  readonly allowedTools?: readonly string[];
  readonly deniedTools?: readonly string[];
  readonly maxTokens?: number;
}

/**
 * The policy in the words of an agent's options, with what the caller asks for beside it: `Bash(git *)` of the caller is narrower than
 * `Bash` of the policy, and stays. Only a policy that ends a run is handed on: with another one an agent has to come to the point
 * where it is asked, or told of. `usedTokens` were used by attempts before this one.
 */
export function policyHints(
  policy: Policy | null,
  asked: Pick<PolicyHints, 'allowedTools' | 'deniedTools'>,
  usedTokens = 0,
): PolicyHints {
  const held = policy?.onViolation === 'cancel' ? policy : null;
  const { allowed, denied } = toolLists(held ?? { toolRules: [] });
  const own = asked.allowedTools?.filter(
    (tool) => !denied.includes(bare(tool)) && (allowed === null || allowed.includes(bare(tool))),
  );
  const allowedTools = own ?? allowed;
  const deniedTools = [...new Set([...(asked.deniedTools ?? []), ...denied])];
  const maxTokens = held?.limits.maxTotalTokens ?? null;
  return {
    ...(allowedTools === null ? {} : { allowedTools }),
    ...(deniedTools.length === 0 ? {} : { deniedTools }),
    // An agent that is handed 0 might take it for no limit; what it uses beyond is found when it tells of it.
    ...(maxTokens === null ? {} : { maxTokens: Math.max(1, maxTokens - usedTokens) }),
  };
}

function bare(tool: string): string {
  return tool.replace(/\(.*$/s, '');
}
