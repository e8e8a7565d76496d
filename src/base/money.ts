/** Decides how money is counted: exact decimals, written as plain decimal text, never as binary floating point. */
import { Big } from 'big.js';

/** An amount in US dollars as decimal text, such as `"0.04096"`. */
export type Usd = string;

/** No money. */
export const zeroUsd: Usd = '0';

/** The exact sum of two amounts; no amount is ever a floating-point number. */
export function addUsd(left: Usd, right: Usd): Usd {
  return new Big(left).plus(right).toFixed();
}

/** The exact difference of two amounts; it may be negative. */
export function subtractUsd(left: Usd, right: Usd): Usd {
  return new Big(left).minus(right).toFixed();
}

/** An amount times a factor, exact. */
export function multiplyUsd(amount: Usd, factor: number | string): Usd {
  return new Big(amount).times(factor).toFixed();
}

/** Negative, zero or positive as `left` is less than, equal to or more than `right`. */
export function compareUsd(left: Usd, right: Usd): number {
  return new Big(left).cmp(right);
}

/** True for decimal text that the functions of this file take. */
export function isUsd(text: string): boolean {
  return /^-?\d{1,30}(\.\d{1,30})?$/.test(text);
}

/** An amount as logs may spell it, small ones of other languages with an exponent (`1E-7`); `null` for anything else. */
export function readUsd(text: string): Usd | null {
  if (isUsd(text)) return text;
  return /^-?\d{1,30}(\.\d{1,30})?[eE][+-]?\d{1,2}$/.test(text) ? new Big(text).toFixed() : null;
}

/** `$0.264`: rounded half up for people; the log keeps the exact text. */
export function formatUsd(amount: Usd, digits = 3): string {
  return `$${new Big(amount).toFixed(digits)}`;
}
