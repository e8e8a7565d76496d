/** A queue that meets another writer leaves the lock alone between two commits; one that meets nobody goes on at once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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

/** In how many turns of the event loop so many writes are answered, each of them asked for when the one before was. */
async function turnsOf(queue: WriteQueue, connection: SqliteConnection, writes: number): Promise<number> {
  let turn = 0;
  let isOver = false;
  const count = (): void => {
    turn += 1;
    if (!isOver) setImmediate(count);
  };
  const seen = new Set<number>();
  count();
  for (let n = 0; n < writes; n += 1) {
    await queue.add(() => () => connection.run('INSERT INTO t VALUES (?)', n));
    seen.add(turn);
  }
  isOver = true;
  return seen.size;
}

test('whoever meets nobody answers several writes in one turn', async () => {
  const connection = new SqliteConnection(own, 'store.db');
  expect(await turnsOf(new WriteQueue(connection, 1000), connection, 40)).toBeLessThan(40);
});

test('whoever had to wait lets others have a turn after each commit', async () => {
  const connection = new SqliteConnection(own, 'store.db');
  const queue = new WriteQueue(connection, 1000);
  other.exec('BEGIN IMMEDIATE');
  const waiting = queue.add(() => () => connection.run('INSERT INTO t VALUES (?)', -1));
  await new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
  other.exec('COMMIT');
  await waiting;
  // The first may still come in the turn of the one that waited.
  expect(await turnsOf(queue, connection, 20)).toBeGreaterThanOrEqual(19);
});
