/**
 * Decides how a cell of a table becomes a value of the program: by looking at it, because a file can hold anything and a driver can be
 * told to read types its own way. What drivers read differently, numbers and bytes, is the adapter's.
 */
import { damagedStore } from '../store-errors.ts';

/** A cell that holds something else than its column says. Whoever reads a row turns it into an error that names the row. */
export class UnreadableCell extends Error {
  override readonly name = 'UnreadableCell';
}

/** `wanted` in words: `a text`. */
export function unreadableCell(wanted: string, cell: unknown): UnreadableCell {
  const found =
    cell === null ? 'nothing' : cell instanceof Uint8Array ? `${cell.length} bytes` : `a ${typeof cell}`;
  return new UnreadableCell(`${wanted} was expected, and ${found} is there`);
}

/** Throws `UnreadableCell` for anything but a text. */
export function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  throw unreadableCell('a text', cell);
}

/** Throws `UnreadableCell` for anything but a text and nothing. */
export function textOrNull(cell: unknown): string | null {
  return cell === null ? null : textOf(cell);
}

/** How often something happened, or a place: from 0, and with room to count on. Throws `UnreadableCell`. */
export function asCount(count: number): number {
  if (count >= 0 && Number.isSafeInteger(count + 1)) return count;
  throw new UnreadableCell(`a number from 0 was expected, and ${count} is there`);
}

/** Milliseconds since 1970 as ISO 8601 in UTC. Throws `UnreadableCell`. */
export function asMoment(ms: number): string {
  const moment = new Date(ms);
  if (Number.isNaN(moment.getTime())) throw new UnreadableCell(`${ms} is no moment`);
  return moment.toISOString();
}

/** Decodes a row; when that fails, `DamagedStoreError` says which row of which store. */
export function decodeRow<T>(place: { readonly location: string; readonly row: string }, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (!(cause instanceof UnreadableCell || cause instanceof SyntaxError)) throw cause;
    throw damagedStore({
      location: place.location,
      whatFailed: `The row of ${place.row} cannot be read: ${cause.message}.`,
      howToFix: 'Leave it as it is, and restore a backup beside it.',
      cause,
    });
  }
}
