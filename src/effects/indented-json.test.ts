/** Proves that printed JSON does not depend on the order in which keys were set. */
import { expect, test } from 'vitest';
import { indentedJson } from './indented-json.ts';

test('keys are sorted on every level', () => {
  expect(indentedJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe(
    '{\n  "a": true,\n  "b": [\n    1,\n    {\n      "c": "x",\n      "d": null\n    }\n  ]\n}',
  );
});

test('keys that are numbers are sorted as texts, like in the canonical form', () => {
  expect(indentedJson({ 9: 1, 10: 2 })).toBe('{\n  "10": 2,\n  "9": 1\n}');
});

test('empty lists and objects stay on one line', () => {
  expect(indentedJson({ a: [], b: {} })).toBe('{\n  "a": [],\n  "b": {}\n}');
});
