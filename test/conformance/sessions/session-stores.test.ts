// Every store keeps every promise of the session store port, or refuses what it does not declare: one list of cases on memory, on
// SQLite, on stores of version 0.7 that were lifted, and on four primitives.
import { nodePlatform } from 'runlog';
import { describe, test } from 'vitest';
import { allSessionCases, runSessionCase } from '../../../src/conformance/index.ts';
import { memoryPlaces } from '../memory-places.ts';
import { sqlitePlaces } from '../sqlite-places.ts';
import { liftedPlaces, primitivePlaces } from './lifted-places.ts';
import { sessionPlaces } from './session-places.ts';

const memory = sessionPlaces(memoryPlaces());
const makers = [memory, sessionPlaces(sqlitePlaces('process')), liftedPlaces(memory), primitivePlaces()];

describe.each(makers)('sessions on $name', (maker) => {
  test.each(allSessionCases)('$id', async (sessionCase) => {
    await runSessionCase(sessionCase, maker, nodePlatform);
  });
});
