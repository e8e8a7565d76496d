// The SQL of the PostgreSQL store means the same to a second engine: every case of the kit, on PGlite.
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { allStoreCases, runStoreCase, type StoreMaker } from '../../src/conformance/index.ts';
import { sha256 } from './memory-places.ts';
import { pglitePlaces } from './pglite-places.ts';

let engine: PGlite;
let maker: StoreMaker;

beforeAll(async () => {
  engine = await PGlite.create();
  maker = pglitePlaces(engine);
});

afterAll(() => engine.close());

describe('postgres store on PGlite', () => {
  test.each(allStoreCases)('$id', async (storeCase) => {
    await runStoreCase(storeCase, maker, sha256);
  });
});
