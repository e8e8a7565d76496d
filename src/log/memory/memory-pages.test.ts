import { expect, it } from 'vitest';
import { eventIdAt } from '../../base/index.ts';
import type { EventRow } from '../event.ts';
import { MemoryRows } from './memory-pages.ts';
import { RowIds, storedRow } from './memory-rows.ts';

const row = (seq: number, changed: Partial<EventRow> = {}): EventRow => ({
  id: eventIdAt(seq),
  type: seq % 2 === 0 ? 'even' : 'odd',
  payload: JSON.stringify({ n: seq, text: 'ü'.repeat(seq % 7) }),
  actor: seq % 3 === 0 ? null : 'somebody',
  causedBy: seq === 1 ? null : eventIdAt(seq - 1),
  frameId: null,
  timestamp: `2026-01-01T00:00:${String(seq % 60).padStart(2, '0')}Z`,
  subject: seq === 1500 ? 'claim#1' : null,
  schemaVersion: null,
  runId: null,
  provider: null,
  correlationId: null,
  metadata: null,
  ...changed,
});
const handedOut = (rows: MemoryRows): readonly EventRow[] =>
  [...rows].map((each) => storedRow(each, 0, null));
const expected = (rows: readonly EventRow[]): readonly EventRow[] =>
  rows.map((each) => ({ ...each, seq: 0, hash: null }));

function kept(afterSeq: number, rows: readonly EventRow[]): MemoryRows {
  const made = new MemoryRows(afterSeq);
  for (const each of rows) made.push(each);
  return made;
}

it.each([
  ['their own ids', 0, row],
  ['ids of a fork', 5, (seq: number) => row(seq + 5)],
  ['ids of somebody else', 0, (seq: number) => row(seq, { id: `id-${seq}` })],
  ['fields of a session', 0, (seq: number) => row(seq, { provider: 'p', runId: null, metadata: '{}' })],
  ['a version at one of them', 0, (seq: number) => row(seq, seq === 40 ? { schemaVersion: 2 } : {})],
  ['long payloads', 0, (seq: number) => row(seq, { payload: `{"t":"${'x'.repeat(1200)}"}` })],
])('gives back 2,500 events with %s as they were', (_, afterSeq, make) => {
  const rows = Array.from({ length: 2500 }, (__, index) => make(index + 1));
  const found = kept(afterSeq, rows);
  expect(found.length).toBe(2500);
  expect(handedOut(found)).toEqual(expected(rows));
  expect(found.at(-1)).toBeUndefined();
  expect(found.at(2500)).toBeUndefined();
});

it('puts another event in the place of one, in a full page and in the open one', () => {
  const rows = Array.from({ length: 1500 }, (_, index) => row(index + 1, { provider: 'p' }));
  const found = kept(0, rows);
  const before = found.copy();
  for (const index of [3, 1200]) found.replace(index, row(index + 1, { payload: 'dropped' }));
  const payloads = handedOut(found).map(({ payload }) => payload);
  expect(payloads.filter((payload) => payload === 'dropped')).toHaveLength(2);
  expect([payloads[3], payloads[1200]]).toEqual(['dropped', 'dropped']);
  expect(handedOut(before)).toEqual(expected(rows));
});

it('knows where an id stands, and whether it names another place', () => {
  const ids = new RowIds();
  expect([ids.add('evt_001', 1), ids.add('evt_001', 2), ids.add('mine', 3)]).toEqual([false, true, false]);
  expect([ids.placeOf('mine'), ids.placeOf('evt_001'), ids.placeOf('evt_007'), ids.placeOf('none')]).toEqual([
    3,
    2,
    7,
    null,
  ]);
});
