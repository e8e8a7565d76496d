// Decides how tests of the PostgreSQL store get one: in a schema of its own, closed and dropped when the test ends.
import { onTestFinished } from 'vitest';
import { openPostgresStore, type PostgresStoreOptions } from '../../src/adapters/stores/postgres/index.ts';
import type { WholeLogStore } from '../../src/log/index.ts';
import { dropSchema, schemaName, serverUrl } from '../harness/postgres/scratch-schema.ts';
import { createdAt } from './sqlite-scratch.ts';

/** A name that nobody has yet; what is made under it goes with the test. */
export function scratchSchema(): string {
  const schema = schemaName();
  onTestFinished(() => dropSchema(schema));
  return schema;
}

export async function openForTest(
  schema: string,
  options: Partial<PostgresStoreOptions> & { readonly url?: string } = {},
): Promise<WholeLogStore> {
  const store = await openPostgresStore({ mode: 'create', schema, url: serverUrl(), ...options });
  // A test may have taken the server away from it.
  onTestFinished(() => store.close().catch(() => undefined));
  return store;
}

/** The URL of a store in a schema of its own, as somebody types it. */
export function scratchUrl(): string {
  return `${serverUrl()}?schema=${encodeURIComponent(scratchSchema())}`;
}

/** A store with an empty run `a`. */
export async function storeWithRun(
  schema: string,
  options: { readonly url?: string } = {},
): Promise<WholeLogStore> {
  const store = await openForTest(schema, options);
  await store.create({ id: 'a', kind: 'run', label: null, createdAt });
  return store;
}
