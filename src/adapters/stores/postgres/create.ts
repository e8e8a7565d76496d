/** Decides how the row of a new log is made. */
import { genesisHash, type LogInfo, type NewLog, runExists, runNotFound } from '../../../log/index.ts';
import { numberOf } from './cells.ts';
import type { Session } from './connection.ts';
import { readInfo } from './log-row.ts';
import type { Tables } from './tables.ts';

interface LogBirth {
  readonly seq: number;
  readonly hash: string;
  readonly hasStrayIds: boolean;
  readonly parent: string | null;
  readonly lineage: string;
}

const unrelated: LogBirth = { seq: 0, hash: genesisHash, hasStrayIds: false, parent: null, lineage: '[]' };

export async function createLog(session: Session, tables: Tables, log: NewLog): Promise<LogInfo> {
  await insertLog(session, tables, log, unrelated);
  return infoOf(session, tables, log.id);
}

export async function insertLog(
  session: Session,
  tables: Tables,
  log: NewLog,
  birth: LogBirth,
): Promise<void> {
  const sql = `SELECT ${tables.call('insert_log')}($1, $2, $3, $4, $5, decode($6, 'hex'), $7, $8, $9)::int`;
  const { seq, hash, hasStrayIds, parent, lineage } = birth;
  const [row] = await session.rows(
    sql,
    log.id,
    log.kind,
    log.label,
    log.createdAt,
    seq,
    hash,
    hasStrayIds,
    parent,
    lineage,
  );
  if (numberOf(row?.[0]) === 0) throw runExists({ logId: log.id });
}

export async function infoOf(session: Session, tables: Tables, logId: string): Promise<LogInfo> {
  const info = await readInfo(session, tables, logId);
  if (info === undefined) throw runNotFound({ logId, operation: 'reading it back' });
  return info;
}
