// Decides where the real Claude Code program is, and what one that is started by a test sees: a scratch home and a server on the loopback.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { claudeAgent, type ClaudeAgent } from '../../src/adapters/agents/claude/index.ts';
import type { LocalAnthropic } from '../harness/anthropic/local-anthropic.ts';

const folder = resolve('.tools/claude/node_modules/@anthropic-ai');

/** The binary itself: what npm puts before it only looks for it. */
export function claudeProgram(): string {
  const path = join(folder, `claude-code-${process.platform}-${process.arch}`, 'claude');
  if (!existsSync(path))
    throw new Error(`Claude Code is not at ${path}: run \`./dev test:agents\`, which puts it there.`);
  return path;
}

export interface ScratchHome {
  readonly path: string;
  remove(): void;
}

export function scratchHome(): ScratchHome {
  const path = mkdtempSync(join(tmpdir(), 'runlog-claude-'));
  return {
    path,
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

/** Beside the search path all that the program sees. */
export function claudeEnvironment(server: LocalAnthropic, home: ScratchHome): Record<string, string> {
  return {
    HOME: home.path,
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: 'fake',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: '0',
    DISABLE_AUTOUPDATER: '1',
  };
}

/** An agent that talks to the server alone. */
export function agentOver(server: LocalAnthropic, home: ScratchHome): ClaudeAgent {
  return claudeAgent({ command: claudeProgram(), cwd: home.path, env: claudeEnvironment(server, home) });
}
