/** Decides how a fork is refused because of what it was to do differently. */
import { ConfigurationError, errorClass, type StructuredError } from '../../base/index.ts';

/** A fork was to have a setting that no loaded pack has, or a value that the pack does not take. No fork was made. */
export const InvalidOverrideError = errorClass('InvalidOverrideError', ConfigurationError, RangeError);

/** `setting` is what was to be overridden, as the caller named it. */
export function invalidOverride(data: {
  readonly setting: string;
  readonly problem: string;
  readonly howToFix?: string;
}): StructuredError {
  const { setting, problem } = data;
  return new InvalidOverrideError({
    summary: `setting '${setting}' cannot be overridden: ${problem}`,
    whatFailed: `A fork was to have another value of '${setting}': ${problem}. No fork was made.`,
    why: 'The settings of a fork are part of its history, so they are checked before anything of it is written.',
    howToFix:
      data.howToFix ??
      'Name the setting as `pack.key`; `runlog inspect URL --run-id RUN --pack-version` lists the packs of the run.',
    context: { setting, problem },
  });
}
