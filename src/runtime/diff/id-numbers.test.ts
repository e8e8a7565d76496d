/** Proves that equal ids have one number and different ids have different ones, in whatever order they come. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { IdNumbers } from './id-numbers.ts';

const ids = fc.array(fc.constantFrom('a#1', 'a#2', 'b#1', 'patch_001', 'rel_001', ''), { maxLength: 20 });

test('an id has the number of its first occurrence among different ids, however often and in whatever order it comes', () => {
  fc.assert(
    fc.property(ids, ids, fc.boolean(), (first, other, again) => {
      const numbers = new IdNumbers();
      const asked = [...first, ...(again ? first : []), ...other];
      const inOrder = [...new Set(asked)];
      expect(asked.map((id) => numbers.of(id))).toEqual(asked.map((id) => inOrder.indexOf(id)));
      expect(numbers.size).toBe(inOrder.length);
    }),
    { numRuns: 1_000 },
  );
});
