/** Decides how a run is given to a command: what it may be, what it sees of this process, and how long it may take. */
import process from 'node:process';
import { checkArguments, checkOptionNames, isJsonObject, type JsonObject } from '../../../base/index.ts';
import {
  endMarked,
  presentFolder,
  RunningPrograms,
  type StartedProgram,
  startProgram,
} from '../../../host/index.ts';
import {
  type AgentAdapter,
  type AgentCall,
  type AgentResult,
  agentTimeoutMs,
  type Capability,
  capabilityFromJson,
  type Execution,
  sessionError,
  waitsBeforeTools,
} from '../../../sessions/index.ts';
import type { CommandLists } from './allowed-command.ts';
import { type PlannedCommand, plannedCommand } from './shell-input.ts';
import { commandCall, followCommand, tellOfCommand } from './shell-run.ts';

/** Which commands are allowed, where they run, and their limits (milliseconds, bytes). */
export interface ShellAgentOptions extends CommandLists {
  /** The folder of a command that names none; that of this process by default. */
  readonly cwd?: string;
  /** For a run that names none; 30,000 by default. */
  readonly timeoutMs?: number;
  /** More of the output is left out, and said to be; 1 MiB by default. */
  readonly maxOutputBytes?: number;
  /** Beside `PATH`, `HOME`, `LANG`, `LC_ALL`, `TZ` and `TMPDIR` all that a command sees. */
  readonly env?: Readonly<Record<string, string>>;
  /** What reads a line where nothing is forbidden; `/bin/sh` by default. */
  readonly shell?: string;
  /** `[0]` by default. */
  readonly successExitCodes?: readonly number[];
  /** Between the request to end and the kill; 2,000 by default. */
  readonly killAfterMs?: number;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  allowedCommands: true,
  deniedCommands: true,
  cwd: true,
  timeoutMs: true,
  maxOutputBytes: true,
  env: true,
  shell: true,
  successExitCodes: true,
  killAfterMs: true,
} satisfies Record<keyof ShellAgentOptions, true>);

const inheritedVariables = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];
const capabilities: readonly Capability[] = [
  { name: 'command_execution', type: 'code_execution' },
  { name: 'streaming', type: 'sampling' },
  { name: waitsBeforeTools, type: 'tool' },
].map(capabilityFromJson);

/**
 * Commands as an agent. With `allowedCommands` or `deniedCommands` no shell is started: a line is split into words, and one with
 * anything that only a shell understands is refused with `PolicyViolationError`.
 */
export function shellAgent(options: ShellAgentOptions = {}): AgentAdapter {
  checkArguments('shellAgent', { options: [options, 'object'] });
  checkOptionNames('shellAgent', options, optionNames);
  const programs = new RunningPrograms();
  const start = async (planned: PlannedCommand, mark: string): Promise<StartedProgram> => {
    const { file: command, args, cwd, env } = planned;
    try {
      return await startProgram({ command, args, cwd, env, mark, graceMs: options.killAfterMs ?? 2_000 });
    } catch (cause) {
      throw sessionError('command_not_found', `the command '${planned.command}' could not be started`, {
        details: { command: planned.command },
        cause,
      });
    }
  };
  const execute = async (run: Execution, call: AgentCall): Promise<AgentResult> => {
    if (programs.has(run.id)) throw sessionError('invalid_operation', `run '${run.id}' is under way already`);
    const settings = readSettings(call.settings ?? {});
    checkCall(call);
    const planned = plannedCommand(run.input, {
      ...options,
      cwd: settings.cwd ?? options.cwd ?? ownFolder(),
      shell: options.shell ?? '/bin/sh',
      env: { ...inherited(), ...options.env },
    });
    if (call.signal?.aborted === true) throw sessionError('cancelled', `run '${run.id}' was cancelled`);
    const asked = isJsonObject(run.input) ? run.input['timeout_ms'] : undefined;
    const own = agentTimeoutMs(asked ?? settings.timeoutMs ?? options.timeoutMs ?? 30_000);
    const timeoutMs = call.timeoutMs === undefined ? own : Math.min(own, agentTimeoutMs(call.timeoutMs));
    const { maxOutputBytes = 1024 * 1024, successExitCodes = [0] } = options;
    const tool = commandCall(run.id, planned);
    return programs.watch(
      run.id,
      { timeoutMs, signal: call.signal },
      async (isCancelled) => {
        await tellOfCommand(call, planned, tool);
        if (isCancelled()) throw sessionError('cancelled', `run '${run.id}' was cancelled`);
        try {
          return await start(planned, run.id);
        } catch (error) {
          await call.onEvent({
            type: 'tool_call_failed',
            data: { ...tool, tool_output: null, is_error: true },
          });
          throw error;
        }
      },
      (running) =>
        followCommand(run.id, running, call, tool, { timeoutMs, maxOutputBytes, successExitCodes }),
    );
  };
  return Object.freeze({
    name: 'shell',
    capabilities: async () => capabilities,
    validateConfig: async (settings: JsonObject) => void readSettings(settings),
    execute: async (...[run, , call]: Parameters<AgentAdapter['execute']>) => execute(run, call),
    cancel: async (runId: string) => {
      if (await programs.cancel(runId)) return;
      throw sessionError('run_not_found', `run '${runId}' is not under way`);
    },
    endLeftovers: (runId: string, how: { readonly isAtOnce?: boolean } = {}) =>
      endMarked(runId, null, how.isAtOnce === true ? 0 : (options.killAfterMs ?? 2_000)),
    close: () => programs.cancelAll(),
  });
}

/** A command has one tool, and keeps no session. */
function checkCall({ allowedTools, deniedTools, resumeFrom }: AgentCall): void {
  if (resumeFrom !== undefined)
    throw sessionError('capability_not_supported', 'a command keeps no session to go on with');
  const isDenied = deniedTools?.includes('bash') === true || allowedTools?.includes('bash') === false;
  if (isDenied) throw sessionError('tool_permission_denied', "the tool 'bash' is not allowed in this run");
}

function readSettings(json: JsonObject): { readonly cwd?: string; readonly timeoutMs?: number } {
  const settings: { cwd?: string; timeoutMs?: number } = {};
  for (const [key, value] of Object.entries(json)) {
    if (key === 'cwd' && typeof value === 'string' && value !== '') settings.cwd = value;
    else if (key === 'timeout_ms' && typeof value === 'number' && value > 0) settings.timeoutMs = value;
    else {
      throw sessionError(
        'validation_error',
        `the setting '${key}' is not known to the shell agent, or not of its kind`,
        {
          details: { field: key },
          howToFix: 'Settings of a run are: cwd, timeout_ms.',
        },
      );
    }
  }
  return settings;
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    inheritedVariables.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function ownFolder(): string {
  const folder = presentFolder();
  if (folder !== null) return folder;
  throw sessionError('validation_error', 'the present folder is not there any more', {
    details: { field: 'cwd' },
  });
}
