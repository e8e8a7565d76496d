// Who appends the same rows: the bare driver, which has row and hash ready; the store; and the store with the hash chain switched
// off, which shows what is left when the hash is taken away.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import type { EventRow } from '../../src/log/index.ts';
import { createdAt } from '../claim-rows.ts';

export interface Writer {
  readonly name: string;
  write(batches: readonly (readonly EventRow[])[]): Promise<void>;
  close(): Promise<void>;
}

/** The table of the store, one prepared row at a time, one transaction a batch; nothing is checked. */
export async function bareWriter(path: string): Promise<Writer> {
  await (await openSqliteStore({ path, mode: 'create' })).close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864');
  const insert = database.prepare(
    'INSERT INTO events (log, seq, id, type, payload, actor, caused_by, frame_id, timestamp, subject, hash) ' +
      'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const hash = Buffer.alloc(32, 7);
  let seq = 0;
  return {
    name: 'bare driver',
    write: async (batches) => {
      for (const batch of batches) {
        begin.run();
        for (const { type, payload, actor, causedBy, frameId, timestamp, subject } of batch) {
          seq += 1;
          insert.run(1, seq, null, type, payload, actor, causedBy, frameId, timestamp, subject, hash);
        }
        commit.run();
      }
    },
    close: async () => database.close(),
  };
}

export async function storeWriter(path: string): Promise<Writer> {
  const store = await openSqliteStore({ path, mode: 'create' });
  await store.create({ id: 'run', kind: 'run', label: null, createdAt });
  const { epoch } = await store.acquire('run');
  let seq = 0;
  return {
    name: 'runlog',
    write: async (batches) => {
      for (const events of batches) {
        await store.commit([{ logId: 'run', expected: seq, epoch, events }]);
        seq += events.length;
      }
    },
    close: () => store.close(),
  };
}

/** The store itself knows no such switch: SHA-256 is taken from under it while this writer writes. What it writes verifies nowhere. */
export async function chainlessWriter(path: string): Promise<Writer> {
  const writer = await storeWriter(path);
  return {
    ...writer,
    name: 'runlog, chain off',
    write: async (batches) => {
      const { hash } = crypto;
      const constant = '0'.repeat(64);
      try {
        Object.assign(crypto, { hash: () => constant });
        syncBuiltinESMExports();
        await writer.write(batches);
      } finally {
        crypto.hash = hash;
        syncBuiltinESMExports();
      }
    },
  };
}
