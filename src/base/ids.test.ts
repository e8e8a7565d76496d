/** Proves how ids are spelled, and that what is spelled is read back. */
import { array, assert, constantFrom, maxSafeNat, nat, oneof, property } from 'fast-check';
import { expect, test } from 'vitest';
import { counterOf, eventIdAt, isEventIdAt, numberedId, objectId, seqOfEventId } from './ids.ts';

test('numbers have at least three digits', () => {
  expect([1, 12, 999, 1000, 1_234_567].map((number) => numberedId('rel', number))).toEqual([
    'rel_001',
    'rel_012',
    'rel_999',
    'rel_1000',
    'rel_1234567',
  ]);
});

test('a canonical event id names its place, and no other spelling does', () => {
  for (const seq of [1, 999, 1000, 1_000_000]) expect(seqOfEventId(eventIdAt(seq))).toBe(seq);
  for (const id of [
    'evt_1',
    'evt_0001',
    'evt_01000',
    'evt_000',
    'evt_',
    'evt_-01',
    'evt_1e3',
    'evt_001 ',
    'ev_001',
    'evt_99999999999999999999',
  ]) {
    expect(seqOfEventId(id), id).toBeNull();
  }
});

test('the id of a place is known without being made', () => {
  const prefix = constantFrom('evt_', 'evt_0', 'evt_00', 'ev__', 'evt', '');
  const seq = oneof(nat(2000), maxSafeNat());
  assert(
    property(seq, seq, prefix, (place, other, begin) => {
      expect(isEventIdAt(eventIdAt(place), place)).toBe(true);
      const id = `${begin}${other}`;
      for (const asked of [place, other]) expect(isEventIdAt(id, asked), id).toBe(id === eventIdAt(asked));
    }),
  );
});

test.each([
  ['task#12', 12],
  ['a#b#3', 3],
  ['#4', 4],
  ['two\nlines#5', 5],
  ['rel_003', 3],
  ['patch_1000', 1000],
  ['task#', 0],
  ['task#x', 0],
  ['task', 0],
  ['rel_003x', 0],
  ['rel-3', 0],
  ['', 0],
])('the counter behind %j is %d', (id, counter) => {
  expect(counterOf(id)).toBe(counter);
});

test('the counter of an object is read back whatever its type is called', () => {
  for (const type of ['task', 'a#b', 'x_1', '#', 'ü', '12']) expect(counterOf(objectId(type, 7))).toBe(7);
});

test('a counter is read back from every id as its grammar says', () => {
  const part = constantFrom(
    'a',
    'Z',
    'é',
    '_',
    '#',
    '-',
    '@',
    '[',
    '{',
    '`',
    '0',
    '7',
    '12',
    '123456789012345',
    '\n',
    '',
  );
  assert(
    property(array(part, { maxLength: 6 }), (parts) => {
      const id = parts.join('');
      const digits = /^(?:.*#|[A-Za-z]+_)(\d{1,15})$/s.exec(id)?.[1];
      expect(counterOf(id)).toBe(Number(digits ?? 0));
    }),
    { numRuns: 5000 },
  );
});
