// Processes killed at random moments on one store: a few here; `npm run crash` does a thousand.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { builtProgram } from '../harness/built-programs/built-program.ts';
import { dropSchema, serverUrl } from '../harness/postgres/scratch-schema.ts';
import { killStorm } from './storm/kill-storm.ts';
import type { StormPlace } from './storm/storm-batch.ts';
import type { StormCounts } from './storm/storm-checks.ts';

const seed = Number(process.env['RUNLOG_SEED'] ?? Date.now() % 1_000_000);
const program = builtProgram('writer-child');
const unharmed: Partial<StormCounts> = { lost: 0, torn: 0, twice: 0, broken: 0 };

test('twelve kills of a process that writes to SQLite lose, tear and double nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-storm-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const place: StormPlace = { kind: 'sqlite', path: join(folder, 'runs.db') };
  const counts = await killStorm({ program, kills: 12, seed, newPlace: async () => place });
  expect(counts, `seed ${seed}`).toMatchObject({ kills: 12, ...unharmed });
  expect(counts.acknowledged, `seed ${seed}`).toBeGreaterThan(0);
});

test('five kills of a process that writes to PostgreSQL lose, tear and double nothing', async () => {
  const place: StormPlace = { kind: 'postgres', url: serverUrl(), schema: `storm_${seed}` };
  onTestFinished(() => dropSchema(`storm_${seed}`));
  const counts = await killStorm({ program, kills: 5, seed, newPlace: async () => place });
  expect(counts, `seed ${seed}`).toMatchObject({ kills: 5, ...unharmed });
});
