// Nothing raw leaves a command that meets a damaged row: each column of each table holds something else for once, and whoever reads it
// says so in our words. In this process, since nothing of a process is asked.
import { copyFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { makeGatedRun } from './stored-runs.ts';
import { Workplace } from './workplace.ts';

const place = new Workplace();
const good = place.path('good.db');
const bad = place.path('bad.db');
const url = `sqlite:///${bad}`;
let session = '';

afterAll(() => place.remove());

async function said(...args: readonly string[]): Promise<string> {
  let text = '';
  const note = async (more: string): Promise<void> => void (text += more);
  await main(args, { out: note, err: note, isTty: false, columns: null, env: { HOME: place.folder } });
  return text;
}

/** A run, a fork of it, a session, and runs that came from elsewhere. */
beforeAll(async () => {
  const store = `sqlite:///${good}`;
  await makeGatedRun(good);
  await said('fork', store, '--run-id', 'run_g', '--at-event', 'evt_002', '--label', 'fork');
  await said('pin', store, '--run-id', 'run_g');
  await said('migrate', '--from', 'sqlite:///test/fixtures/activegraph/forks.db', '--to', store);
  const agent = ['agent', 'run', '--agent', 'shell', '--store', store, '--json', '--', 'true'];
  session = /"session_id":"(\w+)"/.exec(await said(...agent))?.[1] ?? '';
  expect(session).not.toBe('');
  changed(good, 'PRAGMA wal_checkpoint(TRUNCATE)');
});

function changed(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

/** Each with what it holds for once. */
function columns(): readonly (readonly [table: string, column: string, value: string])[] {
  const database = new DatabaseSync(good, { readOnly: true });
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const found = tables.flatMap(({ name: table }) =>
    database
      .prepare(`PRAGMA table_info(${String(table)})`)
      .all()
      .map(({ name, type }) => [String(table), String(name), wrongOf(String(type))] as const),
  );
  database.close();
  return found;
}

function wrongOf(type: string): string {
  return type === 'TEXT' ? "'{ bad'" : type === 'BLOB' ? "x'ff00'" : '-1';
}

const reading = (): readonly (readonly string[])[] => [
  ['runs', url],
  ['inspect', url, '--run-id', 'run_g'],
  ['session', url, session],
  ['usage', url],
  ['doctor', url],
  ['migrate', '--from', url, '--to', 'memory:', '--dry-run'],
  ['migrate', '--from', 'sqlite:///test/fixtures/activegraph/forks.db', '--to', url],
];

test('a cell that holds something else is told in our words', async () => {
  const raw: string[] = [];
  const all = columns();
  expect(all.length).toBeGreaterThan(40);
  for (const [table, column, value] of all) {
    for (const end of ['-wal', '-shm']) rmSync(`${bad}${end}`, { force: true });
    copyFileSync(good, bad);
    try {
      changed(bad, `UPDATE ${table} SET ${column} = ${value}; PRAGMA wal_checkpoint(TRUNCATE)`);
    } catch (error) {
      // What the layout itself refuses is written by nobody.
      expect(String(error)).toMatch(/constraint failed|cannot store|datatype mismatch/);
      continue;
    }
    for (const args of reading()) {
      const text = await said(...args);
      if (/unexpected \w*Error|^\s+at .+:\d+/m.test(text))
        raw.push(`${table}.${column}: ${args[0]}: ${text}`);
    }
  }
  expect(raw).toEqual([]);
});
