/**
 * Decides how events of sessions are found in the database. By place the logs lead, each along its own index; by time the index of
 * all session events leads, unless sessions are named.
 */
import { type EventQuery, type FoundEvent, textOf } from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { Cell, Session } from '../connection.ts';
import { decodeEventRow, eventColumns, type EventShape } from '../event-row.ts';
import type { Tables } from '../tables.ts';

export interface SqlText {
  readonly sql: string;
  readonly values: readonly Cell[];
}

const shape: EventShape = { kind: 'session', hashes: false };
const logColumn = 14;

export async function findEvents(
  session: Session,
  tables: Tables,
  query: EventQuery,
  limit: number,
): Promise<readonly FoundEvent[]> {
  const found: FoundEvent[] = [];
  for (const { sql, values } of eventStatements(tables, query)) {
    const left = limit - found.length;
    const rows = await session.rows(`${sql} LIMIT $${values.length + 1}`, ...values, left);
    for (const row of rows) {
      const logId = textOf(row[logColumn]);
      found.push({ logId, event: decodeEventRow(logId, shape, row) });
    }
  }
  return found;
}

export async function countEvents(
  session: Session,
  tables: Tables,
  { after: _after, ...query }: EventQuery,
): Promise<number> {
  const values: Cell[] = [];
  const sql = `SELECT count(*) ${joined(tables, query, values)}`;
  const [row] = await session.rows(sql, ...values);
  return numberOf(row?.[0]);
}

/** What is asked, one after the other, until there are enough: the rest of the log that the cursor stands in comes first. */
export function eventStatements(tables: Tables, query: EventQuery): readonly SqlText[] {
  const { after, order, descending = false } = query;
  const statement = (condition: (named: Named) => string, by: string): SqlText => {
    const values: Cell[] = [];
    const from = joined(tables, query, values);
    const behind = condition((value) => `$${values.push(value)}`);
    const columns = `${eventColumns(shape)}, l.id`;
    return { sql: `SELECT ${columns} ${from}${behind} ORDER BY ${by}`, values };
  };
  if (order === 'time') {
    const [direction, sign] = descending ? ['DESC', '<'] : ['ASC', '>'];
    const time = 'e.timestamp COLLATE "C"';
    const by = [time, 'l.id', 'e.seq'].map((column) => `${column} ${direction}`).join(', ');
    const behind = (named: Named): string => {
      if (after === undefined) return '';
      const at = named(after.timestamp);
      return ` AND ${time} ${sign}= ${at} AND (${time}, l.id, e.seq) ${sign} (${at}, ${named(after.logId)}, ${named(after.seq)}::bigint)`;
    };
    return [statement(behind, by)];
  }
  const by = 'l.id, e.seq';
  if (after === undefined) return [statement(() => '', by)];
  return [
    statement((named) => ` AND l.id = ${named(after.logId)} AND e.seq > ${named(after.seq)}`, by),
    statement((named) => ` AND l.id > ${named(after.logId)}`, by),
  ];
}

type Named = (value: Cell) => string;

function joined({ logs, events }: Tables, query: EventQuery, values: Cell[]): string {
  const { logIds, runIds, types, providers, correlationId, from, to } = query;
  const named: Named = (value) => `$${values.push(value)}`;
  const among = (column: string, wanted: readonly string[] | undefined): readonly string[] =>
    wanted === undefined ? [] : [`${column} = ANY (${named(wanted)}::text[])`];
  const time = 'e.timestamp COLLATE "C"';
  return [
    `FROM ${events} AS e JOIN ${logs} AS l ON l.log = e.log WHERE l.kind = 'session' AND e.schema_version IS NOT NULL`,
    ...among('l.id', logIds),
    ...among('e.run_id', runIds),
    ...among('e.type', types),
    ...among('e.provider', providers),
    ...(correlationId === undefined ? [] : [`e.correlation_id = ${named(correlationId)}`]),
    ...(from === undefined ? [] : [`${time} >= ${named(from)}`]),
    ...(to === undefined ? [] : [`${time} <= ${named(to)}`]),
  ].join(' AND ');
}
