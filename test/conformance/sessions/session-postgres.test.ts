// The same list of cases on PostgreSQL, and on the second engine that reads its SQL.
import { nodePlatform } from 'runlog';
import { beforeAll, describe, test } from 'vitest';
import { allSessionCases, runSessionCase, type SessionStoreMaker } from '../../../src/conformance/index.ts';
import { sharedEngine } from '../../harness/postgres/shared-engine.ts';
import { pglitePlaces } from '../pglite-places.ts';
import { postgresPlaces } from '../postgres-places.ts';
import { sessionPlaces } from './session-places.ts';

describe('sessions on PostgreSQL', () => {
  const maker = sessionPlaces(postgresPlaces('process', 'url'));
  test.each(allSessionCases)('$id', async (sessionCase) => {
    await runSessionCase(sessionCase, maker, nodePlatform);
  });
});

describe('sessions on PGlite', () => {
  let maker: SessionStoreMaker;

  beforeAll(async () => {
    maker = sessionPlaces(pglitePlaces(await sharedEngine()));
  });

  test.each(allSessionCases)('$id', async (sessionCase) => {
    await runSessionCase(sessionCase, maker, nodePlatform);
  });
});
