// The same maintenance of memory, SQLite and PostgreSQL: what goes and what stays is the same.
import { describe, expect, onTestFinished, test } from 'vitest';
import { openPostgresStore } from '../../../src/adapters/stores/postgres/index.ts';
import type { StoreMaker } from '../../../src/conformance/index.ts';
import { dropSchema, schemaName, serverUrl, sql } from '../../harness/postgres/scratch-schema.ts';
import { daysAgo, RetentionBed, times } from '../../harness/retention-bed.ts';
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

test('a removal that PostgreSQL breaks off in the middle leaves everything, is told, and does not stop the rest', async () => {
  const schema = schemaName();
  const quoted = `"${schema.replaceAll('"', '""')}"`;
  const store = await openPostgresStore({ mode: 'create', schema, durability: 'process', url: serverUrl() });
  onTestFinished(async () => {
    await store.close();
    await dropSchema(schema);
  });
  const bed = new RetentionBed(store);
  for (const id of ['a', 'b', 'c']) {
    await bed.session(id, { deletedAt: daysAgo(60) });
    await bed.run(`run of ${id}`, id);
    await bed.events(id, times(2, 'message_sent'));
  }
  await sql(`CREATE FUNCTION ${quoted}.broken() RETURNS trigger AS 'BEGIN RAISE EXCEPTION ''broken''; END' LANGUAGE plpgsql;
    CREATE TRIGGER broken BEFORE DELETE ON ${quoted}.records FOR EACH ROW
    WHEN (OLD.id = 'b/session') EXECUTE FUNCTION ${quoted}.broken()`);
  const report = await bed.maintenance().execute();
  expect(report.hardDeleted.map(({ sessionId }) => sessionId)).toEqual(['a', 'c']);
  expect(report.errors).toMatchObject([{ step: 'hard-delete', sessionId: 'b' }]);
  expect(await bed.ids()).toEqual(['b']);
  expect((await bed.sessions.listRuns('b')).length).toBe(1);
  expect(await bed.types('b')).toEqual(times(2, 'message_sent'));
});
