/** Decides how payloads are dropped from the file: each row gets its tombstone, and all of them are written together. */
import type { Sha256 } from '../../../../base/index.ts';
import {
  keepsItsPayloads,
  payloadHashOf,
  readTombstone,
  type Redaction,
  textOf,
  tombstoneText,
} from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { SqliteConnection } from '../connection.ts';
import { requireLog } from '../log-row.ts';

const selectPayloads =
  'SELECT e.seq, e.payload FROM json_each(?) AS j CROSS JOIN events AS e ON e.log = ? AND e.seq = j.value';
const writePayload = 'UPDATE events SET payload = ? WHERE log = ? AND seq = ?';

/** Throws the refusal, or returns what writes the tombstones. Both run in one transaction. */
export function checkRedact(
  connection: SqliteConnection,
  { logId, seqs, note }: Redaction,
  sha256: Sha256,
): () => number {
  const log = requireLog(connection, logId, 'redact');
  if (log.kind !== 'session') throw keepsItsPayloads(logId);
  return () => {
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
