/** Decides when a log may go: when it stands where its caller saw it, nobody holds it, and no fork reads from it. */
import {
  concurrentWriter,
  type Head,
  refuseThere,
  runNeeded,
  type StoredRecord,
  textOf,
} from '../../../../log/index.ts';
import type { SqliteConnection } from '../connection.ts';
import { requireLog } from '../log-row.ts';
import type { Ownership } from '../ownership.ts';
import { findRecord, listRecords, removeRecord } from '../records/records.ts';

const selectForks = `SELECT DISTINCT l.id FROM logs AS l, json_each(l.lineage) AS segment
  WHERE l.lineage <> '[]' AND json_extract(segment.value, '$[0]') = ? ORDER BY l.log`;

/** Logs such as `a/b`, whose records stand below the prefix of `a`; `0` comes behind `/`. */
const selectNested = 'SELECT id FROM logs WHERE id > ? AND id < ?';

/**
 * A position is given once, because whoever follows the store stands behind it; SQLite gives the highest plus one. So the highest
 * stays taken, by a row of no log.
 */
const keepHighest = `UPDATE events SET log = 0, seq = position, id = NULL, type = '', payload = '', subject = NULL, actor = NULL,
    caused_by = NULL, frame_id = NULL, run_id = NULL, provider = NULL, correlation_id = NULL, metadata = NULL
  WHERE position = (SELECT max(position) FROM events) AND position > 0 AND log = ?`;
const forgetKept = 'DELETE FROM events WHERE log = 0 AND position < (SELECT max(position) FROM events)';

/** Throws the refusal, or returns what removes the log, its events and its records. */
export function checkRemove(
  connection: SqliteConnection,
  head: Head,
  ownership: Ownership,
  unless?: Pick<StoredRecord, 'kind' | 'id'>,
): () => void {
  const { logId } = head;
  if (unless !== undefined) refuseThere(unless, findRecord(connection, unless.kind, unless.id));
  const log = requireLog(connection, logId, 'remove');
  if (log.seq !== head.seq || log.hash !== head.hash)
    throw concurrentWriter({ what: 'run', id: logId, expected: head.seq, actual: log.seq });
  ownership.refuseHeld(log);
  const forks = connection.rows(selectForks, logId).map(([id]) => textOf(id));
  if (forks.length > 0) throw runNeeded({ logId, forks });
  return () => {
    connection.run(keepHighest, log.number);
    connection.run('DELETE FROM events WHERE log = ?', log.number);
    connection.run(forgetKept);
    connection.run('DELETE FROM logs WHERE log = ?', log.number);
    const nested = connection.rows(selectNested, `${logId}/`, `${logId}0`).map(([id]) => `${textOf(id)}/`);
    for (const { kind, id } of listRecords(connection, null, `${logId}/`)) {
      if (nested.some((prefix) => id.startsWith(prefix))) continue;
      removeRecord(connection, kind, id);
    }
  };
}
