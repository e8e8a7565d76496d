/** Scenario 28: a fork knows where it comes from, through every reload, and neither side changes the other. */
import { EventNotFoundError, type LogStore, NotFoundError, openStore, type Runtime } from 'runlog';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventsOf, loadFixed, openFixed, openUnrepeatable } from '../harness/fixed-run.ts';
import { graphJson } from '../harness/graph-json.ts';

function tempFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-28-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return `sqlite:///${join(folder, 'run.db')}`;
}

async function threeTasks(store: LogStore, openRun = openFixed): Promise<Runtime> {
  const run = await openRun({}, store);
  for (const title of ['A', 'B', 'C']) await run.mutate((graph) => graph.addObject('task', { title }));
  return run;
}

const addTask = async (run: Runtime): Promise<string> =>
  run.mutate((graph) => graph.addObject('task', { title: 'D' }).id);

test.each(['memory', 'sqlite'])('in a %s store, forks have parent, place and label', async (kind) => {
  const store = await openStore(kind === 'memory' ? 'memory:' : tempFile());
  onTestFinished(async () => store.close());
  const parent = await threeTasks(store);
  const before = [await eventsOf(parent), graphJson(parent.graph), await parent.head()];
  const fork = await parent.fork({ atEvent: 'evt_002', label: 'branch-A', runId: 'fork' });
  const twin = await parent.fork({ atEvent: 'evt_002' });
  const ofFork = await fork.fork({ atEvent: 'evt_001', label: 'deeper', runId: 'of-fork' });
  expect(await store.info('fork')).toMatchObject({ label: 'branch-A', parent: { logId: 'run_x', atSeq: 2 } });
  expect(await store.info('of-fork')).toMatchObject({ label: 'deeper', parent: { logId: 'fork', atSeq: 1 } });
  expect([await addTask(fork), await addTask(twin), await addTask(ofFork)]).toEqual([
    'task#3',
    'task#3',
    'task#2',
  ]);
  expect([await eventsOf(parent), graphJson(parent.graph), await parent.head()]).toEqual(before);
  for (const each of [parent, fork, twin, ofFork]) await each.close();
});

test('loading a fork leaves its lineage as it is', async () => {
  const url = tempFile();
  const first = await openStore(url);
  const parent = await threeTasks(first, openUnrepeatable);
  await (await parent.fork({ atEvent: 'evt_002', label: 'branch-A', runId: 'fork' })).close();
  await parent.close();
  await first.close();
  const store = await openStore(url);
  const before = await store.info('fork');
  for (let times = 0; times < 2; times += 1) {
    const fork = await loadFixed(store, { runId: 'fork' });
    await addTask(fork);
    await fork.close();
  }
  const { label, parent: row, lineage } = (await store.info('fork')) ?? {};
  expect({ label, row, lineage }).toEqual({
    label: 'branch-A',
    row: { logId: 'run_x', atSeq: 2 },
    lineage: before?.lineage,
  });
  await store.close();
});

test('an event that is not there is not found', async () => {
  const parent = await threeTasks(await openStore('memory:'));
  const forking = parent.fork({ atEvent: 'evt_999' });
  await expect(forking).rejects.toBeInstanceOf(EventNotFoundError);
  await expect(forking).rejects.toBeInstanceOf(NotFoundError);
});
