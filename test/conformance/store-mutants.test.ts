// The kit bites: each wrong store fails at the case that is named for it, and the right one fails nowhere.
import { expect, test } from 'vitest';
import { allStoreCases, runStoreCases } from '../../src/conformance/index.ts';
import { memoryPlaces, sha256 } from './memory-places.ts';
import { storeMutants } from './store-mutants.ts';

/** A wrong store is given the one case alone: in another it may be waited for in vain. */
async function failuresOf(maker: ReturnType<typeof memoryPlaces>, only?: string): Promise<string[]> {
  const failed: string[] = [];
  const cases = allStoreCases.filter(({ id }) => only === undefined || id === only);
  for await (const { id, ok } of runStoreCases(cases, maker, sha256)) if (!ok) failed.push(id);
  return failed;
}

test.each(storeMutants)('a store that $name is caught', async ({ name, caughtBy, wrap }) => {
  expect(await failuresOf(memoryPlaces(name, wrap), caughtBy)).toContain(caughtBy);
});

test('a right store fails nowhere, and every case has an id of its own', async () => {
  expect(await failuresOf(memoryPlaces())).toEqual([]);
  expect(new Set(allStoreCases.map(({ id }) => id)).size).toBe(allStoreCases.length);
});
