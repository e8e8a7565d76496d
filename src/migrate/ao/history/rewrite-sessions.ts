/**
 * Decides which sessions the database of the rewrite holds, in any version of its layout from 12 on: every row of every session with
 * all that other tables say of it, column by column, so that a column that a later version adds comes along.
 */
import type { JsonObject, JsonValue } from '../../../base/index.ts';
import type { MigrationDatabase } from '../../../schema/index.ts';
import { columnsOf } from '../../table-columns.ts';
import { parseTime } from '../map/timestamp.ts';
import { type AoSession, type AoSessions, withBesides } from './ao-session.ts';
import type { FindTranscripts } from './find-transcripts.ts';
import { rowsBeside, rowsOf } from './rewrite-tables.ts';

const oldest = 12;

/** The version of the layout; `null` for a database of anything else. */
export async function rewriteVersion(database: MigrationDatabase): Promise<number | null> {
  const columns = await columnsOf(database, 'sqlite', 'sessions');
  const hasVersion = (await columnsOf(database, 'sqlite', 'goose_db_version')).has('version_id');
  if (!hasVersion || !['id', 'project_id', 'harness', 'created_at'].every((name) => columns.has(name)))
    return null;
  const [row] = await database.all('SELECT max(version_id) FROM goose_db_version WHERE is_applied = 1');
  return Number(row?.[0] ?? 0);
}

export function isReadableRewrite(version: number): boolean {
  return version >= oldest;
}

/** The database has to be one of the rewrite: see `rewriteVersion`. */
export async function rewriteSessions(
  database: MigrationDatabase,
  find: FindTranscripts,
): Promise<AoSessions> {
  const sessions: AoSession[] = [];
  const rows = await rowsOf(database, 'sessions');
  const beside = await rowsBeside(database, rows);
  for (const row of rows) {
    const { more, notes } = fitting(beside.get(textOf(row['id'])) ?? new Map());
    const [session, ...others] = await sessionOf(row, more, find);
    if (session !== undefined) sessions.push({ ...session, notes: [...notes, ...session.notes] }, ...others);
  }
  return { sessions, notes: [] };
}

/** A document is a text of at most 16 Mi characters; the session itself has to fit, too. */
const besidesCharacters = 12 * 1024 * 1024;

/** All tables as long as they fit: the small ones first. */
function fitting(tables: ReadonlyMap<string, readonly JsonObject[]>): {
  readonly more: JsonObject;
  readonly notes: readonly string[];
} {
  const notes: string[] = [];
  const sized = [...tables].map(([table, rows]) => ({ table, rows, size: JSON.stringify(rows).length }));
  let total = 0;
  const kept = sized
    .sort((left, right) => left.size - right.size)
    .filter(({ table, rows, size }) => {
      total += size;
      if (total > besidesCharacters)
        notes.push(
          `its ${rows.length} rows of ${table} stay behind: they are too large for the row of a session`,
        );
      return total <= besidesCharacters;
    });
  kept.sort((left, right) => (left.table < right.table ? -1 : 1));
  const more = Object.fromEntries(kept.map(({ table, rows }): [string, JsonValue] => [table, [...rows]]));
  return { more, notes };
}

async function sessionOf(
  row: JsonObject,
  more: JsonObject,
  find: FindTranscripts,
): Promise<readonly AoSession[]> {
  const [id, projectId, harness] = [textOf(row['id']), textOf(row['project_id']), textOf(row['harness'])];
  const agentId = textOf(row['agent_session_id']).trim();
  const createdAt = parseTime(row['created_at']) ?? new Date(0).toISOString();
  const idOf = (agent: string): string => (harness === agent ? agentId : '');
  const { transcript, besides, notes } = await find(
    { claude: idOf('claude-code'), codex: idOf('codex'), opencode: idOf('opencode') },
    // The rewrite keeps the id of every session that was started.
    { workspace: textOf(row['workspace_path']), isClaude: false, hasBegun: true },
  );
  const session: AoSession = {
    // The same session goes on there, with a history of its own.
    id: `ao-rewrite:${projectId}:${id}`,
    parentId: null,
    projectId,
    name: id,
    agent: harness === '' ? 'unknown' : harness,
    createdAt,
    startedAt: createdAt,
    updatedAt: parseTime(row['updated_at']) ?? createdAt,
    end: row['is_terminated'] === '1' ? 'cancelled' : null,
    facts: { session: row, ...more },
    transcript,
    notes,
  };
  return withBesides(session, besides);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
