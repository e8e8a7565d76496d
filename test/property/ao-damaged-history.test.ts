// A law of the import: whatever a legacy home looks like, no byte of it changes, and every file of a session is in the store or named.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  importAo,
  LegacyRegistryError,
  type MigrationReport,
  openSessionStore,
} from '../../src/app/index.ts';
import { apply, damages, soundHome } from '../e2e/ao/damaged-home.ts';
import { fingerprint, type LegacyHome } from '../e2e/ao/legacy-home.ts';
import { scratchFolder } from '../conformance/sqlite-scratch.ts';

/** Files that hold a record by the plainest reading, below the folder of a project. */
function recordsOf(home: LegacyHome): readonly string[] {
  const folder = home.base('projects');
  if (!home.exists(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => isObject(readFileSync(path, 'utf8')));
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

async function expectAllThere(home: LegacyHome, to: string, { runs, notes }: MigrationReport): Promise<void> {
  const sessions = await openSessionStore(to);
  const files: unknown[] = [];
  for (const { runId, status } of runs) {
    if (status !== 'copied') continue;
    const { metadata } = await sessions.getSession(runId);
    const ao = metadata['ao'];
    files.push(typeof ao === 'object' && ao !== null && 'file' in ao ? ao.file : null);
  }
  await sessions.close();
  const told = [
    ...notes,
    ...runs.flatMap(({ runId, problem }) => (problem === null ? [] : [runId, problem])),
  ];
  for (const path of recordsOf(home)) {
    const isThere = files.includes(relative(home.base(), path));
    const isNamed = told.some((text) => text.includes(basename(path, '.json')));
    expect(isThere || isNamed, path).toBe(true);
  }
}

test('a damaged home is never changed by the import, and no session of it is lost without a word', async () => {
  const folder = scratchFolder();
  let round = 0;
  await fc.assert(
    fc.asyncProperty(damages, async (steps) => {
      const home = soundHome();
      round += 1;
      const to = `sqlite:///${join(folder, `${round}.db`)}`;
      try {
        for (const step of steps) apply(home, step);
        const before = fingerprint(home);
        const report = await importAo(home.path, to, { env: { HOME: home.path } }).catch((error: unknown) => {
          expect(error).toBeInstanceOf(LegacyRegistryError);
          return null;
        });
        if (report !== null) {
          await expectAllThere(home, to, report);
          const again = await importAo(home.path, to, { env: { HOME: home.path } });
          expect(again.runs.filter(({ status }) => status !== 'present' && status !== 'failed')).toEqual([]);
        }
        expect(fingerprint(home)).toBe(before);
      } finally {
        home.remove();
      }
    }),
    { numRuns: 40 },
  );
});
