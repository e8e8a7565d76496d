/** Decides how the cells are read that a driver of PostgreSQL may be told to read its own way. */
import { asCount, asMoment, unreadableCell } from '../../../log/index.ts';

/** A bigint comes as text, as a number or as a BigInt, as the driver was told. */
export function numberOf(cell: unknown): number {
  const value = typeof cell === 'string' && /^-?\d+$/.test(cell) ? Number(cell) : cell;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'bigint') return Number(value);
  throw unreadableCell('a whole number', cell);
}

export function numberOrNull(cell: unknown): number | null {
  return cell === null ? null : numberOf(cell);
}

export const countOf = (cell: unknown): number => asCount(numberOf(cell));
export const momentOf = (cell: unknown): string => asMoment(numberOf(cell));

/** 64 hex digits: queries ask for `encode(…, 'hex')`. */
export function hashOf(cell: unknown): string {
  if (typeof cell === 'string' && cell.length === 64) return cell;
  throw unreadableCell('a hash of 64 digits', cell);
}

/** Queries ask for `…::int`, which every driver reads alike. */
export function flagOf(cell: unknown): boolean {
  return numberOf(cell) !== 0;
}
