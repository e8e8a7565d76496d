// Every store of the package keeps every promise of the session store port: one list of cases on memory and SQLite.
import { nodePlatform } from 'runlog';
import { describe, test } from 'vitest';
import { allSessionCases, runSessionCase } from '../../../src/conformance/index.ts';
import { memoryPlaces } from '../memory-places.ts';
import { betterSqlitePlaces, sqlitePlaces } from '../sqlite-places.ts';
import { sessionPlaces } from './session-places.ts';

const makers = [memoryPlaces(), sqlitePlaces('process'), betterSqlitePlaces()].map(sessionPlaces);

describe.each(makers)('sessions on $name', (maker) => {
  test.each(allSessionCases)('$id', async (sessionCase) => {
    await runSessionCase(sessionCase, maker, nodePlatform);
  });
});
