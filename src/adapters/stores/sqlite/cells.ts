/** Decides how numbers and bytes of a row are read, in the shapes in which drivers of SQLite hand them out. */
import { asCount, asMoment, unreadableCell } from '../../../log/index.ts';

export function numberOf(cell: unknown): number {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') return Number(cell);
  throw unreadableCell('a number', cell);
}

export function numberOrNull(cell: unknown): number | null {
  return cell === null ? null : numberOf(cell);
}

export const countOf = (cell: unknown): number => asCount(numberOf(cell));
export const momentOf = (cell: unknown): string => asMoment(numberOf(cell));

/** 32 bytes as 64 hex digits. */
export function hashOf(cell: unknown): string {
  if (cell instanceof Uint8Array && cell.length === 32) {
    return Buffer.from(cell.buffer, cell.byteOffset, 32).toString('hex');
  }
  throw unreadableCell('a hash of 32 bytes', cell);
}

/** A hash of which the query has made hex digits. */
export function hashTextOf(cell: unknown): string {
  if (typeof cell === 'string' && cell.length === 64) return cell;
  throw unreadableCell('a hash of 32 bytes', typeof cell === 'string' ? Buffer.from(cell, 'hex') : cell);
}
