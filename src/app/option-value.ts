/** Decides what a call says to a value of an option that is none of those it knows: it would be taken for one of them in silence. */
import { InvalidRuntimeConfiguration, nearestNames } from '../base/index.ts';

/** Refuses what is none of the values of an option. Throws `InvalidRuntimeConfiguration`, which lists them. */
export function checkOptionValue(
  call: string,
  option: string,
  given: unknown,
  allowed: readonly string[],
): void {
  if (typeof given === 'string' && allowed.includes(given)) return;
  const shown = typeof given === 'string' ? `'${given}'` : `of type ${typeof given}`;
  const near = typeof given === 'string' ? nearestNames(given, allowed) : [];
  const quoted = (values: readonly string[], word: string): string =>
    values.map((value) => `\`'${value}'\``).join(word);
  const meant = near.length === 0 ? '' : `Did you mean ${quoted(near, ' or ')}? `;
  throw new InvalidRuntimeConfiguration({
    summary: `\`${option}\` of \`${call}\` is ${shown}, and has to be ${quoted(allowed, ' or ')}`,
    whatFailed: `\`${call}\` was called with a value of \`${option}\` that it does not know.`,
    why: 'A value that is not understood would be taken for another, and what is done then is not what was asked for.',
    howToFix: `${meant}It has to be ${quoted(allowed, ' or ')}.`,
    context: { call, option, near: [...near] },
  });
}
