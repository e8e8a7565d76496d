// The SQLite store keeps every promise of the port: in both settings of durability, and through a handle of another driver.
import { describe, test } from 'vitest';
import { allStoreCases, runStoreCase } from '../../src/conformance/index.ts';
import { sha256 } from './memory-places.ts';
import { betterSqlitePlaces, sqlitePlaces } from './sqlite-places.ts';

const makers = [sqlitePlaces('power'), sqlitePlaces('process'), betterSqlitePlaces()];

describe.each(makers)('$name', (maker) => {
  test.each(allStoreCases)('$id', async (storeCase) => {
    await runStoreCase(storeCase, maker, sha256);
  });
});
