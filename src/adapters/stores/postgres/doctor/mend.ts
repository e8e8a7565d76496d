/** Decides how what follows from history is put right in PostgreSQL: in one transaction, and only where a row still is as it was found. */
import type { Mend } from '../../../../log/index.ts';
import type { PostgresConnection, Session } from '../connection.ts';
import { quoteName, type Tables } from '../tables.ts';

export async function mendTables(
  connection: PostgresConnection,
  tables: Tables,
  changes: readonly Mend[],
): Promise<void> {
  await connection.transaction(async (session) => {
    await session.rows(`SELECT set_config('search_path', $1, true)`, quoteName(tables.schema));
    for (const change of changes) await mend(session, tables, change);
  });
}

async function mend(session: Session, tables: Tables, change: Mend): Promise<void> {
  const { logs, events, records, owners } = tables;
  switch (change.kind) {
    case 'reindex':
      for (const table of [logs, events, records, owners]) await session.rows(`REINDEX TABLE ${table}`);
      break;
    case 'drop-record': {
      const { kind, id, version } = change.record;
      const sql = `DELETE FROM ${records} WHERE kind = $1 AND id = $2 AND version = $3`;
      await session.rows(sql, kind, id, version);
      break;
    }
    case 'forget-owner': {
      const { owner, expiresAt } = change.owner;
      await session.rows(
        `DELETE FROM ${owners} WHERE owner = $1 AND lease_ends = $2`,
        owner,
        Date.parse(expiresAt),
      );
      break;
    }
    case 'move-head': {
      const { log, to } = change;
      const sql = `UPDATE ${logs} SET seq = $1, hash = decode($2, 'hex') WHERE log = $3 AND seq = $4 AND hash = decode($5, 'hex')`;
      await session.rows(sql, to.seq, to.hash, log.number, log.seq, log.hash);
      break;
    }
    case 'mark-stray-ids':
      await session.rows(`UPDATE ${logs} SET has_stray_ids = true WHERE log = $1`, change.log.number);
      break;
    case 'set-subject': {
      const { log, seq, from, to } = change;
      const sql = `UPDATE ${events} SET subject = $1 WHERE log = $2 AND seq = $3 AND subject = $4`;
      await session.rows(sql, to, log.number, seq, from);
      break;
    }
  }
}
