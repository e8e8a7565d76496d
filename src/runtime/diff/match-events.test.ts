/** Proves that matched events are a common subsequence, that what is left is told from both sides, and that no id hides an event. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { plantedOne } from '../../../test/harness/planted-events.ts';
import { type ComparedEvent, comparedEvent, comparedText } from './compared-event.ts';
import { IdNumbers } from './id-numbers.ts';
import { type Matched, matchEvents } from './match-events.ts';

const ids = new IdNumbers();

/** Events of one's own, which are compared by their texts. */
function own(names: readonly string[]): readonly ComparedEvent[] {
  return names.map((name) => comparedEvent(plantedOne(name, {}), ids));
}

/** Objects, which are found by their ids: `ab` is the object `a` with `b` in it. */
function objects(names: readonly string[]): readonly ComparedEvent[] {
  return names.map(([id = '', data = '']) =>
    comparedEvent(plantedOne('object.created', { object: { id, data } }), ids),
  );
}

function matchOwn(left: readonly string[], right: readonly string[]): Matched {
  return matchEvents(own(left), own(right), ids);
}

const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 12 });
/** Long enough for an id to occur more often than is looked at one by one. */
const elements = fc.array(fc.constantFrom('aa', 'ab', 'ac', 'b', 'bb', 'c'), { maxLength: 40, size: 'max' });

function without(list: readonly string[], indexes: readonly number[]): readonly string[] {
  return list.filter((_, index) => !indexes.includes(index));
}

test('what is left when the differences are taken out is the same on both sides', () => {
  fc.assert(
    fc.property(texts, texts, (left, right) => {
      const { shared, onlyLeft, onlyRight } = matchOwn(left, right);
      expect(without(left, onlyLeft)).toEqual(without(right, onlyRight));
      expect(without(left, onlyLeft)).toHaveLength(shared);
    }),
    { numRuns: 1_000 },
  );
});

test('elements are matched as events of one’s own with the same texts are, however often an id occurs', () => {
  fc.assert(
    fc.property(elements, elements, (left, right) => {
      const asTexts = (names: readonly string[]): readonly ComparedEvent[] =>
        objects(names).map((event) => ({ ...event, element: null, text: comparedText(event) }));
      expect(matchEvents(objects(left), objects(right), ids)).toEqual(
        matchEvents(asTexts(left), asTexts(right), ids),
      );
    }),
    { numRuns: 1_000 },
  );
});

test('where every event occurs once, the longest common subsequence is found', () => {
  const once = fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  fc.assert(
    fc.property(once, once, (left, right) => {
      expect(matchOwn(left, right).shared).toBe(longest(left, right));
    }),
    { numRuns: 1_000 },
  );
});

test('an event more in the middle is one difference', () => {
  expect(matchOwn(['a', 'b', 'c'], ['a', 'x', 'b', 'c'])).toEqual({
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
