import { expect, test } from 'vitest';
import { numberNotes } from './number-notes.ts';

test('a number that JavaScript cannot hold is named, and what stands in a string is no number', () => {
  expect(numberNotes('{"a": 9007199254740993, "b": [NaN, -Infinity, 1e999], "c": 1.5}')).toEqual([
    '9007199254740993 is read as 9007199254740992',
    'NaN is read as null',
    '-Infinity is read as null',
    '1e999 is read as Infinity',
  ]);
  expect(numberNotes(String.raw`{"NaN": "NaN \\", "b\" NaN": "\\\" 1e999", "c": 1}`)).toEqual([]);
  expect(numberNotes(String.raw`{"a": "\\", "b": 1e999}`)).toEqual(['1e999 is read as Infinity']);
  expect(numberNotes('{"a": "NaN')).toEqual([]);
});

test('a string may be as long as it likes', () => {
  expect(numberNotes(`{"a": "${'x'.repeat(20_000_000)}", "b": NaN}`)).toEqual(['NaN is read as null']);
});
