/** Decides what a front door says to a caller without types that hands in something else than what it takes. */
import { InvalidArgumentType } from './error-categories.ts';

/** The options of a call, when they are an object. Throws `InvalidArgumentType`. */
export function checkedOptions<Options>(call: string, options: Options): Options {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
  throw wrongArgument(call, 'its options as an object', options);
}

/** Makes the refusal of an argument; `wanted` says what the call takes. */
export function wrongArgument(call: string, wanted: string, given: unknown): Error {
  const found = given === null ? 'null' : Array.isArray(given) ? 'a list' : `of type ${typeof given}`;
  return new InvalidArgumentType({
    summary: `${call} takes ${wanted}, and what was given is ${found}`,
    whatFailed: `An argument of \`${call}\` is ${found}.`,
    why: 'What is handed in becomes history or decides over it; what it was meant to be is not guessed.',
    howToFix: `Call \`${call}\` with ${wanted}.`,
    context: { call },
  });
}
