// Suggestions for names that were misspelled.
import { expect, test } from 'vitest';
import { nearestNames } from './nearest-names.ts';

const known = ['reviews.judge', 'reviews.answerer', 'planner', 'max_questions'];

test.each([
  ['judge', ['reviews.judge']],
  ['judgee', ['reviews.judge']],
  ['reviews.jugde', ['reviews.judge']],
  ['max_question', ['max_questions']],
  ['plannner', ['planner']],
  ['zzz', []],
  ['', []],
])("'%s' may mean %j", (wanted, expected) => {
  expect(nearestNames(wanted, known)).toEqual(expected);
});

test('no more than three are named', () => {
  expect(nearestNames('step', ['step1', 'step2', 'step3', 'step4'])).toHaveLength(3);
});
