/** Proves that chance repeats, stays within its bounds and is spread evenly, and that ids made of it sort by time. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { seededRandom, ulid } from './random.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const draws = (seed: string, count: number): number[] => {
  const random = seededRandom(sha256(seed));
  return Array.from({ length: count }, () => random.next());
};

test('the same seed draws the same numbers, on every machine', () => {
  expect(draws('seed', 3)).toEqual(draws('seed', 3));
  expect(draws('seed', 3)).not.toEqual(draws('other', 3));
  expect(draws('seed', 3).map((number) => Math.floor(number * 2 ** 32))).toEqual([
    2970537165, 889311768, 1320038898,
  ]);
});

test('numbers lie from 0 up to, not including, 1, and are spread evenly', () => {
  const numbers = draws('spread', 20_000);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => numbers.filter((number) => Math.floor(number * 10) === tenth).length,
  );
  for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200);
});

test('whole numbers reach both bounds and nothing beyond', () => {
  const random = seededRandom(sha256('bounds'));
  const drawn = new Set(Array.from({ length: 500 }, () => random.integer(-1, 2)));
  expect([...drawn].sort((left, right) => left - right)).toEqual([-1, 0, 1, 2]);
});

test('an item is picked from the list', () => {
  const random = seededRandom(sha256('pick'));
  const picked = new Set(Array.from({ length: 200 }, () => random.pick(['a', 'b', 'c'])));
  expect(picked).toEqual(new Set(['a', 'b', 'c']));
  expect(random.pick(['only'])).toBe('only');
});

test('a ULID is 26 characters of time and chance', () => {
  const low = new Uint8Array(10);
  const high = new Uint8Array(10).fill(255);
  expect(ulid(0, low)).toBe('0'.repeat(26));
  expect(ulid(1_469_918_176_385, low).slice(0, 10)).toBe('01ARYZ6S41');
  expect(ulid(281_474_976_710_655, high)).toBe(`7${'Z'.repeat(25)}`);
});

test('ULIDs sort by time', () => {
  const ids = [1, 1000, 1_700_000_000_000, 1_700_000_000_001].map((ms) =>
    ulid(ms, new Uint8Array(10).fill(255)),
  );
  expect([...ids].sort()).toEqual(ids);
});
