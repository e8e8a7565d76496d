// Databases of the Python ActiveGraph, moved into stores of our own: every event byte for byte, the graph as Python states it,
// forks as pointers, and the source untouched.
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  backupStore,
  behavior,
  doctor,
  listRuns,
  load,
  migrateStore,
  open,
  openStore,
  schemaStatus,
} from 'runlog';
import { describe, expect, it, test } from 'vitest';
import {
  databaseOf,
  factsOf,
  graphIn,
  graphOf,
  names,
  pythonRows,
  storedRows,
} from './activegraph-places.ts';
import { scratchUrl } from './postgres-scratch.ts';
import { scratchFolder } from './sqlite-scratch.ts';

const destinations = [
  ['SQLite', () => `sqlite:///${join(scratchFolder(), 'new.db')}`],
  ['PostgreSQL', scratchUrl],
] as const;

describe.each(names)('the database %s', (name) => {
  it.each(destinations)(
    'comes over to %s event by event, byte for byte, with the graph that Python states',
    async (_store, urlOf) => {
      const source = databaseOf(name);
      const url = urlOf();
      const report = await migrateStore(`sqlite:///${source}`, url);
      expect(report.runs.map(({ status, problem }) => [status, problem])).toEqual(
        report.runs.map(() => ['copied', null]),
      );
      const store = await openStore(url, { mode: 'read' });
      for (const facts of factsOf(name)) {
        const { run_id: runId } = facts;
        expect(await storedRows(store, runId)).toEqual(pythonRows(databaseOf(name), runId));
        expect(await graphOf(store, runId)).toEqual(graphIn(facts));
      }
      await store.close();
    },
  );

  it('is not changed, and no file is left beside it', async () => {
    const source = databaseOf(name);
    const before = readFileSync(source);
    await migrateStore(`sqlite:///${source}`, `sqlite:///${join(scratchFolder(), 'new.db')}`);
    expect(readFileSync(source).equals(before)).toBe(true);
    expect(readdirSync(dirname(source))).toEqual([`${name}.db`]);
  });
});

test.each([
  ['open', (url) => open(url)],
  ['load', (url) => load(url)],
  ['openStore for reading', (url) => openStore(url, { mode: 'read' })],
  ['listRuns', (url) => listRuns(url).next()],
  ['doctor', (url) => doctor(url)],
  ['backupStore', (url) => backupStore(url, join(scratchFolder(), 'copy.db'))],
  ['schemaStatus', (url) => schemaStatus(url)],
] satisfies readonly (readonly [string, (url: string) => Promise<unknown>])[])(
  '%s refuses the database, changes no byte of it and leaves no file beside it',
  async (_name, look) => {
    const source = databaseOf('forks');
    const before = readFileSync(source);
    await expect(look(`sqlite:///${source}`)).rejects.toThrow('is a database of ActiveGraph');
    expect(readFileSync(source).equals(before)).toBe(true);
    expect(readdirSync(dirname(source))).toEqual(['forks.db']);
  },
);

test('what stands in its -wal alone decides too, and the files beside it stay as they were', async () => {
  const source = databaseOf('forks');
  const writer = new DatabaseSync(source);
  writer.exec("PRAGMA journal_mode = WAL; UPDATE runs SET label = 'young'");
  const copy = join(scratchFolder(), 'moved.db');
  copyFileSync(source, copy);
  copyFileSync(`${source}-wal`, `${copy}-wal`);
  writer.close();
  const before = readFileSync(`${copy}-wal`);
  await expect(openStore(`sqlite:///${copy}`)).rejects.toThrow('is a database of ActiveGraph');
  expect(readFileSync(`${copy}-wal`).equals(before)).toBe(true);
  expect(readdirSync(dirname(copy)).sort()).toEqual(['moved.db', 'moved.db-wal']);
});

test('forks become pointers to what they share, with label and fork point', async () => {
  const url = `sqlite:///${join(scratchFolder(), 'new.db')}`;
  await migrateStore(`sqlite:///${databaseOf('forks')}`, url);
  const store = await openStore(url, { mode: 'read' });
  for (const facts of factsOf('forks')) {
    const info = await store.info(facts.run_id);
    expect([info?.label ?? null, info?.parent?.logId ?? null]).toEqual([facts.label, facts.parent_run_id]);
    if (facts.forked_at_event_id === null) continue;
    expect((await store.get(facts.run_id, facts.forked_at_event_id))?.seq).toBe(info?.parent?.atSeq);
  }
  await store.close();
});

test("a fork whose beginning is not its parent's is a run of its own, and the report says so", async () => {
  const source = databaseOf('forks');
  const [parent, fork] = factsOf('forks');
  const database = new DatabaseSync(source);
  database
    .prepare('UPDATE events SET payload = ? WHERE run_id = ? AND id = ?')
    .run('{"goal": "Another"}', fork?.run_id ?? '', 'evt_001');
  database.close();
  const url = `sqlite:///${join(scratchFolder(), 'new.db')}`;
  const report = await migrateStore(`sqlite:///${source}`, url);
  expect(report.runs.find(({ runId }) => runId === fork?.run_id)?.notes).toEqual([
    expect.stringContaining(`are not those of '${parent?.run_id}'`),
  ]);
  const store = await openStore(url, { mode: 'read' });
  expect((await store.info(fork?.run_id ?? ''))?.parent).toBeNull();
  await store.close();
});

test('a run that came over goes on, and draws the next ids', async () => {
  const url = `sqlite:///${join(scratchFolder(), 'new.db')}`;
  await migrateStore(`sqlite:///${databaseOf('quickstart-small')}`, url);
  const note = behavior({
    name: 'note',
    on: 'goal.created',
    run: ({ graph }) => void graph.addObject('note', { text: 'after the move' }),
  });
  const run = await load(url, { behaviors: [note], withoutMissing: true });
  const before = (await run.head()).seq;
  await run.runGoal('Go on');
  expect((await run.event(`evt_${before + 1}`)).type).toBe('goal.created');
  expect(run.graph.objects('note')).toHaveLength(1);
  await run.close();
});

test('a database of ActiveGraph that is opened directly is refused with the command that moves it', async () => {
  const opening = openStore(`sqlite:///${databaseOf('forks')}`, { mode: 'write' });
  await expect(opening).rejects.toMatchObject({ code: 'schema-version-mismatch' });
  await expect(opening).rejects.toThrow('runlog migrate --from URL --to');
});
