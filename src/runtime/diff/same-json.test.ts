/** Proves that two values are told equal exactly when JSON writes one text of both. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from '../../base/index.ts';
import { sameJson } from './same-json.ts';

/** Values as they come out of a text, with keys in any order: few words, so that many pairs are equal or nearly so. */
const value = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonValue>(
      null,
      0,
      -0,
      1,
      Number.POSITIVE_INFINITY,
      '',
      'a',
      '\u00e9',
      '\ud800',
      true,
      false,
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', '__proto__', '1', '0'), tie('value')), {
        maxLength: 3,
        selector: ([key]) => key,
      })
      .map((entries): JsonValue => Object.fromEntries(entries)),
  ),
})).value;

test('two values are the same exactly when they have one text', () => {
  const seen = { same: 0, different: 0 };
  fc.assert(
    fc.property(value, value, (left, right) => {
      const isSame = JSON.stringify(left) === JSON.stringify(right);
      expect(sameJson(left, right)).toBe(isSame);
      seen[isSame ? 'same' : 'different'] += 1;
    }),
    { numRuns: 5_000 },
  );
  expect(Math.min(seen.same, seen.different)).toBeGreaterThan(100);
});

test('a value is the same as its copy, and not as one with a field more, less, changed or moved', () => {
  fc.assert(
    fc.property(value, (left) => {
      expect(sameJson(left, structuredClone(left))).toBe(true);
      for (const other of [{ left }, [left], { left, more: null }, { more: null, left }])
        expect(sameJson({ left }, other)).toBe(JSON.stringify({ left }) === JSON.stringify(other));
    }),
    { numRuns: 500 },
  );
});
