/** Decides which agent of the rewrite stands for one of the legacy tool. */

const harnesses = new Set([
  'claude-code',
  'codex',
  'aider',
  'opencode',
  'grok',
  'droid',
  'amp',
  'agy',
  'crush',
  'cursor',
  'qwen',
  'copilot',
  'goose',
  'auggie',
  'continue',
  'devin',
  'cline',
  'kimi',
  'kiro',
  'kilocode',
  'vibe',
  'pi',
  'autohand',
]);

/** `null` for an agent that the rewrite does not have. */
export function mapHarness(agent: string, strictParity: boolean): string | null {
  const name = agent === 'kimicode' && !strictParity ? 'kimi' : agent;
  return harnesses.has(name) ? name : null;
}

/** The agents whose sessions can be gone on with. */
export const resumable = ['claude-code', 'codex', 'opencode'] as const;
export type ResumableHarness = (typeof resumable)[number];

export function isResumable(agent: string): agent is ResumableHarness {
  return resumable.some((name) => name === agent);
}
