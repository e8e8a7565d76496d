/** Decides how a run is given to Claude Code: one process a run, with an environment of chosen variables, ended with all that it started. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { checkArguments, checkOptionNames, type JsonObject } from '../../../base/index.ts';
import {
  beginningOf,
  endMarked,
  RunningPrograms,
  type StartedProgram,
  startProgram,
} from '../../../host/index.ts';
import {
  type AgentAdapter,
  type AgentCall,
  type AgentEvent,
  agentPrompt,
  type AgentResult,
  agentTimeoutMs,
  type Capability,
  capabilityFromJson,
  type Execution,
  providerFailure,
  sessionError,
  waitsBeforeTools,
} from '../../../sessions/index.ts';
import { type ClaudeSettings, claudeArguments, readClaudeSettings } from './claude-settings.ts';
import { cancelled, followClaude } from './claude-run.ts';
import { rememberedIn } from './claude-memory.ts';
import { installLine } from './require-claude.ts';
import { openToolGate } from './tool-gate.ts';

/** The program, its environment and what of this one it inherits, and its limits (milliseconds, bytes). */
export interface ClaudeAgentOptions extends ClaudeSettings {
  /** The program; `claude` of the search path by default. */
  readonly command?: string;
  /** Put into the program's environment, beside what it inherits. */
  readonly env?: Readonly<Record<string, string>>;
  /** Variables of this process that the program inherits beside `inheritedVariables`. */
  readonly inherit?: readonly string[];
  /** Between the request to end and the kill; 2,000 by default. */
  readonly killAfterMs?: number;
  /** A longer line is left out, and told as `error_occurred`; 16 MiB by default. */
  readonly maxLineBytes?: number;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  cwd: true,
  model: true,
  permissionMode: true,
  maxTurns: true,
  systemPrompt: true,
  appendSystemPrompt: true,
  command: true,
  env: true,
  inherit: true,
  killAfterMs: true,
  maxLineBytes: true,
} satisfies Record<keyof ClaudeAgentOptions, true>);

/** Claude Code as an agent. */
export interface ClaudeAgent extends AgentAdapter {
  /** `2.1.329`. Rejects with `CommandNotFoundError` when there is no such program, and `ProviderError` when it does not say. */
  version(): Promise<string>;
  /**
   * Asks what a process that died has left running of a run on this host to end, and kills it after `killAfterMs`. Resolves to how many processes there were; always 0 where
   * the platform does not show the environment of processes.
   */
  endLeftovers(runId: string, how?: { readonly isAtOnce?: boolean }): Promise<number>;
}

/** What the program sees of the environment of this process, if nobody says more: no secret but the vendor's own. */
const inheritedVariables = [
  ...[
    'PATH',
    'HOME',
    'USER',
    'LOGNAME',
    'SHELL',
    'LANG',
    'LC_ALL',
    'LC_CTYPE',
    'TZ',
    'TMPDIR',
    'TERM',
    'XDG_CONFIG_HOME',
  ],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'],
  ...[
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'ANTHROPIC_BASE_URL',
    'CLAUDE_CONFIG_DIR',
    'CLAUDE_CODE_OAUTH_TOKEN',
  ],
];
const probeTimeoutMs = 5_000;
const defaultMaxLineBytes = 16 * 1024 * 1024;

const capabilities: readonly Capability[] = [
  { name: 'streaming', type: 'sampling' },
  { name: 'interrupt', type: 'sampling' },
  { name: 'tool_use', type: 'tool' },
  { name: 'bash', type: 'code_execution' },
  { name: 'file_operations', type: 'file_access' },
  { name: 'web', type: 'network_access' },
  { name: 'vision', type: 'resource' },
  { name: 'system_prompts', type: 'prompt' },
  { name: waitsBeforeTools, type: 'tool' },
].map(capabilityFromJson);

interface Launched {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly mark: string;
  readonly input: string;
  readonly maxTokens?: number | undefined;
}
type Launch = (launched: Launched) => Promise<StartedProgram>;

/** Claude Code as an agent. Nothing is started before the first run. */
export function claudeAgent(options: ClaudeAgentOptions = {}): ClaudeAgent {
  checkArguments('claudeAgent', { options: [options, 'object'] });
  checkOptionNames('claudeAgent', options, optionNames);
  const programs = new RunningPrograms();
  const { command = 'claude', killAfterMs = 2_000 } = options;
  const launch: Launch = async ({ args, cwd, mark, input, maxTokens }) => {
    if (!existsSync(cwd)) {
      throw sessionError('validation_error', `there is no folder '${cwd}'`, { details: { field: 'cwd' } });
    }
    try {
      const env = environment(options, maxTokens);
      return await startProgram({ command, args, cwd, env, input, mark, graceMs: killAfterMs });
    } catch (cause) {
      throw notStarted(command, cause);
    }
  };
  const execute = async (run: Execution, call: AgentCall): Promise<AgentResult> => {
    if (programs.has(run.id)) throw sessionError('invalid_operation', `run '${run.id}' is under way already`);
    const settings = { ...options, ...readClaudeSettings(call.settings ?? {}) };
    const prompt = agentPrompt(run.input, call.transcript);
    if (call.signal?.aborted === true) throw cancelled(run.id);
    const gate = call.isApproved === undefined ? null : await openToolGate();
    const launched: Launched = {
      args: claudeArguments(settings, call, gate),
      cwd: settings.cwd ?? process.cwd(),
      mark: run.id,
      input: prompt,
      maxTokens: call.maxTokens,
    };
    const timeoutMs = agentTimeoutMs(call.timeoutMs);
    const { maxLineBytes = defaultMaxLineBytes } = options;
    try {
      return await programs.watch(
        run.id,
        { timeoutMs, signal: call.signal },
        () => launch(launched),
        (running) => followClaude(run.id, running, call, { maxLineBytes, timeoutMs, gate }),
      );
    } finally {
      await gate?.close();
    }
  };

  return Object.freeze({
    name: 'claude',
    capabilities: async () => capabilities,
    validateConfig: async (settings: JsonObject) => void readClaudeSettings(settings),
    execute: async (...[run, , call]: Parameters<AgentAdapter['execute']>) => execute(run, call),
    cancel: async (runId: string) => {
      if (await programs.cancel(runId)) return;
      throw sessionError('run_not_found', `run '${runId}' is not under way`);
    },
    close: () => programs.cancelAll(),
    version: () => versionOf(command, launch),
    endLeftovers: (runId: string, how: { readonly isAtOnce?: boolean } = {}) =>
      endMarked(runId, null, how.isAtOnce === true ? 0 : killAfterMs),
    remembers: async (providerSessionId: string, event: AgentEvent) =>
      rememberedIn(environment(options, undefined), providerSessionId, event),
  });
}

/** Each start has a mark of its own: none may end another one's. */
async function versionOf(command: string, launch: Launch): Promise<string> {
  const program = await launch({
    args: ['--version'],
    cwd: process.cwd(),
    mark: `version-${randomUUID()}`,
    input: '',
  });
  const timer = setTimeout(() => void program.stop(), probeTimeoutMs);
  const [said, , end] = await Promise.all([
    beginningOf(program.stdout, 1024),
    beginningOf(program.stderr, 1024),
    program.ended,
  ]);
  clearTimeout(timer);
  const version = /^\d+\.\d+\.\d+\S*/.exec(said.text)?.[0];
  if (version !== undefined && end.exitCode === 0) return version;
  throw sessionError('provider_error', `'${command} --version' did not name a version`, {
    details: { said: said.text, exit_code: end.exitCode },
  });
}

/** One answer of the model is not longer than all that the run may use. */
const longestAnswer = 'CLAUDE_CODE_MAX_OUTPUT_TOKENS';

function environment(
  { inherit = [], env = {} }: ClaudeAgentOptions,
  maxTokens: number | undefined,
): Record<string, string> {
  const inherited = [...inheritedVariables, ...inherit].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const given: Record<string, string> = { ...Object.fromEntries(inherited), ...env };
  if (maxTokens === undefined) return given;
  const own = Number(given[longestAnswer] ?? maxTokens);
  return { ...given, [longestAnswer]: String(own > 0 ? Math.min(own, maxTokens) : maxTokens) };
}

function notStarted(command: string, cause: unknown): Error {
  const isMissing =
    cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'EACCES');
  const message = isMissing ? `there is no program '${command}'` : `'${command}' could not be started`;
  const kind = isMissing ? 'cli_not_found' : 'process_error';
  return sessionError(isMissing ? 'command_not_found' : 'provider_unavailable', message, {
    details: { command },
    providerError: providerFailure({ provider: 'claude', kind, message }),
    howToFix: `Install it with \`${installLine}\`, or name it in \`command\`.`,
    cause,
  });
}
