// Migrations killed at random moments and started again: a few here; `npm run crash` does a hundred on each store.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { builtProgram } from '../harness/built-programs/built-program.ts';
import { dropSchema, schemaName, serverUrl } from '../harness/postgres/scratch-schema.ts';
import { makeMigrateSource, migrateStorm } from './storm/migrate-storm.ts';

const program = builtProgram('migrate-child');
const seed = Number(process.env['RUNLOG_SEED'] ?? Date.now() % 1_000_000);

async function source(): Promise<{ readonly folder: string; readonly from: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-storm-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const from = `sqlite:///${join(folder, 'from.db')}`;
  await makeMigrateSource(from);
  return { folder, from };
}

test('a migration to SQLite that is killed four times leaves whole runs, and ends with every head', async () => {
  const { folder, from } = await source();
  let places = 0;
  const newPlace = async (): Promise<string> => `sqlite:///${join(folder, `to-${(places += 1)}.db`)}`;
  const counts = await migrateStorm({ program, kills: 4, seed, from, newPlace });
  expect(counts, `seed ${seed}`).toMatchObject({ kills: 4, torn: 0 });
  expect(counts.whole, `seed ${seed}`).toBe(places);
});

test('a migration to PostgreSQL that is killed twice leaves whole runs, and ends with every head', async () => {
  const { from } = await source();
  let places = 0;
  const newPlace = async (): Promise<string> => {
    const schema = schemaName();
    onTestFinished(() => dropSchema(schema));
    places += 1;
    return `${serverUrl()}?schema=${encodeURIComponent(schema)}`;
  };
  const counts = await migrateStorm({ program, kills: 2, seed, from, newPlace });
  expect(counts, `seed ${seed}`).toMatchObject({ kills: 2, torn: 0 });
  expect(counts.whole, `seed ${seed}`).toBe(places);
});
