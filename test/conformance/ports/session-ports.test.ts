// The same questions and the same maintenance of memory, SQLite, PostgreSQL and PGlite: the answers, and what goes, are the same.
import { nodePlatform } from 'runlog';
import { afterAll, beforeAll, describe, test } from 'vitest';
import {
  maintenanceCases,
  queryCases,
  runPortCase,
  type StoreMaker,
} from '../../../src/conformance/index.ts';
import { sharedEngine } from '../../harness/postgres/shared-engine.ts';
import { memoryPlaces } from '../memory-places.ts';
import { pglitePlaces } from '../pglite-places.ts';
import { postgresPlaces } from '../postgres-places.ts';
import { sqlitePlaces } from '../sqlite-places.ts';
import { SessionPorts } from './session-port-places.ts';

const makers: readonly (readonly [string, () => Promise<StoreMaker>])[] = [
  ['memory', async () => memoryPlaces()],
  ['SQLite', async () => sqlitePlaces('process')],
  ['PostgreSQL', async () => postgresPlaces('process', 'url')],
  ['PGlite', async () => pglitePlaces(await sharedEngine())],
];

describe.each(makers)('%s', (_name, make) => {
  let ports: SessionPorts;
  beforeAll(async () => {
    ports = new SessionPorts(await make());
  });
  afterAll(() => ports.close());

  test.each(queryCases)('query $id', async (queryCase) => {
    await runPortCase(queryCase, ports.query, nodePlatform);
  });
  test.each(maintenanceCases)('maintenance $id', async (maintenanceCase) => {
    await runPortCase(maintenanceCase, ports.maintenance, nodePlatform);
  });
});
