/** Decides how a table of prices is refused. */
import { ConfigurationError, errorClass, type StructuredError } from '../../base/index.ts';

/** A table of prices has a row that cannot be used. */
export const InvalidPriceError = errorClass('InvalidPriceError', ConfigurationError, RangeError);

export function invalidPrice(data: { readonly row: string; readonly problem: string }): StructuredError {
  return new InvalidPriceError({
    summary: `the price of ${data.row} cannot be used: ${data.problem}`,
    whatFailed: `A table of prices was handed in, and its row for ${data.row} was refused: ${data.problem}.`,
    why: 'A sum over a price that is not understood would look like money, and be none.',
    howToFix:
      "Write rates as decimal text in US dollars for a million tokens, such as `{ input: '3', output: '15' }`, and days as `2026-11-21`.",
    context: { row: data.row, problem: data.problem },
  });
}
