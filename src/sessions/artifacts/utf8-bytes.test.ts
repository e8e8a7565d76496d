import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { utf8Bytes } from './utf8-bytes.ts';

test('a text becomes the bytes that the platform makes of it, half a pair included', () => {
  assert(
    property(string({ unit: 'binary' }), string({ unit: 'grapheme' }), (left, right) => {
      const text = `${left}\uD83D${right}`;
      expect(utf8Bytes(text)).toEqual(new TextEncoder().encode(text));
    }),
  );
});
