// Following a whole PostgreSQL store skips no committed event: not one whose transaction began first and ended last.
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { quoteName } from '../../src/adapters/stores/postgres/tables.ts';
import { hashLine, type LogStore, type TailOptions } from '../../src/log/index.ts';
import { serverUrl } from '../harness/postgres/scratch-schema.ts';
import { sha256 } from './memory-places.ts';
import { openForTest, scratchSchema, storeWithRun } from './postgres-scratch.ts';
import { append, createdAt, sampleRows } from './sqlite-scratch.ts';

async function client(): Promise<Client> {
  const opened = new Client({ connectionString: serverUrl() });
  await opened.connect();
  onTestFinished(() => opened.end());
  return opened;
}

/** What the store's own call does, in a transaction that the test holds open. */
async function appendOpenly(holder: Client, schema: string, logId: string): Promise<void> {
  const lines = sampleRows(1, 1).map((row) => hashLine(row, sha256));
  await holder.query('BEGIN');
  await holder.query(
    `SELECT ${quoteName(schema)}.append_events($1, 0, NULL, NULL, NULL, $2, false, NULL, 1000, 'on',
      NULL, NULL, NULL, NULL, NULL, ARRAY['goal.created'], ARRAY['{"n":1}'], NULL, NULL, NULL, ARRAY[$3], NULL,
      NULL, NULL, NULL, NULL, NULL)`,
    [logId, lines, createdAt],
  );
}

/** Two events of `a` are committed while the transaction that appends to `b` is still open. */
async function heldOpen(): Promise<{ schema: string; store: LogStore; holder: Client }> {
  const schema = scratchSchema();
  const store = await storeWithRun(schema);
  await store.create({ id: 'b', kind: 'run', label: null, createdAt });
  const holder = await client();
  await appendOpenly(holder, schema, 'b');
  await append(store, 0, 2);
  return { schema, store, holder };
}

async function places(
  store: LogStore,
  count: number,
  options: TailOptions = {},
): Promise<{ seen: string[]; cursor: string }> {
  const seen: string[] = [];
  let cursor = '';
  for await (const page of store.tail(options)) {
    seen.push(...page.events.map(({ logId, event }) => `${logId} ${event.seq}`));
    cursor = page.cursor;
    if (seen.length >= count) break;
  }
  return { seen, cursor };
}

test('an event is not passed over because a later transaction was committed before its own', async () => {
  const schema = scratchSchema();
  const store = await storeWithRun(schema);
  for (const id of ['b', 'c']) await store.create({ id, kind: 'run', label: null, createdAt });
  await append(store, 0, 1);
  const { seen, cursor } = await places(store, 1);
  expect(seen).toEqual(['a 1']);

  const holder = await client();
  await appendOpenly(holder, schema, 'b');
  await store.commit([{ logId: 'c', expected: 0, epoch: null, events: sampleRows(1, 1) }]);
  const first = places(store, 1, { after: cursor });
  // The later one is there, for everybody who asks for it by name.
  expect((await store.head('c')).seq).toBe(1);
  expect((await places(store, 1, { logId: 'c' })).seen).toEqual(['c 1']);
  let isIn = false;
  void first.finally(() => {
    isIn = true;
  });
  for (let look = 0; look < 20; look += 1) {
    await store.head('a');
    expect(isIn).toBe(false);
  }
  await holder.query('COMMIT');
  const { seen: next, cursor: after } = await first;
  // Transactions of other tests may stand between the two.
  const rest = next.length === 2 ? [] : (await places(store, 1, { after })).seen;
  expect([...next, ...rest]).toEqual(['b 1', 'c 1']);
});

test('who begins at the end gets nothing that was there already, however long a transaction has been open', async () => {
  const { schema, store, holder } = await heldOpen();
  const follower = await openForTest(schema, { connections: 1 });
  const following = follower.tail({ from: 'end' })[Symbol.asyncIterator]();
  const first = following.next();
  // Its only connection answers in turn: after this the follower has begun.
  await follower.head('a');
  await holder.query('COMMIT');
  await append(store, 2, 1);
  const page = await first;
  await following.return?.();
  const { events, cursor } = page.done === true ? { events: [], cursor: '' } : page.value;
  await append(store, 3, 1);
  // Who stores the cursor, and goes on from there, is not told of them either.
  const { seen } = await places(store, 3 - events.length, { after: cursor });
  const all = [...events.map(({ logId, event }) => `${logId} ${event.seq}`), ...seen];
  expect(all).toEqual(['b 1', 'a 3', 'a 4']);
});

test('a transaction that is undone holds nothing back, and leaves no trace', async () => {
  const { store, holder } = await heldOpen();
  const following = places(store, 2);
  await holder.query('ROLLBACK');
  expect((await following).seen).toEqual(['a 1', 'a 2']);
});

test('a writer waits for a transaction that holds its log, and goes on behind it', async () => {
  const schema = scratchSchema();
  const store = await storeWithRun(schema);
  const holder = await client();
  await appendOpenly(holder, schema, 'a');
  const waiting = append(store, 1, 1).catch((error: unknown) => error);
  await holder.query('COMMIT');
  // It expected the place behind the one that the holder took.
  expect(await waiting).toMatchObject({ seq: 2 });
});

test('a follower whose line for news is cut goes on by looking', async () => {
  const schema = scratchSchema();
  const store = await storeWithRun(schema);
  const other = await openForTest(schema);
  const following = places(other, 40);
  const killer = await client();
  for (let seq = 0; seq < 40; seq += 1) {
    await append(store, seq, 1);
    await killer.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
  }
  expect((await following).seen).toHaveLength(40);
});
