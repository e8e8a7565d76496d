// A destination on PostgreSQL that cannot write one of the events: nothing of that run is there, and the next call brings it.
import { join } from 'node:path';
import { migrateStore, openStore } from 'runlog';
import { expect, it } from 'vitest';
import { quoteName } from '../../src/adapters/stores/postgres/tables.ts';
import { serverUrl, sql } from '../harness/postgres/scratch-schema.ts';
import { scratchSchema } from './postgres-scratch.ts';
import { createdAt, sampleRows, scratchFolder } from './sqlite-scratch.ts';

it('has nothing of a run, whichever of its events cannot be written', async () => {
  const from = `sqlite:///${join(scratchFolder(), 'from.db')}`;
  const source = await openStore(from);
  for (const id of ['a', 'b']) {
    await source.create({ id, kind: 'run', label: null, createdAt });
    const events = sampleRows(1, 6).map((row) => ({ ...row, actor: id }));
    await source.commit([{ logId: id, expected: 0, epoch: null, events }]);
  }
  await source.close();
  const schema = scratchSchema();
  const to = `${serverUrl()}?schema=${encodeURIComponent(schema)}`;
  await (await openStore(to)).close();
  const place = quoteName(schema);
  await sql(`CREATE TABLE ${place}.broken (seq bigint);
    CREATE FUNCTION ${place}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.actor = 'a' AND NEW.seq IN (SELECT seq FROM ${place}.broken) THEN RAISE EXCEPTION 'the disk is gone'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER broken BEFORE INSERT ON ${place}.events FOR EACH ROW EXECUTE FUNCTION ${place}.refuse()`);
  for (let seq = 1; seq <= 6; seq += 1) {
    await sql(`DELETE FROM ${place}.broken; INSERT INTO ${place}.broken VALUES (${seq})`);
    const report = await migrateStore(from, to);
    expect(report.runs.map(({ status }) => status)).toEqual(['failed', seq === 1 ? 'copied' : 'present']);
    const store = await openStore(to, { mode: 'read' });
    expect((await store.logs()).map(({ id }) => id)).toEqual(['b']);
    await store.close();
  }
  await sql(`DELETE FROM ${place}.broken`);
  expect((await migrateStore(from, to)).runs.map(({ status }) => status)).toEqual(['copied', 'present']);
});
