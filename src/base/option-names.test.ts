import { expect, test } from 'vitest';
import { isStructuredError } from './errors.ts';
import { checkOptionNames } from './option-names.ts';

const known = ['budget', 'behaviors', 'seed'];

test('known names pass', () => {
  expect(() => checkOptionNames('open', { seed: 1, budget: undefined }, known)).not.toThrow();
});

function refusalOf(option: string): readonly string[] {
  try {
    checkOptionNames('open', { [option]: 1 }, known);
  } catch (error) {
    if (isStructuredError(error)) return [error.code, error.summary, error.howToFix];
  }
  return [];
}

test.each([
  ['budgets', '`budget`'],
  ['behaviours', '`behaviors`'],
])('%s is refused, and %s is named', (option, near) => {
  expect(refusalOf(option)).toEqual([
    'invalid-runtime-configuration',
    `\`open\` has no option '${option}'`,
    `Did you mean ${near}? The options are \`budget\`, \`behaviors\`, \`seed\`.`,
  ]);
});

test('where none comes near, all are listed', () => {
  expect(refusalOf('colour')[2]).toBe('Leave it out. The options are `budget`, `behaviors`, `seed`.');
});
