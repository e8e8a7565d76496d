/**
 * Decides which sessions the database of the rewrite holds, in any version of its layout from 12 on: every row of every session with
 * all that other tables say of it, column by column, so that a column that a later version adds comes along.
 */
import type { JsonObject, JsonValue } from '../../../base/index.ts';
import { type MigrationDatabase, quoteText } from '../../../schema/index.ts';
import { columnsOf } from '../../table-columns.ts';
import { parseTime } from '../map/timestamp.ts';
import { type AoSession, type AoSessions, withBesides } from './ao-session.ts';
import type { FindTranscripts } from './find-transcripts.ts';

/** The tables whose rows name a session. */
const besides = ['change_log', 'pr', 'session_worktrees', 'notifications', 'review', 'review_run'] as const;
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
  for (const row of await rowsOf(database, 'sessions', '1 = 1')) {
    const id = textOf(row['id']);
    const more: Record<string, JsonValue> = {};
    for (const table of besides)
      more[table] = [...(await rowsOf(database, table, `session_id = ${quoteText(id)}`))];
    sessions.push(...(await sessionOf(row, more, find)));
  }
  return { sessions, notes: [] };
}

async function rowsOf(
  database: MigrationDatabase,
  table: string,
  condition: string,
): Promise<readonly JsonObject[]> {
  const names = [...(await columnsOf(database, 'sqlite', table)).keys()];
  if (names.length === 0) return [];
  const listed = names.map((name) => `CAST("${name.replaceAll('"', '""')}" AS TEXT)`).join(', ');
  const rows = await database.all(`SELECT ${listed} FROM "${table}" WHERE ${condition} ORDER BY rowid`);
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, textOrNull(row[index])])));
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

/** Every cell is asked for as text. */
function textOrNull(cell: unknown): string | null {
  return typeof cell === 'string' ? cell : null;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
