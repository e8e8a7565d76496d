/** Decides what can be set for the program, and which options of its command line that is. */
import type { JsonObject } from '../../../base/index.ts';
import { type AgentCall, sessionError } from '../../../sessions/index.ts';
import type { ToolGate } from './tool-gate.ts';

export interface ClaudeSettings {
  /** The folder that the program works in; that of this process by default. */
  readonly cwd?: string;
  readonly model?: string;
  readonly permissionMode?: ClaudePermissionMode;
  /** After so many turns the run fails. */
  readonly maxTurns?: number;
  /** In the place of the program's own. */
  readonly systemPrompt?: string;
  /** Behind the program's own. */
  readonly appendSystemPrompt?: string;
}

/** `full_auto` and `dangerously_skip_permissions` ask nobody; `default` refuses what would have to be asked for. */
export type ClaudePermissionMode =
  | 'default'
  | 'accept_edits'
  | 'plan'
  | 'full_auto'
  | 'dangerously_skip_permissions';

const modes: Readonly<Record<ClaudePermissionMode, string | null>> = {
  default: null,
  accept_edits: 'acceptEdits',
  plan: 'plan',
  full_auto: 'bypassPermissions',
  dangerously_skip_permissions: 'bypassPermissions',
};

function isMode(text: string): text is ClaudePermissionMode {
  return Object.hasOwn(modes, text);
}

/** Reads the settings of a run, in snake_case. Throws `ValidationError` for one that is not known, or of another kind. */
export function readClaudeSettings(json: JsonObject): ClaudeSettings {
  const settings: { -readonly [Key in keyof ClaudeSettings]: ClaudeSettings[Key] } = {};
  for (const [key, value] of Object.entries(json)) {
    const text = typeof value === 'string' && value !== '' ? value : null;
    if (key === 'cwd' && text !== null) settings.cwd = text;
    else if (key === 'model' && text !== null) settings.model = text;
    else if (key === 'system_prompt' && text !== null) settings.systemPrompt = text;
    else if (key === 'append_system_prompt' && text !== null) settings.appendSystemPrompt = text;
    else if (key === 'permission_mode' && text !== null && isMode(text)) settings.permissionMode = text;
    else if (key === 'max_turns' && typeof value === 'number' && Number.isSafeInteger(value) && value > 0)
      settings.maxTurns = value;
    else throw refused(key);
  }
  return settings;
}

const known = 'cwd, model, permission_mode, max_turns, system_prompt, append_system_prompt';

function refused(key: string): Error {
  return sessionError(
    'validation_error',
    `the setting '${key}' is not known to the claude agent, or not of its kind`,
    {
      details: { field: key },
      howToFix: `Settings are: ${known}. \`permission_mode\` is one of ${Object.keys(modes).join(', ')}.`,
    },
  );
}

/** The command line. The prompt goes to the standard input: it may be long, and may begin with a dash. */
export function claudeArguments(
  settings: ClaudeSettings,
  call: AgentCall,
  gate: Pick<ToolGate, 'settings'> | null = null,
): readonly string[] {
  const { allowedTools, deniedTools, resumeFrom } = call;
  // What the gate lets begin needs no permission; without its word the program has to find that it has none.
  const permitted = gate === null ? allowedTools : allowedTools?.filter((tool) => tool.includes('('));
  const mode = modes[settings.permissionMode ?? 'default'];
  const options: readonly (readonly [string, string | number | null | undefined])[] = [
    ['--model', settings.model],
    ['--permission-mode', mode],
    ['--max-turns', settings.maxTurns],
    ['--system-prompt', settings.systemPrompt],
    ['--append-system-prompt', settings.appendSystemPrompt],
    ['--resume', resumeFrom],
    // What is not named is not there at all; what is named needs nobody's permission.
    ['--tools', allowedTools?.map((tool) => tool.replace(/\(.*$/s, '')).join(',')],
    ['--allowedTools', permitted?.length === 0 && gate !== null ? undefined : permitted?.join(',')],
    ['--settings', gate?.settings],
    ['--disallowedTools', deniedTools?.join(',')],
  ];
  return [
    '-p',
    '--output-format',
    'stream-json',
    '--verbose',
    '--include-partial-messages',
    // One word each, so that a value that begins with a dash is no option.
    ...options.flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [`${name}=${value}`],
    ),
  ];
}
