/**
 * Decides how events of sessions are found in the file. By place the logs lead, each along its own index; by time the index of all
 * session events leads, unless sessions are named.
 */
import { type EventQuery, type FoundEvent, textOf } from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { SqliteConnection } from '../connection.ts';
import type { SqliteValue } from '../driver.ts';
import { decodeEventRow, eventColumns, type EventShape } from '../event-row.ts';

export interface SqlText {
  readonly sql: string;
  readonly values: readonly SqliteValue[];
}

const shape: EventShape = { kind: 'session', hashes: false };
const ofEvents = eventColumns(shape).split(', ');
const columns = [...ofEvents.map((name) => `e.${name}`), 'l.id'].join(', ');
const logColumn = ofEvents.length;

export function findEvents(
  connection: SqliteConnection,
  query: EventQuery,
  limit: number,
): readonly FoundEvent[] {
  const found: FoundEvent[] = [];
  for (const { sql, values } of eventStatements(query)) {
    const rows = connection.rows(`${sql} LIMIT ?`, ...values, limit - found.length);
    for (const row of rows) {
      const logId = textOf(row[logColumn]);
      found.push({ logId, event: decodeEventRow(logId, shape, row) });
    }
  }
  return found;
}

export function countEvents(connection: SqliteConnection, { after: _after, ...query }: EventQuery): number {
  const { sql, values } = joined({ ...query, order: query.logIds === undefined ? 'time' : 'place' });
  return numberOf(connection.row(`SELECT count(*) ${sql}`, ...values)?.[0]);
}

/** What is asked, one after the other, until there are enough: the rest of the log that the cursor stands in comes first. */
export function eventStatements(query: EventQuery): readonly SqlText[] {
  const { after, order, descending = false } = query;
  if (order === 'time') {
    const direction = descending ? 'DESC' : 'ASC';
    const { sql, values } = joined(query);
    const sign = descending ? '<' : '>';
    const behind: SqlText =
      after === undefined
        ? { sql: '', values: [] }
        : {
            sql: ` AND e.timestamp ${sign}= ? AND (e.timestamp, l.id, e.seq) ${sign} (?, ?, ?)`,
            values: [after.timestamp, after.timestamp, after.logId, after.seq],
          };
    const by = ['e.timestamp', 'l.id', 'e.seq'].map((column) => `${column} ${direction}`).join(', ');
    return [
      {
        sql: `SELECT ${columns} ${sql}${behind.sql} ORDER BY ${by}`,
        values: [...values, ...behind.values],
      },
    ];
  }
  const { sql, values } = joined(query);
  const part = (condition: string, ...more: readonly SqliteValue[]): SqlText => ({
    sql: `SELECT ${columns} ${sql}${condition} ORDER BY l.id, e.seq`,
    values: [...values, ...more],
  });
  if (after === undefined) return [part('')];
  return [part(' AND l.id = ? AND e.seq > ?', after.logId, after.seq), part(' AND l.id > ?', after.logId)];
}

function joined(query: EventQuery): SqlText {
  const { logIds, runIds, types, providers, correlationId, from, to, order } = query;
  const isByEvents = correlationId !== undefined || (order === 'time' && logIds === undefined);
  const clauses: SqlText[] = [];
  const among = (column: string, wanted: readonly string[] | undefined): void => {
    const [only, ...others] = wanted ?? [];
    if (wanted === undefined) return;
    if (only !== undefined && others.length === 0) clauses.push({ sql: `${column} = ?`, values: [only] });
    else {
      const sql = `${column} IN (SELECT value FROM json_each(?))`;
      clauses.push({ sql, values: [JSON.stringify(wanted)] });
    }
  };
  among('l.id', logIds);
  among('e.run_id', runIds);
  among('e.type', types);
  among('e.provider', providers);
  if (correlationId !== undefined) clauses.push({ sql: 'e.correlation_id = ?', values: [correlationId] });
  if (from !== undefined) clauses.push({ sql: 'e.timestamp >= ?', values: [from] });
  if (to !== undefined) clauses.push({ sql: 'e.timestamp <= ?', values: [to] });
  // The planner would have to guess; the first table is the one whose index fits the question.
  const tables = isByEvents
    ? "FROM events AS e CROSS JOIN logs AS l ON l.log = e.log WHERE l.kind = 'session' AND e.schema_version IS NOT NULL"
    : "FROM logs AS l CROSS JOIN events AS e ON e.log = l.log WHERE l.kind = 'session'";
  return {
    sql: [tables, ...clauses.map(({ sql }) => sql)].join(' AND '),
    values: clauses.flatMap(({ values }) => values),
  };
}
