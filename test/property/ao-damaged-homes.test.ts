// A law of the migration: whatever a legacy home looks like, no byte of it changes, nothing crashes, and every project and every
// orchestrator is created, skipped or failed, with a note for each that was not created.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { LegacyRegistryError, migrateAoHome, type AoMigration } from '../../src/app/index.ts';
import { apply, damages, soundHome } from '../e2e/ao/damaged-home.ts';
import { fingerprint, type LegacyHome, type Row } from '../e2e/ao/legacy-home.ts';

/** The ids of the registry, as YAML reads them; `null` when it is none. */
function registeredIds(home: LegacyHome): readonly string[] | null {
  try {
    const top: unknown = parse(readFileSync(home.base('config.yaml'), 'utf8'), { logLevel: 'silent' });
    const projects = (top as { projects?: unknown } | null)?.projects;
    return typeof projects === 'object' && projects !== null ? Object.keys(projects) : [];
  } catch {
    return null;
  }
}

/** In the newest layout, by the plainest reading. */
function hasOrchestrator(home: LegacyHome, id: string): boolean {
  const folder = home.base('projects', id, 'sessions');
  if (!home.exists(folder)) return false;
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.json'),
  );
  return files.some(({ name }) => {
    try {
      const record: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return (record as { role?: unknown } | null)?.role === 'orchestrator';
    } catch {
      return false;
    }
  });
}

const times = ['registered_at', 'activity_last_at', 'created_at', 'updated_at', 'first_signal_at'];

function expectSoundRows(rows: readonly Row[]): void {
  for (const row of rows)
    for (const name of times.filter((column) => column in row))
      expect(row[name]).toBe(new Date(String(row[name])).toISOString());
}

function expectAccounted(home: LegacyHome, result: AoMigration): void {
  const ids = registeredIds(home) ?? [];
  const { projects, orchestrators, notes } = result;
  expect(projects.created + projects.skipped + projects.failed).toBe(ids.length);
  const rows = home.exists(home.database) ? home.rows('projects') : [];
  expect(rows).toHaveLength(projects.created);
  const told = new Set(notes.filter(({ scope }) => scope === 'project').map(({ id }) => id));
  for (const id of ids)
    expect(rows.some((row) => row['id'] === id) || told.has(id), `project ${id}`).toBe(true);
  const sessions = rows.length === 0 ? [] : home.orchestrators;
  expect(sessions).toHaveLength(orchestrators.created);
  const left = orchestrators.skipped + orchestrators.failed;
  expect(notes.filter(({ scope }) => scope === 'orchestrator').length).toBeGreaterThanOrEqual(left);
  const counted = orchestrators.created + left;
  const kept = rows.filter((row) => hasOrchestrator(home, String(row['id'])));
  expect(counted).toBeGreaterThanOrEqual(kept.length);
  expectSoundRows([...rows, ...sessions]);
}

test('a home that is damaged at random is never changed, and everything in it is accounted for', async () => {
  await fc.assert(
    fc.asyncProperty(damages, fc.boolean(), async (steps, strictParity) => {
      const home = soundHome();
      try {
        for (const step of steps) apply(home, step);
        const before = fingerprint(home);
        const request = { env: { HOME: home.path }, strictParity };
        const result = await migrateAoHome(request).catch((error: unknown) => {
          expect(error).toBeInstanceOf(LegacyRegistryError);
          return null;
        });
        if (result === null) expect(home.exists('.ao')).toBe(false);
        else {
          expect(result.refusal).toBeNull();
          expectAccounted(home, result);
          const again = await migrateAoHome(request);
          expect([again.projects.created, again.orchestrators.created, again.relocatedTranscripts]).toEqual([
            0, 0, 0,
          ]);
        }
        expect(fingerprint(home), relative('.', home.path)).toBe(before);
      } finally {
        home.remove();
      }
    }),
    { numRuns: 60 },
  );
});
