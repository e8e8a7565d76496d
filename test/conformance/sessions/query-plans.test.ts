// Every question to a database goes along an index: its own plan says so, on SQLite and on PostgreSQL.
import { Client } from 'pg';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../../src/adapters/stores/sqlite/index.ts';
import * as sqliteEvents from '../../../src/adapters/stores/sqlite/search/find-events.ts';
import * as sqliteRecords from '../../../src/adapters/stores/sqlite/records/find-records.ts';
import * as sqliteSums from '../../../src/adapters/stores/sqlite/search/sum-records.ts';
import * as postgresEvents from '../../../src/adapters/stores/postgres/search/find-events.ts';
import * as postgresRecords from '../../../src/adapters/stores/postgres/records/find-records.ts';
import * as postgresSums from '../../../src/adapters/stores/postgres/search/sum-records.ts';
import { tablesOf } from '../../../src/adapters/stores/postgres/tables.ts';
import type { EventQuery, RecordQuery, RecordSums } from '../../../src/log/index.ts';
import { serverUrl } from '../../harness/postgres/scratch-schema.ts';
import { openForTest, scratchSchema } from '../postgres-scratch.ts';
import { scratchFolder } from '../sqlite-scratch.ts';

const after = { logId: 's', seq: 7, timestamp: '2026-01-01T00:00:00.000000Z' };
const events: readonly (readonly [string, EventQuery, string])[] = [
  ['everything by place', { order: 'place' }, 'log'],
  ['a page by place', { order: 'place', after }, 'log'],
  ['one session', { order: 'place', logIds: ['s'] }, 'log'],
  ['a run', { order: 'place', runIds: ['r'] }, 'events_by_run'],
  ['by time', { order: 'time', after }, 'events_by_time'],
  ['newest first', { order: 'time', descending: true }, 'events_by_time'],
  ['a stretch of time', { order: 'time', from: 'a', to: 'b' }, 'events_by_time'],
  ['what belongs together', { order: 'time', correlationId: 'k' }, 'events_by_correlation'],
];
const by = { kind: 'execution', by: 'session' };
const records: readonly (readonly [string, RecordQuery])[] = [
  ['newest sessions', { kind: 'session', orderBy: 'updated', descending: true }],
  ['sessions by tag', { kind: 'session', orderBy: 'created', where: [{ field: 'tag', oneOf: ['red'] }] }],
  [
    'sessions by provider',
    { kind: 'session', orderBy: 'updated', where: [{ field: 'provider', oneOf: ['x'], through: by }] },
  ],
  ['runs by tokens', { kind: 'execution', orderBy: 'tokens', where: [{ field: 'tokens', from: '1' }] }],
];
const sums: RecordSums = {
  groupBy: [{ field: 'agent', through: { kind: 'session', by: 'session' } }, { field: 'provider' }],
  sum: ['tokens', 'cost'],
};
const runs: RecordQuery = {
  kind: 'execution',
  orderBy: 'started',
  where: [{ field: 'started', from: '2026' }],
};

/** The lines of a plan that go over a whole table: one may, the list of logs, and the result of a list that was handed in. */
const scans = (plan: readonly string[]): readonly string[] =>
  plan.filter((line) => /^SCAN (?!l\b|json_each|j\b)(?!.*USING)|Seq Scan/.test(line));

describe('SQLite', () => {
  const plans = async (): Promise<(sql: string) => readonly string[]> => {
    const path = join(scratchFolder(), 'plan.db');
    await (await openSqliteStore({ path, mode: 'create' })).close();
    const database = new DatabaseSync(path);
    return (sql) =>
      database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map(({ detail }) => String(detail));
  };

  test.each(events)('events: %s', async (_name, query, index) => {
    const planOf = await plans();
    for (const { sql } of sqliteEvents.eventStatements(query)) {
      const plan = planOf(`${sql} LIMIT 10`);
      expect(scans(plan), plan.join('\n')).toEqual([]);
      expect(plan.join('\n')).toContain(index === 'log' ? 'sqlite_autoindex_events_1' : index);
    }
  });

  test.each(records)('documents: %s', async (_name, query) => {
    const plan = (await plans())(sqliteRecords.findStatement(query, { limit: 10 }).sql);
    expect(scans(plan), plan.join('\n')).toEqual([]);
    expect(plan.join('\n')).not.toContain('TEMP B-TREE FOR ORDER BY');
  });

  test('sums', async () => {
    const plan = (await plans())(sqliteSums.sumStatement(runs, sums).sql);
    expect(scans(plan), plan.join('\n')).toEqual([]);
  });
});

describe('PostgreSQL', () => {
  test('each question has an index that serves it', async () => {
    const schema = scratchSchema();
    await (await openForTest(schema)).close();
    const tables = tablesOf(schema, 'test');
    const client = new Client({ connectionString: serverUrl() });
    await client.connect();
    try {
      // An empty table is read whole, whatever there is: what is asked here is whether it has to be.
      await client.query('SET enable_seqscan = off');
      const planOf = async (sql: string, values: readonly unknown[]): Promise<string> => {
        const { rows } = await client.query({
          text: `EXPLAIN ${sql}`,
          values: [...values],
          rowMode: 'array',
        });
        return rows.flat().join('\n');
      };
      for (const [name, query, index] of events) {
        for (const { sql, values } of postgresEvents.eventStatements(tables, query)) {
          const plan = await planOf(`${sql} LIMIT 10`, values);
          expect(plan, name).not.toContain('Seq Scan');
          if (index !== 'log') expect(plan, name).toContain(index);
        }
      }
      for (const [name, query] of records) {
        const { sql, values } = postgresRecords.findStatement(tables, query, { limit: 10 });
        expect(await planOf(sql, values), name).not.toContain('Seq Scan');
      }
      const { sql, values } = postgresSums.sumStatement(tables, runs, sums);
      expect(await planOf(sql, values)).not.toContain('Seq Scan');
    } finally {
      await client.end();
    }
  });
});
