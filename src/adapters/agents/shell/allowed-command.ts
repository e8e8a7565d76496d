/** Decides whether a command may be run, and which file that is: a list names what is meant, not what is called so. */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { sessionError } from '../../../sessions/index.ts';

export interface CommandLists {
  /** Names, which are looked for in the search path, and absolute paths. Nothing else may be run. */
  readonly allowedCommands?: readonly string[];
  /** Names and absolute paths that may not be run, under whatever link. Goes before what is allowed. */
  readonly deniedCommands?: readonly string[];
}

/** The file to run. Throws `PolicyViolationError` for what is not allowed, and `CommandNotFoundError` for what is not there. */
export function allowedCommand(command: string, lists: CommandLists, searchPath: string): string {
  const { allowedCommands, deniedCommands = [] } = lists;
  // A path is what it says, and never the program of a list that happens to have its last part for a name.
  if (allowedCommands !== undefined && !allowedCommands.includes(command))
    throw notAllowed(command, 'it is not in the list');
  const file = command.includes('/') ? command : found(command, searchPath);
  if (!isAbsolute(file))
    throw notAllowed(command, 'it is a relative path, which means another file in another folder');
  const real = isRunnable(file) ? realOf(file) : null;
  if (real === null) {
    throw sessionError('command_not_found', `there is no command '${command}'`, { details: { command } });
  }
  const names = [file, real].flatMap((path) => [path, basename(path)]);
  if ([command, ...names].some((name) => deniedCommands.includes(name)))
    throw notAllowed(command, 'it is denied');
  return file;
}

/** The first one of the search path; its relative folders are left out. */
function found(command: string, searchPath: string): string {
  const folders = searchPath.split(delimiter).filter((folder) => isAbsolute(folder));
  const file = folders.map((folder) => join(folder, command)).find(isRunnable);
  if (file !== undefined) return file;
  throw sessionError('command_not_found', `there is no command '${command}' in the search path`, {
    details: { command },
  });
}

/** `null` for a file that has gone meanwhile. */
function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

const anotherCommand =
  'Run a command of `allowedCommands` (`--allow` of the command `agent`), or change the list.';

export function notAllowed(command: string, why: string, howToFix = anotherCommand): Error {
  return sessionError('policy_violation', `the command '${command}' is not allowed: ${why}`, {
    details: { command, reason: why },
    howToFix,
  });
}
