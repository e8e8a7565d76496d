/** Decides how a value of a row becomes a value of the program: by looking at it, because a file can hold anything. */
import { damagedStore } from '../../../log/index.ts';

/** A cell that holds something else than its column says. Whoever reads a row turns it into an error that names the row. */
export class UnreadableCell extends Error {
  override readonly name = 'UnreadableCell';
}

export function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  throw unreadable('a text', cell);
}

export function textOrNull(cell: unknown): string | null {
  return cell === null ? null : textOf(cell);
}

export function numberOf(cell: unknown): number {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') return Number(cell);
  throw unreadable('a number', cell);
}

/** How often something happened, or a place: from 0, and with room to count on. */
export function countOf(cell: unknown): number {
  const count = numberOf(cell);
  if (count >= 0 && Number.isSafeInteger(count + 1)) return count;
  throw new UnreadableCell(`a number from 0 was expected, and ${count} is there`);
}

/** Milliseconds since 1970 as ISO 8601 in UTC. */
export function momentOf(cell: unknown): string {
  const moment = new Date(numberOf(cell));
  if (Number.isNaN(moment.getTime())) throw new UnreadableCell(`${numberOf(cell)} is no moment`);
  return moment.toISOString();
}

export function numberOrNull(cell: unknown): number | null {
  return cell === null ? null : numberOf(cell);
}

/** 32 bytes as 64 hex digits. */
export function hashOf(cell: unknown): string {
  if (cell instanceof Uint8Array && cell.length === 32) {
    return Buffer.from(cell.buffer, cell.byteOffset, 32).toString('hex');
  }
  throw unreadable('a hash of 32 bytes', cell);
}

function unreadable(wanted: string, cell: unknown): UnreadableCell {
  const found =
    cell === null ? 'nothing' : cell instanceof Uint8Array ? `${cell.length} bytes` : `a ${typeof cell}`;
  return new UnreadableCell(`${wanted} was expected, and ${found} is there`);
}

/** Decodes a row; when that fails, the error says which row of which file. */
export function decodeRow<T>(place: { readonly location: string; readonly row: string }, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (!(cause instanceof UnreadableCell || cause instanceof SyntaxError)) throw cause;
    throw damagedStore({
      location: place.location,
      whatFailed: `The row of ${place.row} cannot be read: ${cause.message}.`,
      howToFix: 'Keep the file, and restore a backup beside it.',
      cause,
    });
  }
}
