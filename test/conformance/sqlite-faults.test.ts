// A disk that fails once, at any statement: each call says so, asking again is safe, and in the end nothing is lost or doubled.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { hash } from 'node:crypto';
import {
  chainHash,
  genesisHash,
  type LogStore,
  RunExistsError,
  RunOwnedError,
  StoreUnavailableError,
  UnknownCommitError,
} from '../../src/log/index.ts';
import { append, createdAt, sampleRows, scratchFolder, seqsOf } from './sqlite-scratch.ts';
import { diskError, watched } from './watched-database.ts';

/** What a small run does to its store. Each step may be asked for again. */
const steps: readonly ((store: LogStore) => Promise<unknown>)[] = [
  (store) => store.create({ id: 'a', kind: 'run', label: null, createdAt }),
  (store) => append(store, 0, 3),
  (store) =>
    store.commit(
      [{ logId: 'a', expected: 3, epoch: null, events: sampleRows(4, 70) }],
      [{ kind: 'snapshot', id: 'a', expectedVersion: 0, value: '{}' }],
    ),
  (store) => Promise.all([append(store, 73, 1), append(store, 74, 2), append(store, 76, 1)]),
  (store) => store.fork({ parent: 'a', atSeq: 5, id: 'f', label: null, createdAt }),
  (store) => store.detach('f'),
  (store) => seqsOf(store, 'f'),
  (store) => store.acquire('f'),
];

/** Done by an earlier attempt whose answer was lost. */
function wasDone(error: unknown): boolean {
  return error instanceof RunExistsError || error instanceof RunOwnedError;
}

function isTrouble(error: unknown): boolean {
  return error instanceof StoreUnavailableError || error instanceof UnknownCommitError;
}

/** One failure is planned, so the second attempt must do. */
async function insist<T>(
  work: () => Promise<T>,
  mayBeDone: (error: unknown) => boolean,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (mayBeDone(error)) return undefined;
    expect(isTrouble(error), String(error)).toBe(true);
  }
  try {
    return await work();
  } catch (error) {
    if (mayBeDone(error)) return undefined;
    throw error;
  }
}

async function expectWhole(path: string): Promise<void> {
  const store = await openSqliteStore({ path, mode: 'read' });
  expect(await seqsOf(store, 'a')).toEqual(Array.from({ length: 77 }, (_, index) => index + 1));
  expect(await seqsOf(store, 'f')).toEqual([1, 2, 3, 4, 5]);
  expect(await store.record('snapshot', 'a')).toMatchObject({ version: 1 });
  let last = genesisHash;
  for await (const page of store.read('a', { hashes: true })) {
    for (const event of page) last = chainHash(last, event, (text) => hash('sha256', text, 'hex'));
  }
  expect((await store.head('a')).hash).toBe(last);
  await store.close();
}

/** Runs all steps with a failure at statement `failing`; false when there were fewer statements than that. */
async function survives(path: string, failing: number, when: 'before' | 'after'): Promise<boolean> {
  const database = new DatabaseSync(path);
  let count = 0;
  const fault = (sql: string): void => {
    // SQLite leaves no transaction open behind a BEGIN that failed, nor behind any ROLLBACK.
    if (sql.startsWith('BEGIN') ? when === 'after' : sql === 'ROLLBACK') return;
    count += 1;
    if (count === failing) throw diskError();
  };
  const hearNothing = (): void => undefined;
  const handle = when === 'before' ? watched(database, fault) : watched(database, hearNothing, fault);
  const store = await insist(
    () => openSqliteStore({ database: handle, mode: 'create' }),
    () => false,
  );
  if (store === undefined) throw new Error('the store was not opened');
  for (const step of steps) await insist(() => step(store), wasDone);
  await store.close().catch((error: unknown) => expect(isTrouble(error)).toBe(true));
  database.close();
  await expectWhole(path);
  return count >= failing;
}

test.each(['before', 'after'] as const)(
  'a failure %s any statement was done can be asked again',
  async (when) => {
    const folder = scratchFolder();
    let failing = 1;
    while (await survives(join(folder, `${failing}.db`), failing, when)) failing += 1;
    // Every step has several statements of its own.
    expect(failing).toBeGreaterThan(steps.length * 3);
  },
);

test('every statement has plain parameters, which all drivers understand', async () => {
  const heard = new Set<string>();
  const database = new DatabaseSync(join(scratchFolder(), 'runs.db'));
  const handle = watched(database, (sql) => heard.add(sql));
  const store = await openSqliteStore({ database: handle, mode: 'create', warn: () => undefined });
  for (const step of steps) await step(store);
  await store.close();
  database.close();
  expect([...heard].filter((sql) => /\?\d|[:@$]\w/.test(sql.replace(/'[^']*'/g, '')))).toEqual([]);
});
