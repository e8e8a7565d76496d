import { expect, test } from 'vitest';
import { parentsFirst, type RunRow } from './run-rows.ts';

const row = (id: string, parent: string | null): RunRow => ({
  id,
  parent,
  forkedAt: null,
  label: null,
  createdAt: '2026-01-01T00:00:00Z',
  events: 1,
  hasRow: true,
});

const told = (rows: readonly RunRow[]): unknown =>
  parentsFirst(rows).map(({ row: { id }, parent, problem }) => [id, parent?.id ?? null, problem]);

test('parents come first, whatever the order of the rows', () => {
  expect(told([row('c', 'b'), row('b', 'a'), row('a', null)])).toEqual([
    ['a', null, null],
    ['b', 'a', null],
    ['c', 'b', null],
  ]);
});

test('a lineage that goes round is cut at one place, and says so', () => {
  expect(told([row('d', 'c'), row('a', 'c'), row('b', 'a'), row('c', 'b'), row('e', 'e')])).toEqual([
    ['a', null, 'its lineage goes round: it is taken as a run of its own'],
    ['b', 'a', null],
    ['c', 'b', null],
    ['d', 'c', null],
    ['e', null, 'its lineage goes round: it is taken as a run of its own'],
  ]);
});

test('a parent that is not there is named', () => {
  expect(told([row('b', 'a')])).toEqual([
    ['b', null, "its parent 'a' is not in the database: it is taken as a run of its own"],
  ]);
});

test('a lineage of 20,000 runs, youngest first, is put in order', () => {
  const deep = Array.from({ length: 20_000 }, (_, place) =>
    row(`r${place}`, place === 0 ? null : `r${place - 1}`),
  );
  const placed = parentsFirst(deep.toReversed());
  expect(placed.map(({ row: { id } }) => id)).toEqual(deep.map(({ id }) => id));
});
