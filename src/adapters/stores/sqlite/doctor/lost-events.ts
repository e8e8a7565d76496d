/**
 * Decides when a wrong index is the better witness: where it speaks of events behind the last one of a log, their page went back to what
 * it was before. Made anew from what is left, the index would say that nothing is missing.
 */
import { type GroundFault, isDamage } from '../../../../log/index.ts';
import type { SqliteConnection } from '../connection.ts';

const select = `SELECT l.id, i.seq, coalesce(t.seq, 0)
  FROM (SELECT log, max(seq) AS seq FROM events INDEXED BY sqlite_autoindex_events_1 GROUP BY log) AS i
  JOIN logs AS l NOT INDEXED ON l.log = i.log
  LEFT JOIN (SELECT log, max(seq) AS seq FROM events NOT INDEXED GROUP BY log) AS t ON t.log = i.log
  WHERE i.seq > coalesce(t.seq, 0) ORDER BY l.log LIMIT 20`;

/** One fault a run whose last events are gone; none when the index cannot be read either. */
export function lostEventsOf(connection: SqliteConnection): readonly GroundFault[] {
  try {
    return connection.rows(select).map(([id, seq, last]) => ({
      kind: 'lost-tail' as const,
      what: `The index speaks of ${String(seq)} events of run '${String(id)}', and the last one stands at place ${String(last)}.`,
    }));
  } catch (error) {
    if (!isDamage(error)) throw error;
    // An index that cannot be read is no witness.
    return [];
  }
}
