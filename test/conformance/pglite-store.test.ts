// The SQL of the PostgreSQL store means the same to a second engine: every case of the kit, on PGlite.
import { beforeAll, describe, test } from 'vitest';
import { allStoreCases, runStoreCase, type StoreMaker } from '../../src/conformance/index.ts';
import { sharedEngine } from '../harness/postgres/shared-engine.ts';
import { sha256 } from './memory-places.ts';
import { pglitePlaces } from './pglite-places.ts';

let maker: StoreMaker;

beforeAll(async () => {
  maker = pglitePlaces(await sharedEngine());
});

describe('postgres store on PGlite', () => {
  test.each(allStoreCases)('$id', async (storeCase) => {
    await runStoreCase(storeCase, maker, sha256);
  });
});
