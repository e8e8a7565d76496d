/** Decides how what follows from history is put right in a SQLite file: in one transaction, and only where a row still is as it was found. */
import type { Mend } from '../../../../log/index.ts';
import { whenFree } from '../busy-wait.ts';
import { SqliteConnection } from '../connection.ts';
import { openDatabaseFile } from '../database-file.ts';

export async function mendFile(path: string, changes: readonly Mend[], busyTimeoutMs: number): Promise<void> {
  const connection = new SqliteConnection(openDatabaseFile(path, 'write', false), path);
  try {
    connection.exec('PRAGMA synchronous = FULL');
    connection.exec('PRAGMA secure_delete = ON');
    await whenFree(() => {
      connection.run('BEGIN IMMEDIATE');
      try {
        for (const change of changes) mend(connection, change);
        connection.run('COMMIT');
      } catch (error) {
        connection.rollback();
        throw error;
      }
    }, busyTimeoutMs);
  } finally {
    connection.close();
  }
}

function mend(connection: SqliteConnection, change: Mend): void {
  switch (change.kind) {
    case 'reindex':
      connection.exec('REINDEX');
      break;
    case 'drop-record': {
      const { kind, id, version } = change.record;
      connection.run('DELETE FROM records WHERE kind = ? AND id = ? AND version = ?', kind, id, version);
      break;
    }
    case 'forget-owner': {
      const { owner, expiresAt } = change.owner;
      connection.run('DELETE FROM owners WHERE owner = ? AND lease_ends = ?', owner, Date.parse(expiresAt));
      break;
    }
    case 'move-head': {
      const { log, to } = change;
      const sql = 'UPDATE logs SET seq = ?, hash = ? WHERE log = ? AND seq = ? AND hash = ?';
      connection.run(sql, to.seq, bytesOf(to.hash), log.number, log.seq, bytesOf(log.hash));
      break;
    }
    case 'mark-stray-ids':
      connection.run('UPDATE logs SET has_stray_ids = 1 WHERE log = ?', change.log.number);
      break;
    case 'set-subject': {
      const { log, seq, from, to } = change;
      const sql = 'UPDATE events SET subject = ? WHERE log = ? AND seq = ? AND subject = ?';
      connection.run(sql, to, log.number, seq, from);
      break;
    }
  }
}

function bytesOf(hash: string): Uint8Array {
  return Buffer.from(hash, 'hex');
}
