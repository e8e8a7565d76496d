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

/** One to the server of the test run, for as long as there is somebody who looks. */
let lookout: Promise<Client> | null = null;

/** One statement, or several without values, beside the connections of the store. */
export async function sql(text: string, values: unknown[] = [], url = serverUrl()): Promise<unknown[][]> {
  const query = { text, rowMode: 'array' as const, ...(values.length > 0 ? { values } : {}) };
  if (url === serverUrl()) {
    lookout ??= connected(url);
    return (await (await lookout).query<unknown[]>(query)).rows ?? [];
  }
  const client = await connected(url);
  try {
    return (await client.query<unknown[]>(query)).rows ?? [];
  } finally {
    await client.end();
  }
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

export async function dropSchema(schema: string, url = serverUrl()): Promise<void> {
  await sql(`DROP SCHEMA IF EXISTS ${quoteName(schema)} CASCADE`, [], url);
}

/** The clock of a store is a function of its schema: put another in its place, and time passes as the test says. */
export function clockText(schema: string, nowMs: number): string {
  return `CREATE OR REPLACE FUNCTION ${quoteName(schema)}.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT ${nowMs}::bigint'`;
}
