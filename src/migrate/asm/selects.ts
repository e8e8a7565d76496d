/**
 * Decides how the tables of agent_session_manager are asked, on SQLite and on PostgreSQL: documents as the text that stands there,
 * moments as ISO text in UTC, and `NULL` where an older layout has no column.
 */
import { quoteText } from '../../schema/index.ts';
import type { AsmLayout, AsmTable } from './layout.ts';

/** The columns of a row in the order of the tables, which is that of the functions that read them. */
export const sessionColumns = [
  'id',
  'agent_id',
  'status',
  'parent_session_id',
  'metadata',
  'context',
  'tags',
  'created_at',
  'updated_at',
  'deleted_at',
] as const;

export const runColumns = [
  'id',
  'session_id',
  'status',
  'input',
  'output',
  'error',
  'metadata',
  'turn_count',
  'token_usage',
  'started_at',
  'ended_at',
  'provider',
  'provider_metadata',
  'cost_usd',
] as const;

export const artifactColumns = [
  'id',
  'session_id',
  'run_id',
  'key',
  'content_type',
  'byte_size',
  'checksum_sha256',
  'storage_backend',
  'storage_ref',
  'metadata',
  'created_at',
  'deleted_at',
] as const;

const eventColumns = [
  'id',
  'type',
  'timestamp',
  'run_id',
  'data',
  'metadata',
  'schema_version',
  'provider',
  'correlation_id',
] as const;

/** One page of a session's events behind a number: the number, the columns of an event, and the bytes of its data where they count. */
export function selectEvents(
  layout: AsmLayout,
  {
    sessionId,
    after,
    limit,
  }: { readonly sessionId: string; readonly after: string | null; readonly limit: number },
): string {
  const bytes = layout.dialect === 'sqlite' ? 'length(CAST(t.data AS BLOB))' : 'NULL';
  const behind = after === null ? '' : `AND t.sequence_number > ${after}`;
  return `SELECT CAST(t.sequence_number AS TEXT), ${listOf(layout, 'asm_events', eventColumns)}, ${bytes}
    FROM asm_events t WHERE t.session_id = ${quoteText(sessionId)} ${behind} ORDER BY t.sequence_number LIMIT ${limit}`;
}

/** The rows of a session in a table, in the order in which they were made. */
export function selectRows(
  layout: AsmLayout,
  table: 'asm_sessions' | 'asm_runs' | 'asm_artifacts',
  sessionId: string,
): string {
  const [columns, key, order] =
    table === 'asm_sessions'
      ? [sessionColumns, 'id', 'id']
      : table === 'asm_runs'
        ? [runColumns, 'session_id', 'started_at']
        : [artifactColumns, 'session_id', 'created_at'];
  return `SELECT ${listOf(layout, table, columns)} FROM ${table} t
    WHERE t.${key} = ${quoteText(sessionId)} ORDER BY t.${order}, t.id`;
}

/**
 * Every session with a row, and every id that another table names and that has none: id, whether it has a row, when it was made,
 * number of its events, first and last of their numbers, time of the first, and what its counter says. In the order of creation.
 */
export function selectSessions({ columns, ...layout }: AsmLayout): string {
  const moment = (table: AsmTable, name: string): string => momentOf({ columns, ...layout }, table, name);
  const hasCounters = columns.asm_session_sequences.has('last_sequence');
  const counter = hasCounters ? 'q.last_sequence' : 'NULL';
  const counters = hasCounters ? 'LEFT JOIN asm_session_sequences q ON q.session_id = i.id' : '';
  const named = (['asm_runs', 'asm_events', 'asm_session_sequences', 'asm_artifacts'] as const)
    .filter((table) => columns[table].has('session_id'))
    .map((table) => `UNION SELECT session_id FROM ${table} WHERE session_id IS NOT NULL`);
  return `SELECT i.id, CASE WHEN t.id IS NULL THEN 0 ELSE 1 END, ${moment('asm_sessions', 'created_at')},
      coalesce(e.n, 0), e.low, e.high, e.began, ${counter}
    FROM (SELECT id FROM asm_sessions ${named.join(' ')}) i
    LEFT JOIN asm_sessions t ON t.id = i.id
    LEFT JOIN (SELECT t.session_id, count(*) AS n, min(t.sequence_number) AS low, max(t.sequence_number) AS high,
        min(${moment('asm_events', 'timestamp')}) AS began FROM asm_events t GROUP BY t.session_id) e ON e.session_id = i.id
    ${counters} ORDER BY t.created_at IS NULL, t.created_at, i.id`;
}

/** Rows of a table that name no session: how many, and the first of them. */
export function selectStrays(table: AsmTable): string {
  return `SELECT count(*), min(id) FROM ${table} WHERE session_id IS NULL`;
}

function listOf(layout: AsmLayout, table: AsmTable, names: readonly string[]): string {
  return names.map((name) => columnOf(layout, table, name)).join(', ');
}

function columnOf(layout: AsmLayout, table: AsmTable, name: string): string {
  const type = layout.columns[table].get(name);
  if (type === undefined) return 'NULL';
  if (name.endsWith('_at') || name === 'timestamp') return momentOf(layout, table, name);
  return type === 'array' ? `array_to_json(t.${name})::text` : `CAST(t.${name} AS TEXT)`;
}

function momentOf({ columns }: AsmLayout, table: AsmTable, name: string): string {
  const type = columns[table].get(name);
  if (type === undefined) return 'NULL';
  if (!type.startsWith('timestamp ')) return `CAST(t.${name} AS TEXT)`;
  const instant = type === 'timestamp with time zone' ? `(t.${name} AT TIME ZONE 'UTC')` : `t.${name}`;
  return `to_char(${instant}, 'YYYY-MM-DD"T"HH24:MI:SS.US') || 'Z'`;
}
