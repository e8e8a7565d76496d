// The same questions of memory, SQLite, PostgreSQL and PGlite: the answers are the same.
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { StoreMaker, StorePlace } from '../../../src/conformance/index.ts';
import { sharedEngine } from '../../harness/postgres/shared-engine.ts';
import { memoryPlaces } from '../memory-places.ts';
import { pglitePlaces } from '../pglite-places.ts';
import { postgresPlaces } from '../postgres-places.ts';
import { sqlitePlaces } from '../sqlite-places.ts';
import { askedOf, queryCases } from './query-cases.ts';
import { redactionCases } from './redaction-cases.ts';

const makers: readonly (readonly [string, () => Promise<StoreMaker>])[] = [
  ['memory', async () => memoryPlaces()],
  ['SQLite', async () => sqlitePlaces('process')],
  ['PostgreSQL', async () => postgresPlaces('process', 'url')],
  ['PGlite', async () => pglitePlaces(await sharedEngine())],
];

describe.each(makers)('questions to %s', (_name, make) => {
  let place: StorePlace;
  let asked: Awaited<ReturnType<typeof askedOf>>;

  beforeAll(async () => {
    place = await (await make()).make();
    asked = await askedOf(await place.open());
  });

  afterAll(() => place.destroy());

  test.each([...queryCases, ...redactionCases])('$name', async ({ run }) => {
    await run(asked);
  });
});
