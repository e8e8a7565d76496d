/** Decides what a call says to an option that it does not know: a name that is spelled otherwise would be passed over in silence. */
import { InvalidRuntimeConfiguration } from './error-categories.ts';
import { nearestNames } from './nearest-names.ts';

/**
 * Refuses the first option of a call that has none of the known names, and names those that come near it. Throws
 * `InvalidRuntimeConfiguration`.
 */
export function checkOptionNames(call: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearestNames(unknown, known);
  const quoted = (names: readonly string[], word: string): string =>
    names.map((name) => `\`${name}\``).join(word);
  throw new InvalidRuntimeConfiguration({
    summary: `\`${call}\` has no option '${unknown}'`,
    whatFailed: `\`${call}\` was called with an option '${unknown}', which it does not know.`,
    why: 'An option that is passed over does nothing: a misspelled budget would not limit.',
    howToFix:
      near.length === 0
        ? `Leave it out. The options are ${quoted(known, ', ')}.`
        : `Did you mean ${quoted(near, ' or ')}? The options are ${quoted(known, ', ')}.`,
    context: { call, option: unknown, near: [...near] },
  });
}
