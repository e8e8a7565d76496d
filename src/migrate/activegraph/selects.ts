/**
 * Decides how the tables of the Python ActiveGraph are asked, on SQLite and on PostgreSQL: every value as the text that stands
 * there, instants of PostgreSQL as the ISO text that Python wrote, and events that were put away together with the others.
 */
import { quoteText } from '../../schema/index.ts';
import type { Columns } from '../table-columns.ts';
import type { ActiveGraphLayout } from './layout.ts';

const fromEvents = ['id', 'type', 'actor', 'payload', 'frame_id', 'caused_by', 'timestamp', 'run_id', 'seq'];

/** The events of a run behind place `after` of the table: its seq, then the columns of `eventOf`. */
export function selectEvents(
  layout: ActiveGraphLayout,
  { runId, after, limit }: { readonly runId: string; readonly after: string | null; readonly limit: number },
): string {
  const { dialect, columns } = layout;
  const text = (name: string): string => (columns.has(name) ? `e.${name}` : 'NULL');
  // A driver puts another character in the place of bytes that are no text, so they are counted.
  const bytes = dialect === 'sqlite' ? 'length(CAST(e.payload AS BLOB))' : 'NULL';
  return `SELECT CAST(e.seq AS TEXT), e.id, e.type, ${text('actor')}, CAST(e.payload AS TEXT), ${text('frame_id')},
      ${text('caused_by')}, ${momentColumn(columns, 'e', 'timestamp')}, ${bytes}
    FROM ${eventsTable(layout)} e
    WHERE e.run_id = ${quoteText(runId)} ${after === null ? '' : `AND e.seq > ${after}`}
    ORDER BY e.seq LIMIT ${limit}`;
}

/**
 * Every run with a row, and every run without one that has events: id, parent, fork point, label, creation, number of events,
 * whether it has a row, and the time of its first event. In the order in which they began.
 */
export function selectRuns(layout: ActiveGraphLayout, runs: Columns): string {
  const column = (name: string): string => (runs.has(name) ? `CAST(r.${name} AS TEXT)` : 'NULL');
  const counted = `SELECT e.run_id AS run_id, count(*) AS n, min(e.seq) AS first,
    ${momentColumn(layout.columns, 'e', 'timestamp', 'min')} AS began FROM ${eventsTable(layout)} e GROUP BY e.run_id`;
  const hasRuns = runs.has('run_id');
  const withRows = hasRuns
    ? `SELECT r.run_id AS id, ${column('parent_run_id')} AS parent, ${column('forked_at_event_id')} AS forked,
        ${column('label')} AS label, ${momentColumn(runs, 'r', 'created_at')} AS created,
        coalesce(c.n, 0) AS n, 1 AS has_row, c.first AS first, c.began AS began
      FROM runs r LEFT JOIN (${counted}) c ON c.run_id = r.run_id WHERE r.run_id IS NOT NULL
      UNION ALL `
    : '';
  const withoutRows = hasRuns
    ? 'WHERE c.run_id NOT IN (SELECT run_id FROM runs WHERE run_id IS NOT NULL)'
    : '';
  return `SELECT id, parent, forked, label, created, n, has_row, began FROM (
      ${withRows}SELECT c.run_id AS id, NULL AS parent, NULL AS forked, NULL AS label, NULL AS created, c.n AS n,
        0 AS has_row, c.first AS first, c.began AS began FROM (${counted}) c ${withoutRows}
    ) AS found ORDER BY CASE WHEN first IS NULL THEN 1 ELSE 0 END, first, id`;
}

/** Later versions of ActiveGraph put old events away in a second table of the same columns. */
function eventsTable({ hasArchive, columns }: ActiveGraphLayout): string {
  if (!hasArchive) return 'events';
  const names = fromEvents.filter((name) => columns.has(name)).join(', ');
  return `(SELECT ${names} FROM events UNION ALL SELECT ${names} FROM events_archive)`;
}

/** PostgreSQL keeps an instant where Python wrote a text: `Z` behind it, and whole seconds without a fraction. */
function momentColumn(columns: Columns, table: string, name: string, fold = ''): string {
  const type = columns.get(name);
  if (type === undefined) return 'NULL';
  const value = `${fold}(${table}.${name})`;
  if (!type.startsWith('timestamp ')) return `CAST(${value} AS TEXT)`;
  const instant = type === 'timestamp with time zone' ? `(${value} AT TIME ZONE 'UTC')` : value;
  return `regexp_replace(to_char(${instant}, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '\\.?0*$', '') || 'Z'`;
}
