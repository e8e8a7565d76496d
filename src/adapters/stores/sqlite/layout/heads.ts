/**
 * Decides where heads are found in a file whose own view `heads` will not do: a store of an older layout has none, and one whose indexes
 * are broken shows too little through them. A view of the same name that only this connection sees stands in for it.
 */
import type { SqliteConnection } from '../connection.ts';

/** The first layout that marks heads beside the events. */
const marksSince = 4;

const ofRows = 'CREATE TEMP VIEW heads AS SELECT log, seq, hash FROM main.logs';

/** As the view of the layout, with one look at all events in place of an index. */
const withoutIndexes = `CREATE TEMP VIEW heads (log, seq, hash) AS
  SELECT l.log, coalesce(e.seq + 1 - e.is_head, l.seq), CASE e.is_head WHEN 1 THEN e.hash WHEN 0 THEN zeroblob(32) ELSE l.hash END
  FROM main.logs AS l NOT INDEXED
  LEFT JOIN (SELECT log, max(seq) AS seq, hash, is_head FROM main.events NOT INDEXED GROUP BY log) AS e
    ON e.log = l.log AND e.is_head IN (0, 1) AND e.seq + 1 - e.is_head > l.seq`;

/** For a connection that only reads. Does nothing where the store's own view will do. */
export function provideHeads(
  connection: SqliteConnection,
  { version, hasIndexes }: { readonly version: number; readonly hasIndexes: boolean },
): void {
  if (version < marksSince) connection.exec(ofRows);
  else if (!hasIndexes) connection.exec(withoutIndexes);
}
