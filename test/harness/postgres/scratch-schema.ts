// Decides how a test gets a part of the server for itself: a schema of its own, and a look at it from outside of the store.
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { quoteName } from '../../../src/adapters/stores/postgres/tables.ts';

export const serverUrl = (): string => inject('postgresUrl');

/** Odd on purpose: whoever forgets to quote it fails. */
export function schemaName(): string {
  return `Test "${randomUUID().slice(0, 8)}"`;
}

/** One statement, or several without values, on a connection of their own. */
export async function sql(text: string, values: unknown[] = [], url = serverUrl()): Promise<unknown[][]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const answer = await client.query<unknown[]>({
      text,
      rowMode: 'array',
      ...(values.length > 0 ? { values } : {}),
    });
    return answer.rows ?? [];
  } finally {
    await client.end();
  }
}

export async function dropSchema(schema: string, url = serverUrl()): Promise<void> {
  await sql(`DROP SCHEMA IF EXISTS ${quoteName(schema)} CASCADE`, [], url);
}

/** The clock of a store is a function of its schema: put another in its place, and time passes as the test says. */
export function clockText(schema: string, nowMs: number): string {
  return `CREATE OR REPLACE FUNCTION ${quoteName(schema)}.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT ${nowMs}::bigint'`;
}
