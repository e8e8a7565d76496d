// The PostgreSQL store keeps every promise of the port: on a pool of its own, and on one of a single connection with the other durability.
import { describe, test } from 'vitest';
import { allStoreCases, runStoreCase } from '../../src/conformance/index.ts';
import { sha256 } from './memory-places.ts';
import { postgresPlaces } from './postgres-places.ts';

describe.each([
  ['power', 'url'],
  ['process', 'pool'],
] as const)('postgres store, durability %s, on a %s', (durability, ground) => {
  const maker = postgresPlaces(durability, ground);
  test.each(allStoreCases)('$id', async (storeCase) => {
    await runStoreCase(storeCase, maker, sha256);
  });
});
