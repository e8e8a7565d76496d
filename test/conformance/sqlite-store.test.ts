// The SQLite store keeps every promise of the port, in both settings of durability.
import { describe, test } from 'vitest';
import { allStoreCases, runStoreCase } from '../../src/conformance/index.ts';
import { sha256 } from './memory-places.ts';
import { sqlitePlaces } from './sqlite-places.ts';

describe.each(['power', 'process'] as const)('sqlite store, durability %s', (durability) => {
  const maker = sqlitePlaces(durability);
  test.each(allStoreCases)('$id', async (storeCase) => {
    await runStoreCase(storeCase, maker, sha256);
  });
});
