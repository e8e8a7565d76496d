import { expect, it } from 'vitest';
import type { Execution } from '../../sessions/index.ts';
import { agentCallNote, agentCallText } from './agent-call.ts';

const run: Execution = {
  ...{ id: 'r', sessionId: 's', status: 'running', input: 'go', output: null, error: null, metadata: {} },
  ...{ turnCount: 0, tokenUsage: {}, costUsd: null, startedAt: '2026-11-21T10:00:00Z', endedAt: null },
  ...{ provider: null, providerMetadata: {}, version: null },
};

it('does not say of an agent that has ended that it runs, when its end could not be stored', () => {
  const end = { run, costUsd: null, persistenceFailures: 0 };
  const texts = [agentCallNote(end), ...agentCallText(end, { agent: 'shell', names: {} })];
  expect(texts.join('\n')).not.toMatch(/\brunning\b/);
  expect(texts[0]).toMatch(/^end not stored; the next call in the session puts that right {2}no tokens/);
});

it('names the limits of the call in the next one, as they were typed', () => {
  const end = { run, costUsd: null, persistenceFailures: 0 };
  const limits = ['--allow', 'sleep', '--policy', 'my policy.json', '--timeout', '90s'];
  expect(agentCallText(end, { agent: 'shell', limits, names: { url: 'sqlite:///a.db' } }).at(-1)).toBe(
    `  runlog agent run --agent shell --allow sleep --policy 'my policy.json' --timeout 90s --store sqlite:///a.db --session s -- "..."`,
  );
});
