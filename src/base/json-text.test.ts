/** JSON is printed as `JSON.stringify` prints it, and still printed where that runs out of stack. */
import { expect, test } from 'vitest';
import type { JsonValue } from './json.ts';
import { jsonText } from './json-text.ts';

test.each([0, 2])('what a stack holds is printed as JSON.stringify prints it, indented by %i', (indent) => {
  const value = { a: [1, 'two', null, { b: true }], c: {}, d: [] };
  expect(jsonText(value, indent)).toBe(JSON.stringify(value, null, indent));
});

test('what no stack holds is printed in one line, whole', () => {
  const levels = 200_000;
  const inside: JsonValue = [1, 'tw"o', {}, [], null, { b: false, c: [2] }];
  let value: JsonValue = inside;
  for (let level = 0; level < levels; level += 1) value = { a: value };
  const text = `${'{"a":'.repeat(levels)}${JSON.stringify(inside)}${'}'.repeat(levels)}`;
  expect(() => JSON.stringify(value)).toThrow(RangeError);
  expect(jsonText(value, 2) === text).toBe(true);
});
