/** Proves that drawn digits are as many as were asked for, and that none is given out twice. */
import { expect, test } from 'vitest';
import { drawnHex } from './drawn-hex.ts';

test('every draw has its length, and none comes again', () => {
  const draw = drawnHex();
  const drawn = Array.from({ length: 2000 }, () => draw(16));
  for (const text of drawn) expect(text).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(drawn).size).toBe(drawn.length);
});

test('a long draw is whole', () => {
  expect(drawnHex()(5000)).toHaveLength(10_000);
});
