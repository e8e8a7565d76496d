/** Scenario 5: what where-filters select. */
import { InternalEvaluatorError } from 'runlog';
import { matchesWhere, type Where } from 'runlog/graph';
import { describe, expect, it, test } from 'vitest';

const root = { a: { b: 5, n: null }, l: [1], s: 'x' };

const table: readonly (readonly [Where, boolean])[] = [
  [{ 'a.b': 5 }, true],
  [{ 'a.b': { '>': 4 } }, true],
  [{ 'a.b': { '>': 4, '<': 5 } }, false],
  [{ 'a.n': { '>': 1 } }, false],
  [{ zz: { '!=': 1 } }, true],
  [{ s: { in: ['x', 'y'] } }, true],
  [{ s: { 'not in': ['x'] } }, false],
  [{ l: [1] }, true],
  [{ a: { b: 5, n: null } }, true],
  [{ zz: null }, true],
  [{ 'a.b': { '>=': 5, '<=': 5 } }, true],
  [{ 'a.b': { '==': 5 } }, true],
  [{ 'a.b': 5, s: 'y' }, false],
  [{ 'a.b': { '>': 'x' } }, false],
  [{ 'a.b.c': null }, true],
  [{ a: { n: null, b: 5 } }, true],
  [{ s: { '<': 'y' } }, true],
  [{}, true],
];

describe('a where-filter', () => {
  it.each(table)('%j selects: %s', (where, selected) => {
    expect(matchesWhere(root, where)).toBe(selected);
  });
});

test('an operator that is not known beside a known one is refused', () => {
  expect(() => matchesWhere(root, { 'a.b': { '>': 4, like: 'x' } })).toThrow(InternalEvaluatorError);
});

test('a path does not lead into what every object inherits', () => {
  expect(matchesWhere(root, { 'constructor.name': 'Object' })).toBe(false);
});
