/** Proves what an upgrade does to a real database, with the ledger of goose: in order, once, each file whole or not at all. */
import { DatabaseSync } from 'node:sqlite';
import { expect, it, test } from 'vitest';
import type { MigrationDatabase } from './database.ts';
import { MalformedMigrationError, MigrationFailedError, MigrationHistoryError } from './errors.ts';
import { gooseLedger } from './goose-ledger.ts';
import { parseMigrations } from './migration.ts';
import { migrationStatus } from './status.ts';
import { upgradeSchema, type UpgradeOptions } from './upgrade.ts';

const first = '-- +goose Up\nCREATE TABLE a (x);\nINSERT INTO a VALUES (1);\n-- +goose Down\nDROP TABLE a;';
const second = '-- +goose Up\nCREATE TABLE b (y);\nINSERT INTO b SELECT x + 1 FROM a;';
const broken = '-- +goose Up\nCREATE TABLE c (z);\nINSERT INTO nowhere VALUES (1);';

function scratch() {
  const handle = new DatabaseSync(':memory:');
  const all = (sql: string): unknown[][] =>
    handle
      .prepare(sql)
      .all()
      .map((row) => Object.values(row));
  const database: MigrationDatabase = {
    exec: async (sql) => handle.exec(sql),
    all: async (sql) => all(sql),
    transaction: async (work) => {
      handle.exec('BEGIN IMMEDIATE');
      try {
        const result = await work();
        handle.exec('COMMIT');
        return result;
      } catch (error) {
        handle.exec('ROLLBACK');
        throw error;
      }
    },
  };
  const files = (texts: Readonly<Record<string, string>>) =>
    parseMigrations(texts, (text) => `hash of ${text}`);
  const upgrade = (texts: Readonly<Record<string, string>>, options: Partial<UpgradeOptions> = {}) =>
    upgradeSchema(database, files(texts), gooseLedger, { location: 'db', ...options });
  const status = (texts: Readonly<Record<string, string>>) =>
    migrationStatus(database, files(texts), gooseLedger);
  const ledger = () => all('SELECT version_id, is_applied FROM goose_db_version ORDER BY id');
  const tables = () =>
    all(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%sqlite%' ORDER BY name",
    ).flat();
  return { handle, all, upgrade, status, ledger, tables };
}

test('an empty database gets every file in order, and the rows that goose would write', async () => {
  const { upgrade, ledger, all } = scratch();
  const done = await upgrade({ '2_b.sql': second, '1_a.sql': first });
  expect([done.from, done.to, done.applied.map(({ file }) => file)]).toEqual([0, 2, ['1_a.sql', '2_b.sql']]);
  expect(all('SELECT y FROM b')).toEqual([[2]]);
  expect(ledger()).toEqual([
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
});

test('what was applied is not applied again', async () => {
  const { upgrade, ledger } = scratch();
  await upgrade({ '1_a.sql': first });
  expect(
    (await upgrade({ '1_a.sql': first, '2_b.sql': second })).applied.map(({ version }) => version),
  ).toEqual([2]);
  expect((await upgrade({ '1_a.sql': first, '2_b.sql': second })).applied).toEqual([]);
  expect(ledger()).toHaveLength(3);
});

test('a text that is wrong is told before anything of another one is applied', async () => {
  const { upgrade, tables } = scratch();
  await expect(upgrade({ '1_a.sql': first, '2_b.sql': 'nothing of goose' })).rejects.toThrow(
    MalformedMigrationError,
  );
  expect(tables()).not.toContain('a');
});

test('a dry run writes nothing, not even a ledger', async () => {
  const { upgrade, tables } = scratch();
  expect((await upgrade({ '1_a.sql': first }, { dryRun: true })).applied).toHaveLength(1);
  expect(tables()).toEqual([]);
});

test('each file is told before it is applied', async () => {
  const { upgrade } = scratch();
  const told: number[] = [];
  await upgrade({ '1_a.sql': first, '2_b.sql': second }, { onStep: ({ version }) => told.push(version) });
  expect(told).toEqual([1, 2]);
});

test('a file that fails leaves nothing of itself, and those before it stay', async () => {
  const { upgrade, tables, ledger } = scratch();
  const failing = upgrade({ '1_a.sql': first, '2_c.sql': broken });
  await expect(failing).rejects.toMatchObject({
    code: MigrationFailedError.code,
    context: { file: '2_c.sql', number: 2 },
  });
  expect(tables()).toEqual(['a', 'goose_db_version']);
  expect(ledger()).toEqual([
    [0, 1],
    [1, 1],
  ]);
});

test('a file that wants no transaction keeps what it did before it failed, and is not recorded', async () => {
  const { upgrade, tables, ledger } = scratch();
  await upgrade({ '1_a.sql': first });
  await expect(
    upgrade({ '1_a.sql': first, '2_c.sql': `-- +goose NO TRANSACTION\n${broken}` }),
  ).rejects.toThrow(/asked for no transaction|statement 2/);
  expect(tables()).toContain('c');
  expect(ledger()).toHaveLength(2);
});

test('a version that was taken back counts as not applied', async () => {
  const { upgrade, handle, status } = scratch();
  await upgrade({ '1_a.sql': first, '2_b.sql': second });
  handle.exec('DROP TABLE b; INSERT INTO goose_db_version (version_id, is_applied) VALUES (2, 0)');
  expect((await status({ '1_a.sql': first, '2_b.sql': second })).map(({ state }) => state)).toEqual([
    'applied',
    'pending',
  ]);
});

it.each([
  ['a newer database', { '1_a.sql': first }, 'newer'],
  ['a file that was left out', { '1_a.sql': first, '2_b.sql': second, '3_d.sql': first }, 'out-of-order'],
] as const)('refuses %s', async (_name, texts, problem) => {
  const { upgrade, handle } = scratch();
  await upgrade({ '1_a.sql': first });
  handle.exec('INSERT INTO goose_db_version (version_id, is_applied) VALUES (3, 1)');
  await expect(upgrade(texts)).rejects.toMatchObject({
    code: MigrationHistoryError.code,
    context: { problem },
  });
});
