/** Decides which numbers of the rows beside the events are kept digit by digit, because the documents made of the rows cannot hold them. */
import { inexactNumbers } from '../number-notes.ts';
import type { InexactNumber } from '../source.ts';

/** A number that is longer is named by the report alone. */
const charactersAtMost = 1000;
/** At most this many of a session: a mark is one document. */
const keptAtMost = 1000;

/** `what` is the kind of row, `names` are its columns; the first of them is its id. */
export function inexactCells(
  what: string,
  names: readonly string[],
  rows: readonly (readonly unknown[])[],
): readonly InexactNumber[] {
  const found: InexactNumber[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) {
      if (typeof cell !== 'string' || !/^[[{]/.test(cell)) continue;
      for (const { text, readAs } of inexactNumbers(cell)) {
        if (text.length > charactersAtMost || found.length === keptAtMost) continue;
        found.push({ row: `${what} ${String(row[0])}`, column: names[index] ?? '', number: text, readAs });
      }
    }
  return found;
}
