// Opening a PostgreSQL store: what is made, what is refused, and what is left as it was.
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { openPostgresStore, upgradePostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import { quoteName } from '../../src/adapters/stores/postgres/tables.ts';
import {
  ForeignDatabaseError,
  RunOwnedError,
  SchemaVersionMismatch,
  StoreNotFoundError,
  StoreUnavailableError,
} from '../../src/log/index.ts';
import { serverUrl, sql } from '../harness/postgres/scratch-schema.ts';
import { startServer } from '../harness/postgres/scratch-server.ts';
import { openForTest, scratchSchema, storeWithRun } from './postgres-scratch.ts';
import { append, createdAt, sampleRows, seqsOf } from './sqlite-scratch.ts';

const open = (schema: string, mode: 'create' | 'write' | 'read') => openForTest(schema, { mode });

test('a store that is not there is made by one mode only', async () => {
  const schema = scratchSchema();
  for (const mode of ['write', 'read'] as const) {
    await expect(open(schema, mode)).rejects.toBeInstanceOf(StoreNotFoundError);
  }
  expect(await sql('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema])).toEqual([]);
  const made = await open(schema, 'create');
  expect((await open(schema, 'write')).storeId).toBe(made.storeId);
});

test('of many who make one store at once one makes it', async () => {
  const schema = scratchSchema();
  const stores = await Promise.all(Array.from({ length: 8 }, () => open(schema, 'create')));
  expect(new Set(stores.map(({ storeId }) => storeId)).size).toBe(1);
});

test('everything stands in one schema, and nothing beside it', async () => {
  const before = await sql("SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace");
  const schema = scratchSchema();
  await storeWithRun(schema);
  expect(await sql("SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace")).toEqual(before);
});

test('two stores in two schemas of one database know nothing of each other', async () => {
  const [one, other] = [await storeWithRun(scratchSchema()), await storeWithRun(scratchSchema())];
  await append(one, 0, 2);
  expect(other.storeId).not.toBe(one.storeId);
  expect((await other.head('a')).seq).toBe(0);
});

test('a schema of another program is left alone, and its tables are named', async () => {
  const schema = scratchSchema();
  await sql(`CREATE SCHEMA ${quoteName(schema)}; CREATE TABLE ${quoteName(schema)}.orders (id int)`);
  await expect(open(schema, 'create')).rejects.toBeInstanceOf(ForeignDatabaseError);
  await expect(open(schema, 'create')).rejects.toThrow('orders');
});

test('a store of another version is refused, and not changed', async () => {
  const schema = scratchSchema();
  await storeWithRun(schema);
  await sql(`UPDATE ${quoteName(schema)}.meta SET value = '999' WHERE name = 'schema_version'`);
  await expect(open(schema, 'create')).rejects.toBeInstanceOf(SchemaVersionMismatch);
  await expect(open(schema, 'create')).rejects.toMatchObject({
    context: { found_version: '999', driver: 'postgres' },
  });
});

test('a store of the newest layout needs no upgrade, and one that is in use gets none', async () => {
  const schema = scratchSchema();
  const store = await storeWithRun(schema);
  const upgrade = { url: serverUrl(), schema, productVersion: 'test' };
  expect(await upgradePostgresStore({ ...upgrade, dryRun: true })).toMatchObject({
    from: 2,
    to: 2,
    applied: [],
  });
  await store.acquire('a');
  await expect(upgradePostgresStore(upgrade)).rejects.toMatchObject({ context: { reason: 'busy' } });
});

/** Every table, column, index, constraint and function of a schema, as the catalogue has them. */
async function catalogueOf(schema: string): Promise<readonly string[]> {
  const rows = await sql(
    `SELECT concat_ws(' ', 'column', table_name, column_name, data_type, is_nullable, column_default, collation_name) AS line
       FROM information_schema.columns WHERE table_schema = $1
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = $1
     UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
       WHERE connamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
     UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc
       WHERE pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
     ORDER BY 1`,
    [schema],
  );
  const plain = ([line]: readonly unknown[]): string =>
    String(line).replaceAll(quoteName(schema), 'SCHEMA').replaceAll(schema, 'SCHEMA');
  return rows.map(plain).toSorted();
}

test('a store of the first layout is refused, and brought to the newest with nothing lost', async () => {
  const schema = scratchSchema();
  const store = await storeWithRun(schema);
  await append(store, 0, 2);
  await store.close();
  const inSchema = (name: string): string => `${quoteName(schema)}.${name}`;
  await sql(`DROP FUNCTION ${inSchema('write_fields')}; DROP INDEX ${inSchema('events_by_run')};
    DROP INDEX ${inSchema('events_by_time')}; DROP INDEX ${inSchema('events_by_correlation')};
    DROP TABLE ${inSchema('record_fields')}; DELETE FROM ${inSchema('schema_migrations')} WHERE version > 1;
    UPDATE ${inSchema('meta')} SET value = '1' WHERE name = 'schema_version'`);
  await expect(open(schema, 'write')).rejects.toMatchObject({
    code: SchemaVersionMismatch.code,
    context: { found_version: '1', expected_version: '2' },
  });
  const upgrade = await upgradePostgresStore({ url: serverUrl(), schema, productVersion: 'test' });
  expect(upgrade.applied.map(({ file }) => file)).toEqual(['00002_sessions.sql']);
  const upgraded = await open(schema, 'write');
  expect(await seqsOf(upgraded, 'a')).toEqual([1, 2]);
  await append(upgraded, 2, 1);
  const fresh = scratchSchema();
  await open(fresh, 'create');
  const catalogue = await catalogueOf(fresh);
  expect(catalogue.length).toBeGreaterThan(60);
  expect(await catalogueOf(schema)).toEqual(catalogue);
});

test('a store that was opened for reading refuses to write, and reads', async () => {
  const schema = scratchSchema();
  await append(await storeWithRun(schema), 0, 2);
  const reader = await open(schema, 'read');
  await expect(append(reader, 2, 1)).rejects.toMatchObject({ context: { reason: 'read-only' } });
  await expect(reader.acquire('a')).rejects.toBeInstanceOf(StoreUnavailableError);
  expect(await seqsOf(reader)).toEqual([1, 2]);
});

test('a database whose encoding does not hold every text is refused', async () => {
  await sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  onTestFinished(async () => void (await sql('DROP DATABASE latin WITH (FORCE)')));
  const url = serverUrl().replace(/postgres$/, 'latin');
  await expect(openForTest('runlog', { url })).rejects.toThrow('LATIN1');
});

test('what a commit waits for is said by each transaction for itself', async () => {
  const schema = scratchSchema();
  const pool = new Pool({ connectionString: serverUrl(), max: 1 });
  onTestFinished(() => pool.end());
  const setting = async () =>
    (await pool.query<{ s: string }>("SELECT current_setting('synchronous_commit') AS s")).rows[0]?.s;
  const watch = `CREATE TABLE ${quoteName(schema)}.seen (s text);
    CREATE FUNCTION ${quoteName(schema)}.watch() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO ${quoteName(schema)}.seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
    CREATE TRIGGER watch AFTER UPDATE ON ${quoteName(schema)}.logs EXECUTE FUNCTION ${quoteName(schema)}.watch()`;
  const store = await openPostgresStore({ pool, schema, mode: 'create', durability: 'process' });
  await store.create({ id: 'a', kind: 'run', label: null, createdAt });
  await sql(watch);
  await append(store, 0, 1);
  expect(await setting()).toBe('on');
  // A server that was told not to wait is told otherwise by a store that promises more.
  await pool.query('SET synchronous_commit TO off');
  const careful = await openPostgresStore({ pool, schema, mode: 'write' });
  await append(careful, 1, 1);
  await careful.acquire('a');
  expect(await setting()).toBe('off');
  const seen = await sql(`SELECT s FROM ${quoteName(schema)}.seen`);
  expect(seen.flat()).toEqual(['off', 'on', 'on']);
  await careful.close();
  await store.close();
});

test('nothing is left behind in a connection that goes back to its pool', async () => {
  const schema = scratchSchema();
  const pool = new Pool({ connectionString: serverUrl(), max: 1 });
  onTestFinished(() => pool.end());
  const state = `SELECT current_setting('search_path'), current_setting('lock_timeout'),
    (SELECT count(*)::int FROM pg_prepared_statements), (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
    (SELECT count(*)::int FROM pg_listening_channels())`;
  const before = (await pool.query({ text: state, rowMode: 'array' })).rows;
  const store = await openPostgresStore({ pool, schema, mode: 'create' });
  await store.create({ id: 'a', kind: 'run', label: null, createdAt });
  const { epoch } = await store.acquire('a');
  await expect(append(store, 7, 1)).rejects.toThrow('epoch');
  await store.commit([{ logId: 'a', expected: 0, epoch, events: sampleRows(1, 2) }]);
  await store.close();
  expect((await pool.query({ text: state, rowMode: 'array' })).rows).toEqual(before);
});

test('a server that does not wait for the disk is not said to survive the loss of power', async () => {
  const store = await openForTest(scratchSchema());
  expect(store.capabilities).toEqual({ durability: 'process', shared: true, atomicCommit: true });
  const safe = await startServer();
  try {
    const kept = await openForTest('runlog', { url: safe.url });
    expect(kept.capabilities.durability).toBe('power');
    await kept.close();
  } finally {
    await safe.end();
  }
});

test('a run of a process that is certainly gone is taken at once, one of another machine is not', async () => {
  const schema = scratchSchema();
  const gone = { host: 'here', boot: 'b', pid: 4_000_000, processStart: '1' };
  const owner = await openForTest(schema, { identity: gone });
  await owner.create({ id: 'a', kind: 'run', label: null, createdAt });
  await owner.acquire('a');
  const elsewhere = await openForTest(schema, { identity: { ...gone, host: 'there', pid: 1 } });
  await expect(elsewhere.acquire('a')).rejects.toBeInstanceOf(RunOwnedError);
  const beside = await openForTest(schema, { identity: { ...gone, pid: 2 } });
  expect((await beside.acquire('a')).epoch).toBe(2);
});
