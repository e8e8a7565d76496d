// A store whose layout does not hold sessions: it is refused by opening, by a code of its own and with the name of what it lacks.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSessionStore } from 'runlog';
import { MigrationRequiredError, sessionErrorCode } from 'runlog/sessions';
import { expect, test } from 'vitest';
import { layoutColumns as postgresColumns } from '../../../src/adapters/stores/postgres/layout/check-columns.ts';
import { quoteName } from '../../../src/adapters/stores/postgres/tables.ts';
import { SqliteConnection } from '../../../src/adapters/stores/sqlite/connection.ts';
import {
  columnsOf,
  layoutColumns as sqliteColumns,
} from '../../../src/adapters/stores/sqlite/layout/check-columns.ts';
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

const lost = [
  ['records', 'version'],
  ['events', 'provider'],
  ['events', 'correlation_id'],
  ['events', 'frame_id'],
  ['logs', 'epoch'],
] as const;

test.each(lost)('a file that lacks %s.%s is refused with the name of the column', async (table, column) => {
  const indexes = 'DROP INDEX events_by_correlation;';
  const path = await changed(`${indexes} ALTER TABLE ${table} DROP COLUMN ${column}`);
  for (const mode of ['write', 'read'] as const) {
    const refusal = await refusalOf(path, mode);
    expect(refusal).toBeInstanceOf(MigrationRequiredError);
    expect(sessionErrorCode(refusal)).toBe('migration_required');
    expect(refusal).toMatchObject({ context: { missing_column: `${table}.${column}` } });
    expect(String(refusal)).toContain(`lacks the column '${table}.${column}'`);
  }
});

test('a schema that lacks a column is refused with the name of the column', async () => {
  const schema = scratchSchema();
  const url = `${serverUrl()}?schema=${encodeURIComponent(schema)}`;
  await (await openSessionStore(url)).close();
  for (const [table, column] of lost.toReversed()) {
    const quoted = `${quoteName(schema)}.${table}`;
    await sql(`ALTER TABLE ${quoted} RENAME COLUMN ${column} TO elsewhere`);
    const refusal = await refusalOf(url, 'write');
    expect(refusal).toBeInstanceOf(MigrationRequiredError);
    expect(refusal).toMatchObject({ context: { missing_column: `${table}.${column}` } });
    await sql(`ALTER TABLE ${quoted} RENAME COLUMN elsewhere TO ${column}`);
  }
});

test('what is asked for is what a new store has: no column is forgotten', async () => {
  const database = new DatabaseSync(await changed('SELECT 1'));
  const inFile = columnsOf(new SqliteConnection(database, 'file'));
  database.close();
  const expected = (columns: typeof sqliteColumns) =>
    Object.entries(columns).map(([table, names]) => [table, names.toSorted()] as const);
  const present = (tables: ReadonlyMap<string, ReadonlySet<string>>) =>
    [...tables].map(([table, names]) => [table, [...names].toSorted()] as const);
  expect(new Map(present(inFile))).toEqual(new Map(expected(sqliteColumns)));

  const schema = scratchSchema();
  await (await openSessionStore(`${serverUrl()}?schema=${encodeURIComponent(schema)}`)).close();
  const rows = await sql(
    `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = '${schema.replaceAll("'", "''")}'`,
  );
  const inSchema = new Map<string, Set<string>>();
  for (const row of rows) {
    const [table, column] = Object.values(row).map(String);
    inSchema.set(table ?? '', (inSchema.get(table ?? '') ?? new Set()).add(column ?? ''));
  }
  expect(new Map(present(inSchema))).toEqual(new Map(expected(postgresColumns)));
});

test.each([1, 2, 3])('a file of layout %i is refused, and says what brings it forward', async (version) => {
  const path = join(scratchFolder(), 'old.db');
  const database = new DatabaseSync(path);
  database.exec(readFileSync(`test/conformance/layouts/sqlite-${version}.sql`, 'utf8'));
  database.close();
  for (const mode of ['write', 'read'] as const) {
    const refusal = await refusalOf(path, mode);
    expect(refusal).toBeInstanceOf(MigrationRequiredError);
    expect(refusal).toMatchObject({ context: { found_version: String(version), expected_version: '4' } });
    expect(String(Reflect.get(Object(refusal), 'howToFix'))).toContain('runlog schema upgrade');
  }
});
