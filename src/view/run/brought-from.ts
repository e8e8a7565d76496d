/** Decides how it reads that a run or a session was brought from another store, and what of it stayed behind there. */
import type { JsonObject } from '../../base/index.ts';
import { clean } from '../text/printable.ts';

/** Where a run or a session was brought from. */
export interface BroughtFrom {
  readonly source: string;
  readonly format: string;
  /** What could not be kept, and was left out. */
  readonly leftOut: readonly { readonly eventId: string; readonly why: string }[];
  /** Numbers of its rows as they stood there, that are others here. */
  readonly inexact: readonly {
    readonly row: string;
    readonly column: string;
    readonly number: string;
    readonly readAs: string;
  }[];
}

const shownAtMost = 10;

/** What `--json` prints of it. */
export function broughtToJson(brought: BroughtFrom | null): JsonObject | null {
  if (brought === null) return null;
  const { source, format, leftOut, inexact } = brought;
  return {
    source,
    format,
    left_out: leftOut.map(({ eventId, why }) => ({ event_id: eventId, why })),
    inexact_numbers: inexact.map(({ row, column, number, readAs }) => ({
      row,
      column,
      number,
      read_as: readAs,
    })),
  };
}

/** That something is missing, `null` when all came; and a line for each that was left out. */
export function leftOutText(
  brought: BroughtFrom | null,
): { readonly sum: string; readonly lines: readonly string[] } | null {
  if (brought === null || brought.leftOut.length === 0) return null;
  const { source, leftOut } = brought;
  const more = leftOut.length - shownAtMost;
  return {
    sum: `${leftOut.length} left out when it was brought from ${clean(source)}`,
    lines: [
      ...leftOut.slice(0, shownAtMost).map(({ eventId, why }) => `  ${clean(eventId)}  ${clean(why)}`),
      ...(more > 0 ? [`  and ${more} more; --json lists them`] : []),
    ],
  };
}
