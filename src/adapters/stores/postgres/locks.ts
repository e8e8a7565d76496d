/** Decides what a transaction holds before it looks at anything that it may change: the locks of its logs and documents. */
import type { Session } from './connection.ts';
import type { Tables } from './tables.ts';

/** Waits at most ten seconds for somebody else. All at once, because whoever takes locks one by one can meet another halfway. */
export async function lockAll(
  session: Session,
  tables: Tables,
  logIds: readonly string[],
  recordIds: readonly string[] = [],
): Promise<void> {
  await session.rows(`SELECT ${tables.call('lock_all')}($1::text[], $2::text[])`, logIds, recordIds);
}

/** The lock behind which rows of logs are made; taken behind those of logs, and before those of documents. */
export async function lockNewLogs(session: Session, tables: Tables): Promise<void> {
  await session.rows(`SELECT ${tables.call('lock_one')}(8192)`);
}
