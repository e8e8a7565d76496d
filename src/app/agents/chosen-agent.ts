/** Decides which agent a name on the command line means, and what the choices beside it mean to that agent. */
import process from 'node:process';
import { claudeAgent, requireClaude } from '../../adapters/agents/claude/index.ts';
import { shellAgent } from '../../adapters/agents/shell/index.ts';
import { InvalidRuntimeConfiguration } from '../../base/index.ts';
import { type AgentAdapter, longestTimeoutMs } from '../../sessions/index.ts';

/** Names of the agents that can be chosen by name. */
export const agentNames = ['claude', 'shell'] as const;
/** Names of the agents that can be chosen by name. */
export type AgentName = (typeof agentNames)[number];

export interface AgentChoices {
  readonly agent: AgentName;
  /** Tools of `claude`, commands of `shell`: only these. */
  readonly allowed?: readonly string[];
  /** Tools of `claude`, commands of `shell`: not these. */
  readonly denied?: readonly string[];
  /** Of `claude` alone. */
  readonly model?: string;
}

export interface ChosenAgent {
  readonly adapter: AgentAdapter;
  /** What each of its runs is given. */
  readonly tools: { readonly allowedTools?: readonly string[]; readonly deniedTools?: readonly string[] };
}

/** Between the request to end and the kill; whoever does not want to wait asks again. */
const killAfterMs = 4_000;
/** How a person has set up the program for themselves; nothing else of this environment is handed on but what the adapter names. */
const vendorVariable = /^(?:ANTHROPIC_|CLAUDE_|DISABLE_)/;

/** Throws `DependencyNotAvailableError` when its program is not installed, and `InvalidRuntimeConfiguration` for what it does not know. */
export function chosenAgent({ agent, allowed, denied, model }: AgentChoices): ChosenAgent {
  if (agent === 'claude') {
    requireClaude();
    const tools = {
      ...(allowed === undefined ? {} : { allowedTools: allowed }),
      ...(denied === undefined ? {} : { deniedTools: denied }),
    };
    const inherit = Object.keys(process.env).filter((name) => vendorVariable.test(name));
    return {
      adapter: claudeAgent({ killAfterMs, inherit, ...(model === undefined ? {} : { model }) }),
      tools,
    };
  }
  if (model !== undefined) throw knowsNoModel();
  const adapter = shellAgent({
    killAfterMs,
    // As long as the run may take.
    timeoutMs: longestTimeoutMs,
    ...(allowed === undefined ? {} : { allowedCommands: allowed }),
    ...(denied === undefined ? {} : { deniedCommands: denied }),
  });
  return { adapter, tools: {} };
}

function knowsNoModel(): Error {
  return new InvalidRuntimeConfiguration({
    summary: 'the shell agent has no model',
    whatFailed: 'A model was chosen for the agent `shell`.',
    why: 'The shell agent runs commands; nobody is asked. What would be ignored is refused.',
    howToFix: 'Leave the model out, or take `claude`.',
    context: { reason: 'agent-choice' },
  });
}
