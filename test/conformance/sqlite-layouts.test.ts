// Stores of every layout that was ever released: refused by opening, and brought to the newest layout on request with nothing lost.
import { spawn } from 'node:child_process';
import { copyFileSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DatabaseSync } from 'node:sqlite';
import { migrateStore } from 'runlog';
import { describe, expect, it, test } from 'vitest';
import {
  openSqliteStore,
  sqliteSchemaStatus,
  upgradeSqliteStore,
} from '../../src/adapters/stores/sqlite/index.ts';
import { SchemaVersionMismatch, StoreUnavailableError } from '../../src/log/index.ts';
import { MigrationHistoryError } from '../../src/schema/index.ts';
import { createdAt, sampleRows, scratchFolder, seqsOf } from './sqlite-scratch.ts';

const newest = 4;
const productVersion = '0.2.0';

const layouts = globSync('test/conformance/layouts/sqlite-*.sql').map((file) => ({
  version: Number(/-(\d+)\.sql$/.exec(basename(file))?.[1]),
  file,
}));

function storeOf(file: string): string {
  const path = join(scratchFolder(), 'old.db');
  const database = new DatabaseSync(path);
  database.exec(readFileSync(file, 'utf8'));
  database.close();
  return path;
}

function layoutOf(path: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
  database.close();
  return rows;
}

test('every older layout is kept here', () => {
  expect(layouts.map(({ version }) => version)).toEqual(
    Array.from({ length: newest - 1 }, (_, index) => index + 1),
  );
});

describe.each(layouts)('a store of layout $version', ({ version, file }) => {
  it('is refused by opening, and not changed', async () => {
    const path = storeOf(file);
    const before = readFileSync(path);
    await expect(openSqliteStore({ path, mode: 'write' })).rejects.toMatchObject({
      code: SchemaVersionMismatch.code,
      context: { found_version: String(version), expected_version: String(newest) },
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('is not changed by a dry run, which says what would be done', async () => {
    const path = storeOf(file);
    const before = readFileSync(path);
    const plan = await upgradeSqliteStore({ path, productVersion, dryRun: true });
    expect(plan).toMatchObject({ from: version, to: newest });
    const missing = Array.from({ length: newest - version }, (_, index) => version + index + 1);
    expect(plan.applied.map((migration) => migration.version)).toEqual(missing);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('is brought to the layout of a new store, and holds what it held', async () => {
    const path = storeOf(file);
    await upgradeSqliteStore({ path, productVersion });
    const store = await openSqliteStore({ path, mode: 'write' });
    expect(await store.head('first')).toMatchObject({
      seq: 5,
      hash: '6bf0aad45c6eefa43145ba481ece21773a466b148b93827c8b0f0f849c49dd3f',
    });
    expect(await seqsOf(store, 'second')).toEqual([1, 2, 3, 4]);
    expect(await store.record('opening', 'first/00000001')).toMatchObject({
      version: 1,
      value: '{"epoch":1}',
    });
    await store.commit([{ logId: 'first', expected: 5, epoch: null, events: sampleRows(6, 1) }]);
    await store.close();
    const fresh = join(scratchFolder(), 'new.db');
    await (await openSqliteStore({ path: fresh, mode: 'create' })).close();
    expect(layoutOf(path)).toEqual(layoutOf(fresh));
  });

  it('is not changed when its runs are moved into a new store', async () => {
    const path = storeOf(file);
    const before = readFileSync(path);
    const to = `sqlite:///${join(scratchFolder(), 'new.db')}`;
    const { runs } = await migrateStore(`sqlite:///${path}`, to);
    expect(runs.map(({ runId, status }) => [runId, status])).toEqual([
      ['first', 'copied'],
      ['second', 'copied'],
    ]);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('is left alone by a second upgrade', async () => {
    const path = storeOf(file);
    await upgradeSqliteStore({ path, productVersion });
    expect(await upgradeSqliteStore({ path, productVersion })).toMatchObject({ from: newest, applied: [] });
  });

  it('is not upgraded while another handle writes to it', async () => {
    const path = storeOf(file);
    const database = new DatabaseSync(path);
    database
      .prepare('INSERT INTO owners VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run('handle', 'another-host', 'boot', 4711, '', createdAt, Date.now() + 60_000, 0);
    database.close();
    await expect(upgradeSqliteStore({ path, productVersion })).rejects.toBeInstanceOf(StoreUnavailableError);
  });
});

test('the ledger of a new store names each file with its checksum', async () => {
  const path = join(scratchFolder(), 'new.db');
  await (await openSqliteStore({ path, mode: 'create' })).close();
  expect(await sqliteSchemaStatus(path)).toMatchObject([
    { version: 1, file: '00001_log.sql', state: 'applied' },
    { version: 2, file: '00002_ledger.sql', state: 'applied' },
    { version: 3, file: '00003_sessions.sql', state: 'applied' },
    { version: 4, file: '00004_heads.sql', state: 'applied' },
  ]);
});

describe('an upgrade is refused', () => {
  const tampered: readonly (readonly [string, string, string])[] = [
    [
      'when a file was changed after it had been applied',
      "UPDATE schema_migrations SET checksum = 'x' WHERE version = 1",
      'changed',
    ],
    [
      'when the store is newer',
      "INSERT INTO schema_migrations VALUES (5, 'f', 'c', 'a'); UPDATE meta SET value = '5' WHERE name = 'schema_version'",
      'newer',
    ],
    ['when a file was left out', 'DELETE FROM schema_migrations WHERE version = 1', 'out-of-order'],
  ];

  it.each(tampered)('%s', async (_name, sql, problem) => {
    const path = join(scratchFolder(), 'new.db');
    await (await openSqliteStore({ path, mode: 'create' })).close();
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
    await expect(upgradeSqliteStore({ path, productVersion })).rejects.toMatchObject({
      code: MigrationHistoryError.code,
      context: { problem },
    });
  });
});

const upgrader = `
  import { existsSync } from 'node:fs';
  import { upgradeSqliteStore } from '${process.cwd()}/src/adapters/stores/sqlite/index.ts';
  const [folder, count] = process.argv.slice(2);
  process.stdout.write('ready');
  while (!existsSync(folder + '/go'));
  let applied = 0;
  for (let trial = 0; trial < Number(count); trial += 1)
    applied += (await upgradeSqliteStore({ path: folder + '/' + trial + '.db', productVersion: '0.2.0' })).applied.length;
  process.stdout.write(String(applied));
`;

test('two processes that upgrade one store at once apply each file once, a hundred times of a hundred', async () => {
  const trials = 100;
  const folder = scratchFolder();
  const old = storeOf(layouts.at(-1)?.file ?? '');
  for (let trial = 0; trial < trials; trial += 1) copyFileSync(old, join(folder, `${trial}.db`));
  writeFileSync(join(folder, 'upgrader.ts'), upgrader);
  const start = () => spawn(process.execPath, [join(folder, 'upgrader.ts'), folder, String(trials)]);
  const children = [start(), start()];
  await Promise.all(children.map((child) => new Promise((resolve) => child.stdout.once('data', resolve))));
  const outputs = children.map((child) => text(child.stdout));
  const exits = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  writeFileSync(join(folder, 'go'), '');
  expect(await Promise.all(exits)).toEqual([0, 0]);
  const counts = (await Promise.all(outputs)).map((output) => Number(output.replace('ready', '')));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(trials);
  for (let trial = 0; trial < trials; trial += 1) {
    const database = new DatabaseSync(join(folder, `${trial}.db`), { readOnly: true });
    const rows = database.prepare('SELECT version FROM schema_migrations ORDER BY version').all();
    database.close();
    expect(rows.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  }
});
