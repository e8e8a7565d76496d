// A law of the migration: whatever a legacy home looks like, no byte of it changes, nothing crashes, and every project and every
// orchestrator is created, skipped or failed, with a note for each that was not created.
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { LegacyRegistryError, migrateAoHome, type AoMigration } from '../../src/app/index.ts';
import { fingerprint, LegacyHome, lifecycle, orchestrator, type Row, uuid } from '../e2e/ao/legacy-home.ts';

/** A value somewhere in a record is another one. */
interface Change {
  readonly kind: 'value';
  readonly file: number;
  readonly key: string;
  readonly value: unknown;
}

/** A file is not what it was. */
interface Damage {
  readonly kind: 'cut' | 'noise' | 'gone' | 'folder' | 'empty';
  readonly file: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

const keys = [
  'role',
  'agent',
  'lifecycle',
  'status',
  'statePayload',
  'stateVersion',
  'createdAt',
  'worktree',
  'branch',
  'claudeSessionUuid',
  'displayName',
  'path',
  'sessionPrefix',
  'storageKey',
  'registeredAt',
  'agentConfig',
  'env',
  'symlinks',
  'postCreate',
  'worker',
  'orchestrator',
  'projects',
  'defaults',
  'version',
  '__proto__',
];

const oddText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '2026-02-31T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    '../../x',
    '\ud800',
    'a\u0000b',
    '{"session":"{}"}',
  ),
);
const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constant('value' as const),
  file: fc.nat(),
  key: fc.constantFrom(...keys),
  value: fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    oddText,
    fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()),
  ),
});
const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom(
    'cut' as const,
    'noise' as const,
    'gone' as const,
    'folder' as const,
    'empty' as const,
  ),
  file: fc.nat(),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }),
});

function soundHome(): LegacyHome {
  const home = new LegacyHome();
  home.registry({
    one: { sessionPrefix: 'one', registeredAt: 1779000000 },
    two: { storageKey: 'b1b2b3b4b5b6', displayName: 'Two' },
    three: { path: home.at('gone') },
  });
  const worktree = home.transcript('wt');
  home.session('one', 'one-orchestrator', orchestrator({ worktree, claudeSessionUuid: uuid }));
  home.session('one', 'one-orchestrator-2', orchestrator({ lifecycle: lifecycle({ state: 'terminated' }) }));
  home.session('one', 'one-1', orchestrator({ role: undefined }));
  home.write(
    home.base('b1b2b3b4b5b6/sessions/two-orchestrator'),
    'role=orchestrator\nagent=codex\nstatus=working\n',
  );
  home.write(home.base('projects/three/orchestrator.json'), orchestrator({ agent: 'opencode' }));
  home.write(home.base('portfolio/registered.json'), {
    version: 1,
    projects: [{ path: home.at('gone'), addedAt: '2026-04-02' }],
  });
  home.write(home.base('portfolio/preferences.json'), {
    version: 1,
    projects: { one: { displayName: 'One' } },
  });
  home.local('one', { agentConfig: { permissions: 'suggest' }, worker: { agent: 'codex' } });
  return home;
}

function apply(home: LegacyHome, { file, ...step }: Change | Damage): void {
  const files = readdirSync(home.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const path = files[file % Math.max(files.length, 1)];
  if (path === undefined) return;
  const text = readFileSync(path);
  if (step.kind === 'value') writeFileSync(path, changed(text.toString(), step.key, step.value));
  if (step.kind === 'cut') truncateSync(path, Math.floor(text.length * step.at));
  if (step.kind === 'noise') {
    truncateSync(path, Math.floor(text.length * step.at));
    appendFileSync(path, step.bytes);
    appendFileSync(path, text.subarray(Math.floor(text.length * step.at)));
  }
  if (step.kind === 'empty') writeFileSync(path, '');
  if (step.kind === 'gone' || step.kind === 'folder') rmSync(path);
  if (step.kind === 'folder') mkdirSync(path);
}

/** At the top, and in each entry of the registry. */
function changed(text: string, key: string, value: unknown): string {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return text;
  const top = record as Record<string, unknown>;
  const { projects } = top;
  if (key !== 'projects' && typeof projects === 'object' && projects !== null) {
    for (const entry of Object.values(projects as Record<string, unknown>))
      if (typeof entry === 'object' && entry !== null) define(entry, key, value);
  } else define(top, key, value);
  return JSON.stringify(record);
}

function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

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
    fc.asyncProperty(
      fc.array(fc.oneof(change, damage), { maxLength: 6 }),
      fc.boolean(),
      async (steps, strictParity) => {
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
            expect([again.projects.created, again.orchestrators.created, again.relocatedTranscripts]).toEqual(
              [0, 0, 0],
            );
          }
          expect(fingerprint(home), relative('.', home.path)).toBe(before);
        } finally {
          home.remove();
        }
      },
    ),
    { numRuns: 60 },
  );
});
