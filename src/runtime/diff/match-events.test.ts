/** Proves that matched events are a common subsequence, and that what is left is told from both sides. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchEvents } from './match-events.ts';

const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 12 });

function without(list: readonly string[], indexes: readonly number[]): readonly string[] {
  return list.filter((_, index) => !indexes.includes(index));
}

test('what is left when the differences are taken out is the same on both sides', () => {
  fc.assert(
    fc.property(texts, texts, (left, right) => {
      const { shared, onlyLeft, onlyRight } = matchEvents(left, right);
      expect(without(left, onlyLeft)).toEqual(without(right, onlyRight));
      expect(without(left, onlyLeft)).toHaveLength(shared);
    }),
    { numRuns: 1_000 },
  );
});

test('where every event occurs once, the longest common subsequence is found', () => {
  const once = fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  fc.assert(
    fc.property(once, once, (left, right) => {
      expect(matchEvents(left, right).shared).toBe(longest(left, right));
    }),
    { numRuns: 1_000 },
  );
});

test('an event more in the middle is one difference', () => {
  expect(matchEvents(['a', 'b', 'c'], ['a', 'x', 'b', 'c'])).toEqual({
    shared: 3,
    onlyLeft: [],
    onlyRight: [1],
  });
});

/** By trying everything. */
function longest([first, ...rest]: readonly string[], right: readonly string[]): number {
  if (first === undefined) return 0;
  const skipped = longest(rest, right);
  const at = right.indexOf(first);
  return at < 0 ? skipped : Math.max(skipped, 1 + longest(rest, right.slice(at + 1)));
}
