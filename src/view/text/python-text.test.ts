import { expect, it } from 'vitest';
import { isJsonObject } from '../../base/index.ts';
import { isTruthy, pythonRepr, pythonText } from './python-text.ts';

it.each([
  [null, 'None'],
  [true, 'True'],
  [false, 'False'],
  [1.5, '1.5'],
  [1e-7, '1e-07'],
  [1e21, '1e+21'],
  ['a', "'a'"],
  ["it's", '"it\'s"'],
  ['it\'s "so"', "'it\\'s \"so\"'"],
  ['a\n\\', "'a\\n\\\\'"],
  [[1, 'a', null], "[1, 'a', None]"],
  [{ a: { b: [] } }, "{'a': {'b': []}}"],
  [{ a: [1, [2, { b: 3 }], 4], c: {}, d: 5 }, "{'a': [1, [2, {'b': 3}], 4], 'c': {}, 'd': 5}"],
])('%j is written as Python writes it', (value, text) => {
  expect(pythonRepr(value)).toBe(text);
});

it('a text stands bare where Python would print it', () => {
  expect(pythonText("it's")).toBe("it's");
});

it.each([[null], [undefined], [''], [0], [false], [[]], [{}]])('%j counts as nothing', (value) => {
  expect(isTruthy(value)).toBe(false);
});

it.each([['a'], [1], [true], [[0]], [{ a: null }]])('%j counts as something', (value) => {
  expect(isTruthy(value)).toBe(true);
});

it('a value that came from elsewhere may be nested deeper than any stack', () => {
  const levels = 100_000;
  const value: unknown = JSON.parse('{"a":['.repeat(levels) + '1' + ']}'.repeat(levels));
  if (!isJsonObject(value)) throw new Error('it is an object');
  expect(pythonRepr(value)).toBe("{'a': [".repeat(levels) + '1' + ']}'.repeat(levels));
});
