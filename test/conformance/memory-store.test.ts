// The memory store keeps every promise of the port.
import { describe, test } from 'vitest';
import { allStoreCases, runStoreCase } from '../../src/conformance/index.ts';
import { memoryPlaces, sha256 } from './memory-places.ts';

describe('memory store', () => {
  const maker = memoryPlaces();
  test.each(allStoreCases)('$id', async (storeCase) => {
    await runStoreCase(storeCase, maker, sha256);
  });
});
