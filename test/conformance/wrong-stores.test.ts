// The kit bites: each wrong store fails at the case that is named for it, and for the reason that is meant.
import { expect, test } from 'vitest';
import { allStoreCases, runStoreCase } from '../../src/conformance/index.ts';
import { sha256 } from './memory-places.ts';
import { allWrongStores } from './wrong-stores/all-wrong-stores.ts';

test.each(allWrongStores)('a store that $name is caught by $caughtBy', async ({ caughtBy, maker }) => {
  const storeCase = allStoreCases.find(({ id }) => id === caughtBy);
  if (storeCase === undefined) throw new Error(`there is no case ${caughtBy}`);
  const verdict = await runStoreCase(storeCase, maker, sha256).catch((error: unknown) => error);
  expect(verdict).toBeInstanceOf(Error);
  // That would be a mistake in the wrong store, not one that the case has found.
  expect(verdict).not.toBeInstanceOf(TypeError);
});

test('there are at least forty of them, and no two are called the same', () => {
  expect(allWrongStores.length).toBeGreaterThanOrEqual(40);
  expect(new Set(allWrongStores.map(({ name }) => name)).size).toBe(allWrongStores.length);
});

test('every case has an id of its own, made of its group and a name', () => {
  expect(new Set(allStoreCases.map(({ id }) => id)).size).toBe(allStoreCases.length);
  for (const { id, group } of allStoreCases) expect(id).toMatch(new RegExp(`^${group}/[a-z0-9-]+$`));
});
