// `runlog schema` as a process: what a person sees of the layout of a store, and what an upgrade does to the file.
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, test } from 'vitest';
import { Workplace } from './workplace.ts';

function workplaceWithOldStore(): Workplace {
  const place = new Workplace();
  const database = new DatabaseSync(place.path('old.db'));
  database.exec(readFileSync('test/conformance/layouts/sqlite-1.sql', 'utf8'));
  database.close();
  return place;
}

test('a store of an older runlog is refused with the command that mends it, and that command does', async () => {
  const place = workplaceWithOldStore();
  const refused = await place.runlog(['runs', 'sqlite:///old.db']);
  expect([refused.code, refused.stdout]).toEqual([4, '']);
  expect(refused.stderr).toContain('runlog schema upgrade sqlite:///old.db --dry-run');
  const upgraded = await place.runlog(['schema', 'upgrade', 'sqlite:///old.db']);
  expect([upgraded.code, upgraded.stdout]).toEqual([
    0,
    'applied  00002_ledger.sql\napplied  00003_sessions.sql\napplied  00004_heads.sql\nThe store is at version 4 now; it was at 1.\n',
  ]);
  expect((await place.runlog(['runs', 'sqlite:///old.db'])).code).toBe(0);
});

test('a dry run prints the statements and changes no byte', async () => {
  const place = workplaceWithOldStore();
  const before = readFileSync(place.path('old.db'));
  const { code, stdout } = await place.runlog(['schema', 'upgrade', 'sqlite:///old.db', '--dry-run']);
  expect(code).toBe(0);
  expect(stdout).toContain('CREATE TABLE schema_migrations (');
  expect(stdout).toContain('Nothing was changed');
  expect(readFileSync(place.path('old.db')).equals(before)).toBe(true);
});

test('status lists each file and its state', async () => {
  const place = workplaceWithOldStore();
  const { stdout } = await place.runlog(['schema', 'status', 'sqlite:///old.db', '--json']);
  expect(JSON.parse(stdout)).toEqual([
    { version: 1, file: '00001_log.sql', state: 'applied', applied_at: null },
    { version: 2, file: '00002_ledger.sql', state: 'pending', applied_at: null },
    { version: 3, file: '00003_sessions.sql', state: 'pending', applied_at: null },
    { version: 4, file: '00004_heads.sql', state: 'pending', applied_at: null },
  ]);
});

it.each([
  ['an action that there is not', 2, ['schema', 'downgrade', 'sqlite:///old.db']],
  ['a missing store', 3, ['schema', 'status', 'sqlite:///none.db']],
  ['a store in memory', 1, ['schema', 'upgrade', 'memory:']],
  ['a dry run of status', 2, ['schema', 'status', 'sqlite:///old.db', '--dry-run']],
  ['a bare path', 2, ['schema', 'status', 'old.db']],
] as const)('%s ends with %i', async (_name, code, args) => {
  const ended = await workplaceWithOldStore().runlog(args);
  expect([ended.code, ended.stdout]).toEqual([code, '']);
  expect(ended.stderr).not.toMatch(/^\s+at /m);
});
