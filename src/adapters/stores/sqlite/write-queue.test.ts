/** A queue that meets another writer leaves the lock alone between two turns; one that meets nobody goes on at once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteConnection } from './connection.ts';
import { WriteQueue } from './write-queue.ts';

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
      // Longer than a turn may be.
      for (const end = performance.now() + 6; performance.now() < end;);
      connection.run('INSERT INTO t VALUES (?)', n);
    });
  }
  return pauses - before;
}

test('whoever meets nobody goes on without a pause', async () => {
  const connection = new SqliteConnection(own, 'store.db');
  expect(await pausesOf(new WriteQueue(connection, 1000, pause), connection, 8)).toBe(0);
});

test('whoever had to wait leaves the lock alone for a moment at the end of a turn', async () => {
  const connection = new SqliteConnection(own, 'store.db');
  const queue = new WriteQueue(connection, 1000, pause);
  other.exec('BEGIN IMMEDIATE');
  const waiting = queue.add(() => () => connection.run('INSERT INTO t VALUES (?)', -1));
  await sleep(5);
  other.exec('COMMIT');
  await waiting;
  expect(await pausesOf(queue, connection, 8)).toBeGreaterThan(0);
});
