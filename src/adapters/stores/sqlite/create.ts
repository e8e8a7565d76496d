/** Decides how the row of a new log is made. */
import { genesisHash, type LogInfo, type NewLog, runExists, runNotFound } from '../../../log/index.ts';
import type { SqliteConnection } from './connection.ts';
import { findLog, readInfo } from './log-row.ts';

export const insertLog = `INSERT INTO logs
  (id, kind, label, created_at, seq, hash, epoch, has_stray_ids, parent, fork_seq, fork_hash, lineage)
  VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)`;

export function checkCreate(connection: SqliteConnection, log: NewLog): () => LogInfo {
  refuseTaken(connection, log.id);
  return () => {
    const hash = Buffer.from(genesisHash, 'hex');
    connection.run(insertLog, log.id, log.kind, log.label, log.createdAt, 0, hash, 0, null, 0, hash, '[]');
    return infoOf(connection, log.id);
  };
}

export function refuseTaken(connection: SqliteConnection, logId: string): void {
  if (findLog(connection, logId) !== undefined) throw runExists({ logId });
}

export function infoOf(connection: SqliteConnection, logId: string): LogInfo {
  const info = readInfo(connection, logId);
  if (info === undefined) throw runNotFound({ logId, operation: 'reading it back' });
  return info;
}
