import { expect, test } from 'vitest';
import { chooseRuns } from './choose-runs.ts';
import type { SourceRun } from './source.ts';

const run = (id: string, events: number, parent: SourceRun['parent'] = null): SourceRun => ({
  id,
  kind: 'run',
  label: null,
  createdAt: '2026-01-01T00:00:00Z',
  parent,
  events,
  headHash: null,
});

const told = (all: readonly SourceRun[], runIds?: readonly string[]): unknown =>
  chooseRuns(all, runIds === undefined ? {} : { runIds }).map(
    ({ run: { id, parent }, events, isAncestor }) => [id, events, parent?.atSeq ?? null, isAncestor],
  );

const family = [
  run('a', 10),
  run('b', 8, { runId: 'a', atSeq: 6 }),
  run('c', 5, { runId: 'b', atSeq: 3 }),
  run('d', 9, { runId: 'b', atSeq: 7 }),
];

test('a fork brings of each ancestor what it shares with it, and no more', () => {
  expect(told(family, ['c'])).toEqual([
    ['a', 3, null, true],
    ['b', 3, 3, true],
    ['c', 5, 3, false],
  ]);
});

test('two forks bring what the longer one needs', () => {
  expect(told(family, ['c', 'd'])).toEqual([
    ['a', 6, null, true],
    ['b', 7, 6, true],
    ['c', 5, 3, false],
    ['d', 9, 7, false],
  ]);
});

test('an ancestor that is asked for comes whole', () => {
  expect(told(family, ['a', 'c'])).toEqual([
    ['a', 10, null, false],
    ['b', 3, 3, true],
    ['c', 5, 3, false],
  ]);
});

test('a lineage of 20,000 runs is chosen in one pass', () => {
  const deep = Array.from({ length: 20_000 }, (_, place) =>
    run(`r${place}`, 2, place === 0 ? null : { runId: `r${place - 1}`, atSeq: 1 }),
  );
  expect(chooseRuns(deep, {})).toHaveLength(20_000);
  expect(chooseRuns(deep, { runIds: ['r19999'] })[0]).toMatchObject({ run: { id: 'r0' }, events: 1 });
});
