// What `doctor` finds in a store whose rows were changed by hand, in SQLite and in PostgreSQL: the code of each finding, what it
// mends, and that it never changes history.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DamagedHistoryError, doctor, type DoctorReport, inspectRun, load, open, openStore } from 'runlog';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, test } from 'vitest';
import { quoteName } from '../../src/adapters/stores/postgres/tables.ts';
import { dropSchema, schemaName, serverUrl, sql as serverSql } from '../harness/postgres/scratch-schema.ts';
import { scratchFolder, tamper } from './sqlite-scratch.ts';

interface Place {
  readonly url: string;
  /** Runs statements behind the back of the store. */
  readonly change: (sql: string) => Promise<void>;
}

let template: string;

beforeAll(async () => {
  template = join(mkdtempSync(join(tmpdir(), 'runlog-')), 'family.db');
  await makeFamily(`sqlite:///${template}`);
});

afterAll(() => rmSync(dirname(template), { recursive: true }));

async function sqlitePlace(): Promise<Place> {
  const path = join(scratchFolder(), 'runs.db');
  copyFileSync(template, path);
  return { url: `sqlite:///${path}`, change: async (sql) => tamper(path, sql) };
}

async function postgresPlace(): Promise<Place> {
  const schema = schemaName();
  onTestFinished(() => dropSchema(schema));
  const url = `${serverUrl()}?schema=${encodeURIComponent(schema)}`;
  await makeFamily(url);
  const change = async (sql: string): Promise<void> => {
    await serverSql(`SET search_path TO ${quoteName(schema)}; ${sql}`);
  };
  return { url, change };
}

/** A run of some events with a snapshot, a fork of it, and a fork of that. */
async function makeFamily(url: string): Promise<void> {
  const root = await open(url, { runId: 'root', snapshots: { everyEvents: 1 } });
  await root.mutate((graph) => graph.addObject('note', { n: 0 }));
  for (let n = 2; n <= 6; n += 1) await root.emit('note', { n });
  await root.runUntilIdle();
  const child = await root.fork({ atEvent: 'evt_004', runId: 'child' });
  await child.emit('note', { n: 'child' });
  const grandchild = await child.fork({ atEvent: 'evt_005', runId: 'grandchild' });
  await grandchild.emit('note', { n: 'grandchild' });
  for (const run of [grandchild, child, root]) await run.close();
}

const found = ({ state, findings }: DoctorReport) => [state, ...findings.map(({ code }) => code)];

const logOf = (id: string): string => `(SELECT log FROM logs WHERE id = '${id}')`;
const zeros = { sqlite: 'zeroblob(32)', postgres: "decode(repeat('00', 32), 'hex')" } as const;
const stateOf = (code: string): string => (mendable.has(code) ? 'repairable' : 'damaged');
const mendable = new Set([
  'head-behind',
  'head-hash-wrong',
  'stray-ids-unmarked',
  'subject-wrong',
  'snapshot-broken',
]);

/** Statements that both databases understand; `HASH` is a wrong hash. */
const damage: readonly (readonly [name: string, sql: string, codes: readonly string[]])[] = [
  ['a changed payload', `UPDATE events SET payload = '{"n":7}' WHERE seq = 3`, ['event-changed']],
  ['a changed actor', "UPDATE events SET actor = 'nobody' WHERE seq = 2", ['event-changed']],
  [
    'a changed hash of an event',
    `UPDATE events SET hash = HASH WHERE seq = 3 AND log = ${logOf('root')}`,
    ['event-changed'],
  ],
  ['an event that is gone', `DELETE FROM events WHERE seq = 2`, ['events-missing']],
  [
    'the last event gone',
    `DELETE FROM events WHERE seq = 6 AND log = ${logOf('grandchild')}`,
    ['head-ahead', 'snapshot-broken'],
  ],
  ['a head behind its events', `UPDATE logs SET seq = seq - 1 WHERE id = 'root'`, ['head-behind']],
  ['a head with another hash', `UPDATE logs SET hash = HASH WHERE id = 'grandchild'`, ['head-hash-wrong']],
  [
    'a row of a run that is gone',
    `DELETE FROM logs WHERE id = 'grandchild'`,
    ['events-orphaned', 'snapshot-broken'],
  ],
  [
    'a run that is called otherwise',
    `UPDATE logs SET id = 'roof' WHERE id = 'root'`,
    ['fork-dangling', 'document-orphaned', 'snapshot-broken'],
  ],
  [
    'a parent that is gone',
    `UPDATE logs SET lineage = '[["nobody",4]]', parent = 'nobody' WHERE id = 'child'`,
    ['fork-dangling'],
  ],
  [
    'a fork point whose hash is another',
    `UPDATE logs SET fork_hash = HASH WHERE id = 'child'`,
    ['fork-dangling'],
  ],
  [
    'a lineage that holds the run itself',
    `UPDATE logs SET lineage = '[["root",4],["grandchild",5]]' WHERE id = 'grandchild'`,
    ['lineage-broken'],
  ],
  [
    'parents that are each other’s parents',
    "UPDATE logs SET parent = 'grandchild' WHERE id = 'child'",
    ['lineage-broken', 'lineage-broken'],
  ],
  [
    'rows of a fork before its fork point',
    `INSERT INTO events (POSITION_LIST log, seq, type, timestamp, hash, payload) SELECT POSITION_VALUE ${logOf('child')}, seq, type, timestamp, hash, payload FROM events WHERE log = ${logOf('root')} AND seq = 2`,
    ['events-unreached'],
  ],
  [
    'a kind of log that is none',
    `UPDATE logs SET kind = 'video' WHERE id = 'grandchild'`,
    ['log-unreadable', 'snapshot-broken'],
  ],
  [
    'a wrong subject',
    `UPDATE events SET subject = 'note#9' WHERE type = 'object.created'`,
    ['subject-wrong'],
  ],
  [
    'a snapshot that was changed',
    "UPDATE records SET value = '[]' WHERE kind = 'snapshot-part' AND id LIKE '%/00000'",
    ['snapshot-broken'],
  ],
  [
    'a snapshot that is no JSON',
    "UPDATE records SET value = '{' WHERE kind = 'snapshot'",
    ['snapshot-broken'],
  ],
  [
    'a document that is no JSON',
    "UPDATE records SET value = '{' WHERE kind = 'opening' AND id LIKE 'root/%'",
    ['document-unreadable'],
  ],
];

describe.each([
  ['SQLite', 'sqlite', 1, sqlitePlace],
  // What is judged is the same; how it is read is another matter, and a store there takes longer to make.
  ['PostgreSQL', 'postgres', 3, postgresPlace],
] as const)('doctor on %s', (_name, dialect, oneIn, makePlace) => {
  const inDialect = (sql: string): string =>
    sql
      .replaceAll('HASH', zeros[dialect])
      .replace('POSITION_VALUE', dialect === 'sqlite' ? '-99,' : '')
      .replace('POSITION_LIST', dialect === 'sqlite' ? 'position,' : '');

  it('calls a store whole that nobody has touched', async () => {
    const place = await makePlace();
    const report = await doctor(place.url);
    expect(report.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(report).toMatchObject({ state: 'whole', logs: 3, events: 9 });
  });

  it.each(damage.filter((_, index) => index % oneIn === 0))('finds %s', async (_what, sql, codes) => {
    const place = await makePlace();
    await place.change(inDialect(sql));
    const report = await doctor(place.url);
    const bad = report.findings.filter(({ severity }) => severity !== 'note');
    const unique = [...new Set(bad.map(({ code }) => code))];
    expect(unique.toSorted()).toEqual([...new Set(codes)].toSorted());
    expect(report.state).toBe(stateOf(codes[0] ?? ''));
    const repaired = await doctor(place.url, { repair: true });
    expect(repaired.state).toBe(report.state === 'repairable' ? 'whole' : 'damaged');
    expect((await doctor(place.url)).state).toBe(repaired.state);
  });

  it('finds events under ids of other places that the row of the run does not tell of', async () => {
    const place = await makePlace();
    const store = await openStore(place.url);
    await store.create({ id: 'a', kind: 'run', label: null, createdAt: 't' });
    const row = { type: 't', payload: '{}', actor: null, causedBy: null, frameId: null, timestamp: 't' };
    const none = { subject: null, runId: null, provider: null, correlationId: null, schemaVersion: null };
    const event = { id: 'evt_007', ...row, ...none, metadata: null };
    await store.commit([{ logId: 'a', expected: 0, epoch: null, events: [event] }]);
    await store.close();
    await place.change(`UPDATE logs SET has_stray_ids = ${dialect === 'sqlite' ? '0' : 'false'}`);
    expect(found(await doctor(place.url))).toContain('stray-ids-unmarked');
    expect((await doctor(place.url, { repair: true })).state).toBe('whole');
  });

  it('notes what a dead process left, and takes it away when asked', async () => {
    const place = await makePlace();
    const row = `'x', 'elsewhere', 'b', 1, 's', ${dialect === 'sqlite' ? "'t', 1, 0" : '1, 1'}`;
    await place.change(`INSERT INTO owners VALUES (${row})`);
    const report = await doctor(place.url);
    expect(found(report)).toContain('owner-stale');
    expect(report.state).toBe('whole');
    const after = await doctor(place.url, { repair: true });
    expect(after.repaired.map(({ code }) => code)).toEqual(['owner-stale']);
    expect(found(after)).not.toContain('owner-stale');
  });

  it('does not move a head to events that do not prove themselves', async () => {
    const place = await makePlace();
    await place.change(
      `UPDATE logs SET seq = 5 WHERE id = 'root'; UPDATE events SET actor = 'x' WHERE seq = 5`,
    );
    const repaired = await doctor(place.url, { repair: true });
    expect(repaired.state).toBe('damaged');
    expect(repaired.findings.map(({ code }) => code)).toContain('head-behind');
  });

  it('says what a head would be only for what it finds, whatever others write meanwhile', async () => {
    const place = await makePlace();
    const run = await load(place.url, { runId: 'root', snapshots: false });
    const report = await doctor(place.url, {
      onProgress: ({ phase }) => {
        if (phase === 'events') void run.emit('note', { n: 'later' });
      },
    });
    await run.close();
    expect(report.state).toBe('whole');
  });
});

test('PostgreSQL: whoever reads a run that holds itself in its lineage is refused', async () => {
  const place = await postgresPlace();
  await place.change("UPDATE logs SET parent = 'child', lineage = '[[\"child\",4]]' WHERE id = 'child'");
  await expect(inspectRun(place.url, { runId: 'child', tail: 1 })).rejects.toBeInstanceOf(
    DamagedHistoryError,
  );
  await expect(load(place.url, { runId: 'child' })).rejects.toBeInstanceOf(DamagedHistoryError);
});

test('a store in memory is looked at through the port', async () => {
  const store = await openStore('memory:');
  await store.create({ id: 'a', kind: 'run', label: null, createdAt: 't' });
  await store.commit([], [{ kind: 'snapshot', id: 'a/000000000001', expectedVersion: 0, value: '{' }]);
  expect(found(await doctor(store))).toEqual(['repairable', 'snapshot-broken']);
  expect((await doctor(store, { repair: true })).state).toBe('whole');
});

test('PostgreSQL: tables, views, triggers and rules that belong to no store are named, and are no damage', async () => {
  const schema = schemaName();
  onTestFinished(() => dropSchema(schema));
  const url = `${serverUrl()}?schema=${encodeURIComponent(schema)}`;
  await (await openStore(url)).close();
  const name = quoteName(schema);
  await serverSql(`CREATE TABLE ${name}.notes (a int)`);
  await serverSql(`CREATE VIEW ${name}.peeks AS SELECT 1 AS one`);
  await serverSql(`CREATE RULE hides AS ON DELETE TO ${name}.events DO INSTEAD NOTHING`);
  await serverSql(
    `CREATE TRIGGER meddles BEFORE UPDATE ON ${name}.logs FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
  );
  const { state, findings } = await doctor(url);
  expect(state).toBe('whole');
  expect(findings.filter(({ code }) => code.startsWith('foreign')).map(({ what }) => what)).toEqual([
    'The rule hides on events belongs to no store.',
    'The trigger meddles on logs belongs to no store.',
    'The table notes belongs to no store.',
    'The view peeks belongs to no store.',
  ]);
});

test('PostgreSQL: a view in the place of a table is damage', async () => {
  const schema = schemaName();
  onTestFinished(() => dropSchema(schema));
  const url = `${serverUrl()}?schema=${encodeURIComponent(schema)}`;
  await (await openStore(url)).close();
  const name = quoteName(schema);
  await serverSql(`ALTER TABLE ${name}.events RENAME TO hidden`);
  await serverSql(`CREATE VIEW ${name}.events AS SELECT * FROM ${name}.hidden`);
  const { state, findings } = await doctor(url);
  expect(state).toBe('damaged');
  expect(findings.find(({ code }) => code === 'file-damaged')?.what).toBe(
    'The view events stands where a store has a table of its own.',
  );
});
