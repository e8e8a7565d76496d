/**
 * Decides which events two tails have in common: a common subsequence, so that what happened in another order is a difference.
 * It is found in the time of sorting, and need not be the longest where one event occurs many times.
 */
import { type ComparedEvent, didTheSame } from './compared-event.ts';
import type { IdNumbers } from './id-numbers.ts';
import { Unpaired } from './unpaired.ts';

/** Indexes of events, in order. */
export interface Matched {
  readonly shared: number;
  readonly onlyLeft: readonly number[];
  readonly onlyRight: readonly number[];
}

export function matchEvents(
  left: readonly ComparedEvent[],
  right: readonly ComparedEvent[],
  ids: IdNumbers,
): Matched {
  const areSame = (leftIndex: number, rightIndex: number): boolean => {
    const [one, other] = [left[leftIndex], right[rightIndex]];
    return one !== undefined && other !== undefined && didTheSame(one, other);
  };
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && areSame(start, start)) start += 1;
  let end = 0;
  while (end < shorter - start && areSame(left.length - 1 - end, right.length - 1 - end)) end += 1;
  const leftEnd = left.length - end;
  const rightEnd = right.length - end;
  const unpaired = new Unpaired(left, { from: start, to: leftEnd, ids });
  const pairs = longestRising(pairUp(unpaired, right, { from: start, to: rightEnd }));
  const matched = { left: new Uint8Array(left.length), right: new Uint8Array(right.length) };
  for (const pair of pairs) {
    matched.left[pair.left] = 1;
    matched.right[pair.right] = 1;
  }
  return {
    shared: start + end + pairs.length,
    onlyLeft: unmatched(start, leftEnd, matched.left),
    onlyRight: unmatched(start, rightEnd, matched.right),
  };
}

interface Pair {
  readonly left: number;
  readonly right: number;
}

/** Pairs the first occurrence of an event with the first on the other side, the second with the second, and so on. */
function pairUp(
  unpaired: Unpaired,
  right: readonly ComparedEvent[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let index = from; index < to; index += 1) {
    const event = right[index];
    const partner = event === undefined ? -1 : unpaired.take(event);
    if (partner >= 0) pairs.push({ left: partner, right: index });
  }
  return pairs;
}

/** The longest part of the pairs in which both sides rise: piles of patience, each pair remembering the one before it. */
function longestRising(pairs: readonly Pair[]): readonly Pair[] {
  const piles: number[] = [];
  const before: number[] = [];
  for (const [index, { left }] of pairs.entries()) {
    let low = 0;
    let high = piles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[piles[middle] ?? 0]?.left ?? 0) < left) low = middle + 1;
      else high = middle;
    }
    before.push(piles[low - 1] ?? -1);
    piles[low] = index;
  }
  const rising: Pair[] = [];
  for (let index = piles.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) {
    const pair = pairs[index];
    if (pair !== undefined) rising.push(pair);
  }
  return rising.reverse();
}

function unmatched(from: number, to: number, matched: Uint8Array): readonly number[] {
  const indexes: number[] = [];
  for (let index = from; index < to; index += 1) if (matched[index] !== 1) indexes.push(index);
  return indexes;
}
