// Damage made by hand: whoever reads the history of a run says so, with the error of damage, and never hangs or guesses.
import { join } from 'node:path';
import {
  CorruptedEventPayloadError,
  DamagedHistoryError,
  exportTrace,
  inspectRun,
  listApprovals,
  listRuns,
  load,
  open,
  openStore,
} from 'runlog';
import { describe, expect, test } from 'vitest';
import { scratchFolder, tamper } from './sqlite-scratch.ts';

/** A store with a run of some events, a fork of it, and a fork of that. */
async function damagedStore(sql: string): Promise<string> {
  const path = join(scratchFolder(), 'runs.db');
  const root = await open(path, { runId: 'root' });
  for (let n = 1; n <= 6; n += 1) await root.emit('note', { n });
  const child = await root.fork({ atEvent: 'evt_004', runId: 'child' });
  await child.emit('note', { n: 'child' });
  const grandchild = await child.fork({ atEvent: 'evt_005', runId: 'grandchild' });
  await grandchild.emit('note', { n: 'grandchild' });
  for (const run of [grandchild, child, root]) await run.close();
  tamper(path, sql);
  return path;
}

type Reader = (path: string) => Promise<unknown>;

const readers: Readonly<Record<string, Reader>> = {
  inspect: async (path) =>
    inspectRun(`sqlite:////${path.slice(1)}`, { runId: 'grandchild', tail: 5, verify: true }),
  approvals: async (path) => listApprovals(`sqlite:////${path.slice(1)}`, { runId: 'grandchild' }),
  'export-trace': async (path) =>
    exportTrace(`sqlite:////${path.slice(1)}`, {
      runId: 'grandchild',
      format: 'jsonl',
      write: async () => undefined,
    }),
};

const loading: Reader = async (path) => {
  const run = await load(path, { runId: 'grandchild' });
  await run.close();
};

const listing: Reader = async (path) => {
  for await (const entry of listRuns(`sqlite:////${path.slice(1)}`))
    if (entry.outcome === 'damaged') throw new DamagedHistoryError(listed);
};
const listed = { summary: 'listed as damaged', whatFailed: '-', why: '-', howToFix: '-' };

/** What everybody notices, also without looking at hashes. */
const plain: Readonly<Record<string, string>> = {
  'a table of events that is gone': 'DROP TABLE events',
  'a table of logs that is gone': 'DROP TABLE logs',
  'a column that is gone': 'ALTER TABLE events DROP COLUMN subject',
  'a negative epoch': "UPDATE logs SET epoch = -1 WHERE id = 'grandchild'",
  'an epoch that no number holds': "UPDATE logs SET epoch = 9223372036854775807 WHERE id = 'grandchild'",
  'an epoch that cannot be counted on': "UPDATE logs SET epoch = 9007199254740991 WHERE id = 'grandchild'",
  'a negative fork place': "UPDATE logs SET fork_seq = -4 WHERE id = 'grandchild'",
  'a fork place beyond its lineage': "UPDATE logs SET fork_seq = 6 WHERE id = 'grandchild'",
  'a negative length': "UPDATE logs SET seq = -1 WHERE id = 'grandchild'",
  'a length before the fork place': "UPDATE logs SET seq = 2 WHERE id = 'grandchild'",
  'a run that is its own parent': "UPDATE logs SET parent = 'grandchild' WHERE id = 'grandchild'",
  'a lineage that holds the run itself': `UPDATE logs SET lineage = '[["root",4],["grandchild",5]]' WHERE id = 'grandchild'`,
  'a lineage that goes backwards': `UPDATE logs SET lineage = '[["root",5],["child",4]]', fork_seq = 4 WHERE id = 'grandchild'`,
  'a lineage without a parent': "UPDATE logs SET parent = NULL WHERE id = 'grandchild'",
  'an owner whose lease ends at no time':
    "UPDATE logs SET owner = 'x' WHERE id = 'grandchild'; INSERT INTO owners VALUES ('x', 'h', 'b', 1, 's', 't', 9000000000000000, 0)",
  'an inherited event that is gone': 'DELETE FROM events WHERE seq = 2',
};

describe.each(Object.entries(plain))('%s', (_name, sql) => {
  test.each(Object.entries({ ...readers, load: loading }))('is noticed by %s', async (_reader, read) => {
    await expectDamage(read(await damagedStore(sql)));
  });
});

test.each(Object.entries(plain).filter(([name]) => !name.startsWith('an inherited event')))(
  '%s is noticed by the list of runs',
  async (_name, sql) => {
    await expectDamage(listing(await damagedStore(sql)));
  },
);

/** What only the hash chain tells. */
const hidden: Readonly<Record<string, string>> = {
  'the stored hash of an event that is not the head':
    "UPDATE events SET hash = zeroblob(32) WHERE seq = 3 AND log = (SELECT log FROM logs WHERE id = 'root')",
  'a changed actor': "UPDATE events SET actor = 'nobody' WHERE seq = 2",
  'the hash at the fork place of a run': `UPDATE logs SET hash = zeroblob(32) WHERE id = 'grandchild'`,
};

describe.each(Object.entries(hidden))('%s', (_name, sql) => {
  test.each(Object.entries(readers))('is noticed by %s', async (_reader, read) => {
    await expectDamage(read(await damagedStore(sql)));
  });
});

test.each(['zeroblob(31)', 'zeroblob(64)', "x''"])(
  '%s for a hash is noticed when it is read',
  async (hash) => {
    const path = await damagedStore(`UPDATE events SET hash = ${hash} WHERE seq = 3`);
    const store = await openStore(`sqlite:////${path.slice(1)}`);
    const reading = async (hashes: boolean): Promise<void> => {
      for await (const page of store.read('root', { hashes })) expect(page).not.toEqual([]);
    };
    await expectDamage(reading(true));
    await reading(false);
    await store.close();
  },
);

test('parents that are each other’s parents are damage, whoever asks for their answers', async () => {
  const path = await damagedStore("UPDATE logs SET parent = 'grandchild', fork_seq = 4 WHERE id = 'child'");
  await expectDamage(loading(path));
});

test.each([3, 4])('a fork at place 3 does not inherit a damaged hash at place %i', async (place) => {
  const path = await damagedStore(
    `UPDATE events SET hash = zeroblob(32) WHERE log = 1 AND seq = ${place - 1}`,
  );
  const store = await openStore(`sqlite:////${path.slice(1)}`, { mode: 'write' });
  const fork = store.fork({ parent: 'child', atSeq: 3, id: 'new', label: null, createdAt: 't' });
  await expectDamage(fork);
  expect(await store.info('new')).toBeUndefined();
  await store.close();
});

async function expectDamage(reading: Promise<unknown>): Promise<void> {
  const error = await reading.then(
    () => 'nothing was noticed',
    (thrown: unknown) => thrown,
  );
  const isDamage = error instanceof DamagedHistoryError || error instanceof CorruptedEventPayloadError;
  expect(isDamage, String(error)).toBe(true);
}
