// The same maintenance of memory, SQLite and PostgreSQL: what goes and what stays is the same.
import { describe, onTestFinished, test } from 'vitest';
import type { StoreMaker } from '../../../src/conformance/index.ts';
import { RetentionBed } from '../../harness/retention-bed.ts';
import { memoryPlaces } from '../memory-places.ts';
import { postgresPlaces } from '../postgres-places.ts';
import { sqlitePlaces } from '../sqlite-places.ts';
import { maintenanceCases } from './maintenance-cases.ts';

const makers: readonly StoreMaker[] = [
  memoryPlaces(),
  sqlitePlaces('process'),
  postgresPlaces('process', 'url'),
];

describe.each(makers)('maintenance of $name', (maker) => {
  test.each(maintenanceCases)('$name', async ({ run }) => {
    const place = await maker.make();
    onTestFinished(() => place.destroy());
    await run(new RetentionBed(await place.open()));
  });
});
