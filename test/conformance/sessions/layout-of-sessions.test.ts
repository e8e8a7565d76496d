// A store whose layout does not hold sessions: it is refused by opening, by a code of its own and with the name of what it lacks.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSessionStore } from 'runlog';
import { MigrationRequiredError, sessionErrorCode } from 'runlog/sessions';
import { expect, test } from 'vitest';
import { quoteName } from '../../../src/adapters/stores/postgres/tables.ts';
import { serverUrl, sql } from '../../harness/postgres/scratch-schema.ts';
import { scratchSchema } from '../postgres-scratch.ts';
import { scratchFolder } from '../sqlite-scratch.ts';

async function refusalOf(target: string, mode: 'read' | 'write'): Promise<unknown> {
  return openSessionStore(target, { mode }).then(
    () => 'opened',
    (error: unknown) => error,
  );
}

/** A new store in a file, changed behind its back. */
async function changed(statement: string): Promise<string> {
  const path = join(scratchFolder(), 'sessions.db');
  await (await openSessionStore(path)).close();
  const database = new DatabaseSync(path);
  database.exec(statement);
  database.close();
  return path;
}

test('a file that lacks a column is refused with the name of the column', async () => {
  const path = await changed('ALTER TABLE records DROP COLUMN version');
  const refusal = await refusalOf(path, 'write');
  expect(refusal).toBeInstanceOf(MigrationRequiredError);
  expect(sessionErrorCode(refusal)).toBe('migration_required');
  expect(refusal).toMatchObject({ context: { missing_column: 'version' } });
  expect(String(refusal)).toContain("lacks the column 'version'");
});

test('a schema that lacks a column is refused with the name of the column', async () => {
  const schema = scratchSchema();
  const url = `${serverUrl()}?schema=${encodeURIComponent(schema)}`;
  await (await openSessionStore(url)).close();
  await sql(`ALTER TABLE ${quoteName(schema)}.records DROP COLUMN version`);
  const refusal = await refusalOf(url, 'write');
  expect(refusal).toBeInstanceOf(MigrationRequiredError);
  expect(refusal).toMatchObject({ context: { missing_column: 'version' } });
});

test.each([1, 2])('a file of layout %i is refused, and says what brings it forward', async (version) => {
  const path = join(scratchFolder(), 'old.db');
  const database = new DatabaseSync(path);
  database.exec(readFileSync(`test/conformance/layouts/sqlite-${version}.sql`, 'utf8'));
  database.close();
  for (const mode of ['write', 'read'] as const) {
    const refusal = await refusalOf(path, mode);
    expect(refusal).toBeInstanceOf(MigrationRequiredError);
    expect(refusal).toMatchObject({ context: { found_version: String(version), expected_version: '3' } });
    expect(String(Reflect.get(Object(refusal), 'howToFix'))).toContain('runlog schema upgrade');
  }
});
