// Databases of the Python ActiveGraph, moved into stores of our own: every event byte for byte, the graph as Python states it,
// forks as pointers, and the source untouched.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { behavior, load, migrateStore, openStore } from 'runlog';
import type { LogStore } from 'runlog/log';
import { describe, expect, it, test } from 'vitest';
import { objectToJson } from '../../src/graph/index.ts';
import { loadState } from '../../src/runtime/index.ts';
import { scratchUrl } from './postgres-scratch.ts';
import { scratchFolder } from './sqlite-scratch.ts';

const fixtures = 'test/fixtures/activegraph';

interface RunFacts {
  readonly run_id: string;
  readonly parent_run_id: string | null;
  readonly forked_at_event_id: string | null;
  readonly label: string | null;
  readonly events: number;
  readonly objects: Readonly<Record<string, unknown>>;
  readonly relations: readonly { readonly id: string }[];
  readonly patches: Readonly<Record<string, string>>;
}

function factsOf(name: string): readonly RunFacts[] {
  const text = readFileSync(join(fixtures, `${name}.facts.json`), 'utf8');
  return (JSON.parse(text) as { readonly runs: readonly RunFacts[] }).runs;
}

/** A copy in a folder of its own, so that files made beside it are noticed. */
function databaseOf(name: string): string {
  const path = join(scratchFolder(), `${name}.db`);
  if (name === 'quickstart')
    writeFileSync(path, gunzipSync(readFileSync(join(fixtures, 'quickstart.db.gz'))));
  else copyFileSync(join(fixtures, `${name}.db`), path);
  return path;
}

/** The rows of a run as Python wrote them, in order. */
function pythonRows(path: string, runId: string): readonly unknown[][] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database
    .prepare(
      'SELECT id, type, actor, payload, frame_id, caused_by, timestamp FROM events WHERE run_id = ? ORDER BY seq',
    )
    .all(runId);
  database.close();
  return rows.map((row) => Object.values(row));
}

async function storedRows(store: LogStore, runId: string): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const page of store.read(runId)) {
    for (const { id, type, actor, payload, frameId, causedBy, timestamp } of page)
      rows.push([id, type, actor, payload, frameId, causedBy, timestamp]);
  }
  return rows;
}

const names = ['forks', 'quickstart-small', 'quickstart'];
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
        const { tables } = await loadState(store, runId);
        const objects = [...tables.objects()].map((object) => {
          const { type, data, version } = objectToJson(object);
          return [object.id, { type, data, version }];
        });
        expect(Object.fromEntries(objects)).toEqual(facts.objects);
        const relations = [...tables.relations()].map(({ id, source: from, target, type, data }) => ({
          id,
          source: from,
          target,
          type,
          data,
        }));
        expect(relations).toEqual(facts.relations);
        expect(Object.fromEntries([...tables.patches()].map(({ id, status }) => [id, status]))).toEqual(
          facts.patches,
        );
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
