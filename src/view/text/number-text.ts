/** Decides how amounts are written for people: money with three decimals, seconds with one, counts with their noun. */
import { formatUsd, isUsd, type JsonValue } from '../../base/index.ts';
import { pythonText } from './python-text.ts';

/** `$0.001`; what is no amount is shown as it stands. */
export function moneyText(value: JsonValue): string {
  const text = typeof value === 'number' && Number.isFinite(value) ? plainDecimal(value) : value;
  return typeof text === 'string' && isUsd(text) ? formatUsd(text) : `$${pythonText(value)}`;
}

/** `0.5s` */
export function secondsText(value: JsonValue): string {
  return typeof value === 'number' ? `${value.toFixed(1)}s` : `${pythonText(value)}s`;
}

/** `1 object`, `2 objects` */
export function countText(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** Old logs hold costs as numbers; those too small for plain digits are next to nothing. */
function plainDecimal(value: number): string {
  return value.toFixed(10);
}
