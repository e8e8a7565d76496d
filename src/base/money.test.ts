/** Proves that money is counted in decimals, and written in plain ones. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { addUsd, compareUsd, formatUsd, isUsd, multiplyUsd, readUsd, subtractUsd } from './money.ts';

test('a third of a cent a thousand times over is exact', () => {
  let sum = '0';
  for (let n = 0; n < 1000; n += 1) sum = addUsd(sum, '0.0033');
  expect(sum).toBe('3.3');
  expect(addUsd('0.1', '0.2')).toBe('0.3');
  expect(subtractUsd('0.3', '0.1')).toBe('0.2');
  expect(multiplyUsd('0.00001', 4096)).toBe('0.04096');
});

test('small and large amounts are written without an exponent', () => {
  expect(multiplyUsd('0.0000001', '0.01')).toBe('0.000000001');
  expect(addUsd('1000000000000000000000', '1')).toBe('1000000000000000000001');
});

test('amounts are compared as numbers', () => {
  expect(compareUsd('10', '9')).toBeGreaterThan(0);
  expect(compareUsd('0.10', '0.1')).toBe(0);
  expect(compareUsd('-1', '0')).toBeLessThan(0);
});

test.each(['0', '1.50', '-3', '0.0001'])('%j is an amount', (text) => {
  expect(isUsd(text)).toBe(true);
});

test.each(['', '.5', '5.', '1,5', '1e3', 'NaN', ' 1', '1 ', '+1', '0x1', '1'.repeat(31)])(
  '%j is no amount',
  (text) => {
    expect(isUsd(text)).toBe(false);
  },
);

test('amounts of other writers may have an exponent', () => {
  expect(readUsd('1E-7')).toBe('0.0000001');
  expect(readUsd('2.5e+2')).toBe('250');
  expect(readUsd('0.001')).toBe('0.001');
  for (const text of ['1e999', 'E-7', '', 'Infinity', '1E']) expect(readUsd(text), text).toBeNull();
});

test('for people an amount is rounded', () => {
  expect(formatUsd('0.2645')).toBe('$0.265');
  expect(formatUsd('5', 2)).toBe('$5.00');
});

test('adding and taking away again leaves what was there', () => {
  const amount = fc
    .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 999_999 }))
    .map(([whole, part]) => `${whole}.${part}`);
  fc.assert(
    fc.property(amount, amount, (left, right) => {
      expect(compareUsd(subtractUsd(addUsd(left, right), right), left)).toBe(0);
      expect(isUsd(addUsd(left, right))).toBe(true);
    }),
  );
});
