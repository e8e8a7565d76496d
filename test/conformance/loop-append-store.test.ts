// The store that appends in a loop keeps every promise but the one that it does not make, and refuses what would need it.
import { describe, expect, test } from 'vitest';
import { allStoreCases, runStoreCase } from '../../src/conformance/index.ts';
import { loopPlaces } from './loop-places.ts';
import { sha256 } from './memory-places.ts';

describe('loop-append store', () => {
  const maker = loopPlaces();
  test.each(allStoreCases)('$id', async (storeCase) => {
    const kind = await runStoreCase(storeCase, maker, sha256);
    expect(kind).toBe(storeCase.needs?.promise === 'atomicCommit' ? 'refusal' : 'promise');
  });
});
