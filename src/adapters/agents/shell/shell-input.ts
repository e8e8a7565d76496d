/** Decides what is to be run for an input: a line for a shell where nothing is forbidden, else a file with its arguments. */
import { statSync } from 'node:fs';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../base/index.ts';
import { agentPrompt, sessionError } from '../../../sessions/index.ts';
import { allowedCommand, type CommandLists, notAllowed } from './allowed-command.ts';
import { commandWords } from './command-words.ts';

export interface ShellSettings extends CommandLists {
  readonly cwd: string;
  /** `/bin/sh` by default. */
  readonly shell: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface PlannedCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** As it was asked for, for the log. */
  readonly command: string;
  readonly askedArgs: readonly string[];
}

const withoutShell =
  'Where it is no more than text, put it in single quotes that reach the agent: `-- "echo \'a;b\'"`; a program can ' +
  'give `{ command, args }` in place of a line. Where it has to do its work, the run can have no lists of commands: ' +
  'without --allow and --deny, a shell reads the line.';

/** Throws `InvalidInputError`, `ValidationError`, `PolicyViolationError` and `CommandNotFoundError`. */
export function plannedCommand(input: JsonValue, settings: ShellSettings): PlannedCommand {
  const isFree = settings.allowedCommands === undefined && settings.deniedCommands === undefined;
  if (isJsonObject(input) && typeof input['command'] === 'string')
    return withArguments(input, input['command'], settings, isFree);
  const line = agentPrompt(input);
  const { cwd, env, shell } = settings;
  if (isFree) return { file: shell, args: ['-c', line], cwd: folder(cwd), env, command: line, askedArgs: [] };
  const read = commandWords(line);
  if ('refused' in read) throw notAllowed(line, `${read.refused} is for a shell`, withoutShell);
  const [command = '', ...args] = read.words;
  const file = allowedCommand(command, settings, env['PATH'] ?? '');
  return { file, args, cwd: folder(cwd), env, command, askedArgs: args };
}

function withArguments(
  input: JsonObject,
  command: string,
  settings: ShellSettings,
  isFree: boolean,
): PlannedCommand {
  const args = texts(input['args'] ?? []);
  const given = variables(input['env'] ?? {});
  // A variable can make any command another one: by the search path, by what it loads first.
  if (!isFree && Object.keys(given).length > 0)
    throw notAllowed(command, 'it comes with variables of its own');
  const cwd = input['cwd'] ?? settings.cwd;
  if (typeof cwd !== 'string') throw invalid('cwd must be a text');
  const env = { ...settings.env, ...given };
  const file = isFree ? command : allowedCommand(command, settings, env['PATH'] ?? '');
  return { file, args, cwd: folder(cwd), env, command, askedArgs: args };
}

function folder(path: string): string {
  if (isFolder(path)) return path;
  throw sessionError('validation_error', `there is no folder '${path}'`, { details: { field: 'cwd' } });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function texts(value: JsonValue): readonly string[] {
  if (!isJsonArray(value)) throw invalid('args must be a list of texts');
  return value.map((item) => {
    if (typeof item === 'string' && !item.includes('\0')) return item;
    throw invalid('args must be a list of texts');
  });
}

function variables(value: JsonValue): Readonly<Record<string, string>> {
  if (!isJsonObject(value)) throw invalid('env must be a map of texts');
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => {
      if (typeof text === 'string') return [name, text];
      throw invalid('env must be a map of texts');
    }),
  );
}

function invalid(problem: string): Error {
  return sessionError('invalid_input', problem, {
    howToFix: 'Hand in a text, or `{ command, args?, cwd?, env?, timeout_ms? }`.',
  });
}
