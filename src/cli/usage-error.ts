/** Decides how a command line that cannot be carried out is refused. */
import type { CommanderError } from 'commander';
import { ConfigurationError, errorClass, nearestNames, type StructuredError } from '../base/index.ts';
import { withoutCredentials } from '../log/index.ts';

export const UsageError = errorClass('UsageError', ConfigurationError);

/** A mistake in the arguments of `command`. */
export function usageError(summary: string, command: string, hint?: string): StructuredError {
  const help = `\`${command} --help\` shows how it is used.`;
  return new UsageError({
    summary,
    whatFailed: `\`${command}\` was called in a way that it does not understand.`,
    why: 'A command that guesses what was meant does something else than was asked.',
    howToFix: hint === undefined ? help : `${hint}\n${help}`,
    context: { command },
  });
}

/** Told without the library that reads command lines, so that a mistake is answered as quickly as help is. */
export function unknownCommand(given: string, known: readonly string[]): StructuredError {
  const near = nearestNames(given, known);
  const hint = near.length === 0 ? undefined : `Did you mean ${near.join(' or ')}?`;
  return usageError(`unknown command '${withoutSecrets(given)}'`, 'runlog', hint);
}

/** True for what commander throws, also where commander was never loaded. */
export function isFromCommander(error: unknown): error is CommanderError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}

/** What commander found wrong, in our words. */
export function usageErrorOf(error: CommanderError, command: string): StructuredError {
  // What was typed may hold line breaks of its own.
  const [, first = '', hint] = /^(?:error: )?([^]*?)(?:\n\((.*)\))?$/.exec(error.message) ?? [];
  return usageError(withoutSecrets(first), command, hint === undefined ? undefined : withoutSecrets(hint));
}

/** What was typed is repeated in the message; a store URL among it may hold a password. */
function withoutSecrets(text: string): string {
  return text.replaceAll(/[\w+.-]+:\/\/.*?(?=', |'|, |$)/g, (url) => withoutCredentials(url));
}
