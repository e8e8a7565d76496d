// Databases of the Python ActiveGraph on PostgreSQL, moved into stores of our own: every event with the text that the server has,
// the graph as Python states it, and not a row of the source changed.
import { join } from 'node:path';
import { migrateStore, openStore } from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import {
  databaseOf,
  factsOf,
  graphIn,
  graphOf,
  names,
  postgresDatabaseOf,
  pythonRows,
  storedRows,
  wholePostgresDatabase,
} from './activegraph-places.ts';
import { scratchUrl } from './postgres-scratch.ts';
import { scratchFolder } from './sqlite-scratch.ts';

const sqliteUrl = (): string => `sqlite:///${join(scratchFolder(), 'new.db')}`;

describe.each(names)('the database %s on PostgreSQL', (name) => {
  it.each([
    ['SQLite', sqliteUrl],
    ['PostgreSQL', scratchUrl],
  ])('comes over to %s event by event, payloads as the server spells them', async (_store, urlOf) => {
    const { url: from, client } = await postgresDatabaseOf(databaseOf(name));
    const to = urlOf();
    const report = await migrateStore(from, to);
    expect(report.format).toBe('ActiveGraph, layout 1 (PostgreSQL)');
    expect(report.runs.map(({ status, problem }) => [status, problem])).toEqual(
      report.runs.map(() => ['copied', null]),
    );
    const store = await openStore(to, { mode: 'read' });
    for (const facts of factsOf(name)) {
      const { run_id: runId } = facts;
      const { rows } = await client.query<{ payload: string }>(
        'SELECT payload::text AS payload FROM events WHERE run_id = $1 ORDER BY seq',
        [runId],
      );
      const python = pythonRows(databaseOf(name), runId);
      const expected = python.map((row, place) => row.with(3, rows[place]?.payload));
      expect(await storedRows(store, runId)).toEqual(expected);
      expect(await graphOf(store, runId)).toEqual(graphIn(facts));
      const info = await store.info(runId);
      expect([info?.label ?? null, info?.parent?.logId ?? null]).toEqual([facts.label, facts.parent_run_id]);
    }
    await store.close();
    const again = await migrateStore(from, to);
    expect(again.runs.map(({ status }) => status)).toEqual(again.runs.map(() => 'present'));
  });
});

test('a layout that keeps payloads and times as text comes over byte for byte', async () => {
  const { url } = await postgresDatabaseOf(databaseOf('forks'), { payload: 'text', moment: 'text' });
  const to = sqliteUrl();
  expect((await migrateStore(url, to)).ok).toBe(true);
  const store = await openStore(to, { mode: 'read' });
  for (const { run_id: runId } of factsOf('forks'))
    expect(await storedRows(store, runId)).toEqual(pythonRows(databaseOf('forks'), runId));
  await store.close();
});

test('the times of PostgreSQL come as Python wrote them, whatever the zone and with their fractions', async () => {
  const { url, client } = await postgresDatabaseOf(databaseOf('forks'));
  const [{ run_id: runId } = { run_id: '' }] = factsOf('forks');
  await client.query(
    `UPDATE events SET timestamp = '2026-03-02T10:00:00.250+02' WHERE id = 'evt_001' AND run_id = $1`,
    [runId],
  );
  const to = sqliteUrl();
  await migrateStore(url, to);
  const store = await openStore(to, { mode: 'read' });
  expect((await store.get(runId, 'evt_001'))?.timestamp).toBe('2026-03-02T08:00:00.25Z');
  expect((await store.info(runId))?.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  await store.close();
});

test.each(['create', 'write', 'read'] as const)(
  'opened directly with mode %s it is refused with the command that moves it',
  async (mode) => {
    const { url } = await postgresDatabaseOf(databaseOf('forks'));
    const opening = openStore(url, { mode });
    await expect(opening).rejects.toMatchObject({
      code: 'schema-version-mismatch',
      context: { driver: 'postgres' },
    });
    await expect(opening).rejects.toThrow('runlog migrate --from URL --to sqlite:///new.db');
  },
);

describe('a database as Python leaves it, named without a schema', () => {
  it('is a source, also when the store of the same database is the destination', async () => {
    const url = await wholePostgresDatabase(databaseOf('forks'));
    expect((await migrateStore(url, url)).runs.map(({ status }) => status)).toEqual([
      'copied',
      'copied',
      'copied',
      'copied',
    ]);
    const again = await migrateStore(`${url}?schema=public`, url);
    expect(again.runs.map(({ status }) => status)).toEqual(['present', 'present', 'present', 'present']);
  });

  it('is refused by whoever opens it as a store', async () => {
    const url = await wholePostgresDatabase(databaseOf('forks'));
    await expect(openStore(url, { mode: 'read' })).rejects.toThrow('runlog migrate --from URL --to');
  });
});

test('a newer layout is refused, and neither side is touched', async () => {
  const { url, client } = await postgresDatabaseOf(databaseOf('forks'));
  await client.query("UPDATE meta SET value = '2'");
  const to = scratchUrl();
  const refused: unknown = await migrateStore(url, to).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    code: 'schema-version-mismatch',
    context: { found_version: 'ActiveGraph 2' },
  });
  expect(exitCodeOf(refused)).toBe(4);
  await expect(openStore(to, { mode: 'read' })).rejects.toMatchObject({ code: 'store-not-found-error' });
});

test('an older layout without frames comes forward, and the report says so', async () => {
  const { url, client } = await postgresDatabaseOf(databaseOf('forks'));
  await client.query("UPDATE meta SET value = '0'; ALTER TABLE events DROP COLUMN frame_id");
  const report = await migrateStore(url, sqliteUrl());
  expect(report).toMatchObject({
    ok: true,
    format: 'ActiveGraph, layout 0 (PostgreSQL), older than 1 and brought forward',
  });
});

test('an older layout without what an event needs is refused with the columns it lacks', async () => {
  const { url, client } = await postgresDatabaseOf(databaseOf('forks'));
  await client.query("UPDATE meta SET value = '0'; ALTER TABLE events DROP COLUMN timestamp");
  await expect(migrateStore(url, sqliteUrl())).rejects.toMatchObject({
    code: 'schema-version-mismatch',
    context: { missing_columns: ['timestamp'] },
  });
});

test('events that were put away in the table of archived ones come along', async () => {
  const { url, client } = await postgresDatabaseOf(databaseOf('forks'));
  const [{ run_id: runId } = { run_id: '' }] = factsOf('forks');
  await client.query(
    `CREATE TABLE events_archive (LIKE events); ALTER TABLE events_archive ADD COLUMN archived_at timestamptz;
      INSERT INTO events_archive SELECT *, now() FROM events WHERE id <= 'evt_010';
      DELETE FROM events WHERE id <= 'evt_010'`,
  );
  const report = await migrateStore(url, sqliteUrl(), { runIds: [runId] });
  expect(report.runs).toMatchObject([{ status: 'copied', events: 56 }]);
});

test('a database without a store and without ActiveGraph is no source', async () => {
  await expect(migrateStore(scratchUrl(), sqliteUrl())).rejects.toMatchObject({
    code: 'store-not-found-error',
  });
});
