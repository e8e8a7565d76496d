/** Decides how a value of a row becomes a value of the program: by looking at it, because drivers can be told to read types their own way. */
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

/** A bigint comes as text, as a number or as a BigInt, as the driver was told. */
export function numberOf(cell: unknown): number {
  const value = typeof cell === 'string' && /^-?\d+$/.test(cell) ? Number(cell) : cell;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'bigint') return Number(value);
  throw unreadable('a whole number', cell);
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

/** 64 hex digits: queries ask for `encode(…, 'hex')`. */
export function hashOf(cell: unknown): string {
  if (typeof cell === 'string' && cell.length === 64) return cell;
  throw unreadable('a hash of 64 digits', cell);
}

/** Queries ask for `…::int`, which every driver reads alike. */
export function flagOf(cell: unknown): boolean {
  return numberOf(cell) !== 0;
}

function unreadable(wanted: string, cell: unknown): UnreadableCell {
  const found = cell === null ? 'nothing' : `a ${typeof cell}`;
  return new UnreadableCell(`${wanted} was expected, and ${found} is there`);
}

/** Decodes a row; when that fails, the error says which row of which store. */
export function decodeRow<T>(place: { readonly location: string; readonly row: string }, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (!(cause instanceof UnreadableCell || cause instanceof SyntaxError)) throw cause;
    throw damagedStore({
      location: place.location,
      whatFailed: `The row of ${place.row} cannot be read: ${cause.message}.`,
      howToFix: 'Leave the database as it is, and restore a backup beside it.',
      cause,
    });
  }
}
