/**
 * A queue that meets another writer leaves the lock alone between two turns; one that meets nobody goes on at once. Who writes alone
 * has a transaction to itself; who writes beside others shares one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteConnection } from './connection.ts';
import { type Write, WriteQueue } from './write-queue.ts';

let folder: string;
let own: DatabaseSync;
let other: DatabaseSync;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runlog-queue-'));
  own = new DatabaseSync(join(folder, 'store.db'));
  other = new DatabaseSync(join(folder, 'store.db'));
  own.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n)');
});
afterEach(() => {
  own.close();
  other.close();
  rmSync(folder, { recursive: true });
});

let pauses = 0;
const pause = async (ms: number): Promise<void> => {
  pauses += 1;
  await sleep(ms);
};

/** How often the queue pauses during some long writes, each asked for when the one before was answered. */
async function pausesOf(queue: WriteQueue, connection: SqliteConnection, writes: number): Promise<number> {
  const before = pauses;
  for (let n = 0; n < writes; n += 1) {
    await queue.add(() => () => {
      // Longer than a turn may be where another process waits, and shorter than where none does.
      for (const end = performance.now() + 6; performance.now() < end;);
      connection.run('INSERT INTO t VALUES (?)', n);
    });
  }
  return pauses - before;
}

test('whoever meets nobody goes on without a pause', async () => {
  const connection = new SqliteConnection(own, 'store.db');
  expect(await pausesOf(new WriteQueue(connection, 1000, { pause }), connection, 8)).toBe(0);
});

test('whoever had to wait leaves the lock alone for a moment at the end of each turn, which is a short one', async () => {
  const connection = new SqliteConnection(own, 'store.db');
  const queue = new WriteQueue(connection, 1000, { pause });
  other.exec('BEGIN IMMEDIATE');
  const waiting = queue.add(() => () => connection.run('INSERT INTO t VALUES (?)', -1));
  await sleep(5);
  other.exec('COMMIT');
  await waiting;
  expect(await pausesOf(queue, connection, 8)).toBeGreaterThanOrEqual(7);
});

/** As the store does it. */
async function ask<T>(queue: WriteQueue, write: Write<T>): Promise<T> {
  return queue.tryNow(write) ?? queue.add(write);
}

const insertOf =
  (connection: SqliteConnection, n: number): Write<number> =>
  () =>
  () =>
    connection.run('INSERT INTO t VALUES (?)', n);

/** How many transactions another handle sees being ended while `work` goes on. */
async function commitsOf(work: () => Promise<unknown>): Promise<number> {
  const seen = new Set<unknown>();
  const look = (): void => {
    seen.add(other.prepare('PRAGMA data_version').get()?.['data_version']);
  };
  look();
  const commit = own.prepare.bind(own);
  own.prepare = (sql) => {
    const statement = commit(sql);
    if (sql !== 'COMMIT') return statement;
    const run = statement.run.bind(statement);
    statement.run = () => {
      const done = run();
      look();
      return done;
    };
    return statement;
  };
  await work();
  return seen.size - 1;
}

/** A caller who has written alone for a while. */
async function aloneFor(queue: WriteQueue, connection: SqliteConnection, writes: number): Promise<void> {
  for (let n = 0; n < writes; n += 1) await ask(queue, insertOf(connection, n));
}

test('a caller who goes on alone is served before the call returns', async () => {
  const connection = new SqliteConnection(own, 'store.db');
  const queue = new WriteQueue(connection, 1000, { turnMs: 60_000 });
  await aloneFor(queue, connection, 3);
  const rows = (): unknown => own.prepare('SELECT count(*) AS n FROM t').get()?.['n'];
  const before = rows();
  const answer = queue.tryNow(insertOf(connection, 3));
  expect(answer).toBe(1);
  expect([before, rows()]).toEqual([3, 4]);
});

test('callers who come together share their transactions, after one was alone before', async () => {
  const connection = new SqliteConnection(own, 'store.db');
  const queue = new WriteQueue(connection, 1000, { turnMs: 60_000, waitMs: 60_000 });
  const rounds = 5;
  const commits = await commitsOf(async () => {
    await aloneFor(queue, connection, 10);
    for (let round = 0; round < rounds; round += 1) {
      await Promise.all(Array.from({ length: 20 }, (_, n) => ask(queue, insertOf(connection, n))));
    }
  });
  // Each of the first ten, the first one of the first round, and then one a round.
  expect(commits).toBe(10 + 1 + rounds);
});

test('what one caller asks for does not keep timers and sockets from their turn', async () => {
  const connection = new SqliteConnection(own, 'store.db');
  const queue = new WriteQueue(connection, 1000, { pause });
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  for (let n = 0; n < 8; n += 1) {
    await ask(queue, () => () => {
      for (const end = performance.now() + 11; performance.now() < end;);
      return connection.run('INSERT INTO t VALUES (?)', n);
    });
  }
  clearImmediate(next);
  expect(turns).toBeGreaterThanOrEqual(7);
});

test('a refusal of a caller who is alone leaves nothing behind, and its next write is taken', async () => {
  const connection = new SqliteConnection(own, 'store.db');
  const queue = new WriteQueue(connection, 1000, { turnMs: 60_000 });
  await aloneFor(queue, connection, 3);
  const refused: Write<number> = () => () => {
    connection.run('INSERT INTO t VALUES (99)');
    throw new Error('no');
  };
  expect(() => queue.tryNow(refused)).toThrow('no');
  await ask(queue, insertOf(connection, 4));
  expect(own.prepare('SELECT n FROM t').all()).toEqual([0, 1, 2, 4].map((n) => ({ n })));
});

test('a caller who is alone and meets a lock waits for it', async () => {
  const connection = new SqliteConnection(own, 'store.db');
  const queue = new WriteQueue(connection, 1000, { turnMs: 60_000 });
  await aloneFor(queue, connection, 3);
  other.exec('BEGIN IMMEDIATE');
  const waiting = ask(queue, insertOf(connection, 3));
  await sleep(5);
  other.exec('COMMIT');
  expect(await waiting).toBe(1);
});

test('a caller who is alone waits for what is done with nothing beside it', async () => {
  const connection = new SqliteConnection(own, 'store.db');
  const queue = new WriteQueue(connection, 1000, { turnMs: 60_000 });
  await aloneFor(queue, connection, 3);
  const said: string[] = [];
  const copying = queue.alone(async () => {
    await sleep(1);
    said.push('copied');
  });
  const writing = ask(queue, () => () => said.push('written'));
  await Promise.all([copying, writing]);
  expect(said).toEqual(['copied', 'written']);
});

test('writes are made in the order in which they were asked for, alone or not', async () => {
  const connection = new SqliteConnection(own, 'store.db');
  const queue = new WriteQueue(connection, 1000, { turnMs: 60_000 });
  await aloneFor(queue, connection, 3);
  const said: string[] = [];
  const first = queue.add(() => () => said.push('first'));
  const second = ask(queue, () => () => said.push('second'));
  await Promise.all([first, second]);
  expect(said).toEqual(['first', 'second']);
});
