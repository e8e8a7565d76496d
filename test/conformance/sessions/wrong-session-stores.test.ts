// The kit of session stores bites: each wrong store fails at the case that is named for it, and for the reason that is meant.
import { nodePlatform } from 'runlog';
import { expect, test } from 'vitest';
import { allSessionCases, runSessionCase } from '../../../src/conformance/index.ts';
import { wrongSessionStores } from './wrong-session-stores.ts';

test.each(wrongSessionStores)(
  'a session store that $name is caught by $caughtBy',
  async ({ caughtBy, maker }) => {
    const sessionCase = allSessionCases.find(({ id }) => id === caughtBy);
    if (sessionCase === undefined) throw new Error(`there is no case ${caughtBy}`);
    const verdict = await runSessionCase(sessionCase, maker, nodePlatform).catch((error: unknown) => error);
    expect(verdict).toBeInstanceOf(Error);
    // That would be a mistake in the wrong store, not one that the case has found.
    expect(verdict).not.toBeInstanceOf(TypeError);
  },
);

test('every case has an id of its own, made of its group and a name', () => {
  expect(new Set(allSessionCases.map(({ id }) => id)).size).toBe(allSessionCases.length);
  for (const { id, group } of allSessionCases) expect(id).toMatch(new RegExp(`^${group}/[a-z0-9-]+$`));
});

test('the properties 1 to 81 of the session specification each have a case', () => {
  const properties = new Set(allSessionCases.flatMap((each) => each.properties));
  expect(Array.from({ length: 81 }, (_, index) => index + 1).filter((n) => !properties.has(n))).toEqual([]);
});
