// The same list of cases on PostgreSQL, and on the second engine that reads its SQL.
import { PGlite } from '@electric-sql/pglite';
import { nodePlatform } from 'runlog';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { allSessionCases, runSessionCase, type SessionStoreMaker } from '../../../src/conformance/index.ts';
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
  let engine: PGlite;
  let maker: SessionStoreMaker;

  beforeAll(async () => {
    engine = await PGlite.create();
    maker = sessionPlaces(pglitePlaces(engine));
  });

  afterAll(() => engine.close());

  test.each(allSessionCases)('$id', async (sessionCase) => {
    await runSessionCase(sessionCase, maker, nodePlatform);
  });
});
