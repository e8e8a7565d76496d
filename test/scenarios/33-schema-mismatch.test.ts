/** Scenario 33: a store of another layout is refused with both versions, and a command ends with exit code 4. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, migrateStore, open, SchemaVersionMismatch } from 'runlog';
import { expect, onTestFinished, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-code.ts';

test('a store that says version 9 is neither read nor written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-33-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'run.db');
  await (await open(path, { runId: 'run_x' })).close();
  const database = new DatabaseSync(path);
  const written = database.prepare("SELECT value FROM meta WHERE name = 'schema_version'").get()?.['value'];
  database.exec("UPDATE meta SET value = '9' WHERE name = 'schema_version'");
  database.close();
  for (const opening of [load(path, { runId: 'run_x' }), open(path)]) {
    const refused: unknown = await opening.catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SchemaVersionMismatch);
    expect(refused).toMatchObject({ context: { found_version: '9', expected_version: written } });
    expect(exitCodeOf(refused)).toBe(4);
  }
});

test('a database of ActiveGraph that says version 9 is not migrated, and neither side is touched', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-33-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'old.db');
  const database = new DatabaseSync(path);
  database.exec(readFileSync('test/fixtures/activegraph/broken.sql', 'utf8'));
  database.exec("UPDATE meta SET value = '9' WHERE key = 'schema_version'");
  database.close();
  const before = readFileSync(path);
  const moving = migrateStore(`sqlite:///${path}`, `sqlite:///${join(folder, 'new.db')}`);
  const refused: unknown = await moving.catch((error: unknown) => error);
  expect(refused).toMatchObject({ context: { found_version: 'ActiveGraph 9' } });
  expect(exitCodeOf(refused)).toBe(4);
  expect([readFileSync(path).equals(before), readdirSync(folder)]).toEqual([true, ['old.db']]);
});
