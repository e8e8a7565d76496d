/** Decides how payloads are dropped from the file: each row gets its tombstone, and all of them are written together, with the documents. */
import type { Sha256 } from '../../../../base/index.ts';
import {
  keepsItsPayloads,
  payloadHashOf,
  planRecords,
  readTombstone,
  type RecordWrite,
  type Redaction,
  textOf,
  tombstoneText,
} from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { SqliteConnection } from '../connection.ts';
import { requireLog } from '../log-row.ts';
import { findRecord, writeRecords } from '../records/records.ts';

const selectPayloads =
  'SELECT e.seq, e.payload FROM json_each(?) AS j CROSS JOIN events AS e ON e.log = ? AND e.seq = j.value';
const writePayload = 'UPDATE events SET payload = ? WHERE log = ? AND seq = ?';

/** Throws the refusal, or returns what writes the tombstones. Both run in one transaction. */
export function checkRedact(
  connection: SqliteConnection,
  { logId, seqs, note }: Redaction,
  records: readonly RecordWrite[],
  sha256: Sha256,
): () => number {
  const log = requireLog(connection, logId, 'redact');
  if (log.kind !== 'session') throw keepsItsPayloads(logId);
  const writes = planRecords(records, (kind, id) => findRecord(connection, kind, id));
  return () => {
    writeRecords(connection, writes);
    let dropped = 0;
    for (const [seq, cell] of connection.rows(
      selectPayloads,
      JSON.stringify([...new Set(seqs)]),
      log.number,
    )) {
      const payload = textOf(cell);
      if (readTombstone(payload) !== null) continue;
      const tombstone = tombstoneText({ payloadHash: payloadHashOf(payload, sha256), note });
      dropped += connection.run(writePayload, tombstone, log.number, numberOf(seq));
    }
    return dropped;
  };
}
