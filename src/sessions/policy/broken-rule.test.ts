import { expect, test } from 'vitest';
import { brokenRule } from './broken-rule.ts';

test('of a limit it is said how it is called in a file, what it is, and what was measured', () => {
  const details = { metric: 'duration_ms', actual: 812, limit: 800 };
  expect(brokenRule('lim', { kind: 'budget_exceeded', details })).toEqual({
    what: '`max_duration_ms` is 800, and 812 was measured',
    howToFix:
      "Raise `max_duration_ms` in policy 'lim', or ask for less at once. What came until then is kept in the session.",
  });
});

test.each([
  ['deny', ['rm', 'dd'], 'tool "rm" is denied by its rule `deny` ("rm", "dd")', 'Take "rm" out of `deny`'],
  ['allow', ['ls'], 'tool "rm" is not in its rule `allow` ("ls")', 'Add "rm" to `allow`'],
  ['allow', [], 'tool "rm" is not in its rule `allow` (nothing)', 'Add "rm" to `allow`'],
])('of a tool it is said which rule it broke: %s %j', (rule, list, what, howToFix) => {
  const broken = brokenRule('p', { kind: 'tool_denied', details: { tool_name: 'rm', rule, list } });
  expect(broken.what).toBe(what);
  expect(broken.howToFix).toContain(`${howToFix} in policy 'p'`);
});
