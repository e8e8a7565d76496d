/** Decides how a command line that cannot be carried out is refused. */
import type { CommanderError } from 'commander';
import { ConfigurationError, errorClass, type StructuredError } from '../base/index.ts';
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

/** What commander found wrong, in our words. */
export function usageErrorOf(error: CommanderError, command: string): StructuredError {
  const [first = '', ...rest] = error.message.split('\n').map(withoutSecrets);
  const hint = rest.join(' ').replace(/^\((.*)\)$/, '$1');
  return usageError(first.replace(/^error: /, ''), command, hint === '' ? undefined : hint);
}

/** What was typed is repeated in the message; a store URL among it may hold a password. */
function withoutSecrets(text: string): string {
  return text.replaceAll(/[\w+.-]+:\/\/.*?(?=', |'|, |$)/g, (url) => withoutCredentials(url));
}
