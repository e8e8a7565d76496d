// Lets one process at a time do a piece of work that two at once would spoil. The lock is SQLite's: the system frees it
// even when its holder is killed, so no stale lock is ever left behind.
import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const waitMs = 600_000;

export async function onlyOne<T>(name: string, work: () => Promise<T>): Promise<T> {
  mkdirSync('.tools', { recursive: true });
  const lock = new DatabaseSync(`.tools/${name}.lock`, { timeout: waitMs });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return await work();
  } finally {
    lock.close();
  }
}
