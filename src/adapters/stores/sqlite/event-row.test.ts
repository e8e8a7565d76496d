// Reading rows of events: what cannot be read is named, and never handed on.
import { expect, test } from 'vitest';
import { CorruptedEventPayloadError, DamagedHistoryError } from '../../../log/index.ts';
import type { SqliteRow } from './driver.ts';
import { decodeEventRow } from './event-row.ts';

const shape = { kind: 'run', hashes: false } as const;
const row: SqliteRow = [7, null, 'goal.created', '{}', null, null, null, null, '2026-01-01T00:00:00Z', null];

test('a row without an id has the canonical one of its place', () => {
  expect(decodeEventRow('a', shape, row)).toMatchObject({ seq: 7, id: 'evt_007', payload: '{}' });
});

test.each([[null], [Uint8Array.of(1, 2)], [12]])('a payload of %o is corrupted', (payload) => {
  const read = () => decodeEventRow('a', shape, row.toSpliced(3, 1, payload));
  expect(read).toThrow(CorruptedEventPayloadError);
  expect(read).toThrow("'evt_007'");
});

test.each([
  ['seq', 0, 'seven'],
  ['type', 2, null],
  ['actor', 4, 5],
  ['timestamp', 8, Uint8Array.of(1)],
])('an unreadable %s is damage', (_, index, cell) => {
  expect(() => decodeEventRow('a', shape, row.toSpliced(index, 1, cell))).toThrow(DamagedHistoryError);
});

test('a hash of another length is damage', () => {
  const read = () => decodeEventRow('a', { kind: 'run', hashes: true }, [...row, Uint8Array.of(1, 2)]);
  expect(read).toThrow('place 7');
});
