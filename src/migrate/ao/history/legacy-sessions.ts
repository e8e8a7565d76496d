/**
 * Decides which sessions a legacy home holds: those of every project that the registry or a folder names, workers and archives
 * included. Reads only; a damaged file is told, and never stops the others.
 */
import { posix } from 'node:path';
import { type JsonObject, isJsonObject, isStructuredError } from '../../../base/index.ts';
import { intake } from '../../../log/index.ts';
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import { lifecycleOf } from '../legacy/lifecycle.ts';
import { readRegistry } from '../legacy/registry.ts';
import { readSessionRecords, readLoneRecord, type SessionRecord } from '../legacy/session-records.ts';
import { textAt, wordAt } from '../legacy/values.ts';
import { standardAgent } from '../map/effective-project.ts';
import { parseTime, timeOfMs } from '../map/timestamp.ts';
import type { Places } from '../places.ts';
import { type AoEnd, type AoSession, type AoSessions, withBesides } from './ao-session.ts';
import type { Beside } from './claude-transcript.ts';
import type { FindTranscripts } from './find-transcripts.ts';

/** Throws `LegacyRegistryError` for a list of projects that is there and cannot be read. */
export async function legacySessions(
  files: LegacyFiles,
  places: Places,
  find: FindTranscripts,
): Promise<AoSessions> {
  const sessions = new Map<string, AoSession>();
  const notes: string[] = [];
  const folders = foldersIn(files, places.base, notes);
  for (const [projectId, storageKey] of projectsOf(files, places, folders, notes)) {
    const where = { base: places.base, folders, projectId, storageKey, onlyNewest: false, keepsAll: true };
    const { records, unusable } = readSessionRecords(files, where);
    const lone = readLoneRecord(files, posix.join(places.base, 'projects', projectId));
    const all = lone === null || 'problem' in lone ? records : [...records, lone];
    const damaged = lone !== null && 'problem' in lone ? [...unusable, lone] : unusable;
    for (const { path, reason } of damaged) notes.push(`${path} stays behind: ${reason}`);
    for (const record of all) {
      const kept = jsonOf(record);
      if (typeof kept === 'string') {
        notes.push(`${record.path} stays behind: ${kept}`);
        continue;
      }
      const { session, besides } = await sessionOf(record, kept, projectId, { places, find });
      // Two layouts may hold a session of one name, and neither is to be lost.
      const id = sessions.has(session.id)
        ? `${session.id}@${posix.relative(places.base, record.path)}`
        : session.id;
      for (const each of withBesides({ ...session, id }, besides)) sessions.set(each.id, each);
    }
  }
  return { sessions: [...sessions.values()], notes };
}

/** Each project with the folder that an old registry names for it. A folder without an entry is a project that was removed. */
function projectsOf(
  files: LegacyFiles,
  places: Places,
  folders: readonly string[],
  notes: string[],
): ReadonlyMap<string, string | null> {
  const found = new Map<string, string | null>();
  for (const { id, values } of readRegistry(files, places)?.entries ?? []) {
    if (isFolderName(id)) found.set(id, values === null ? null : wordAt(values, 'storageKey'));
    else notes.push(`the project '${id}' stays behind: its id is no name of a folder`);
  }
  const known = [...found.values()];
  for (const name of foldersIn(files, posix.join(places.base, 'projects'), notes))
    if (!found.has(name)) found.set(name, null);
  for (const name of folders) {
    const id = /^[0-9a-f]{12}-(.+)$/.exec(name)?.[1];
    const isHistory = id !== undefined && !/(-observability|\.migrated)$/.test(name);
    if (isHistory && !found.has(id) && !known.includes(name)) found.set(id, null);
  }
  return found;
}

/** Anything else would lead out of the home. */
function isFolderName(id: string): boolean {
  return !['', '.', '..'].includes(id) && !/[/\0]/.test(id);
}

function foldersIn(files: LegacyFiles, path: string, notes: string[]): readonly string[] {
  const list = files.list(path);
  if (list.state === 'unreadable') notes.push(`${path} stays behind: ${list.reason}`);
  return list.state === 'entries'
    ? list.entries.filter(({ isFolder }) => isFolder).map(({ name }) => name)
    : [];
}

async function sessionOf(
  record: SessionRecord,
  kept: JsonObject,
  projectId: string,
  { places, find }: { readonly places: Places; readonly find: FindTranscripts },
): Promise<{ readonly session: AoSession; readonly besides: readonly Beside[] }> {
  const { values, name, path, isArchived } = record;
  const { state, reason, startedAt, lastTransitionAt, isTerminal } = lifecycleOf(values, false);
  const fileTime = record.archivedAt ?? timeOfMs(record.modifiedMs ?? 0) ?? new Date(0).toISOString();
  const createdAt = parseTime(textAt(values, 'createdAt')) ?? parseTime(startedAt) ?? fileTime;
  const agent = wordAt(values, 'agent') ?? standardAgent;
  const { transcript, besides, notes } = await find(
    {
      claude: wordAt(values, 'claudeSessionUuid') ?? '',
      codex: wordAt(values, 'codexThreadId') ?? '',
      opencode: wordAt(values, 'opencodeSessionId') ?? '',
    },
    {
      workspace: textAt(values, 'worktree') ?? '',
      isClaude: agent === 'claude-code',
      hasBegun: state !== 'not_started',
    },
  );
  const stem = isArchived ? posix.basename(path, '.json') : name;
  const session: AoSession = {
    id: `ao:${projectId}:${stem}`,
    parentId: null,
    projectId,
    name,
    agent,
    createdAt,
    startedAt: state === 'not_started' ? null : (parseTime(startedAt) ?? createdAt),
    updatedAt: parseTime(lastTransitionAt) ?? record.archivedAt ?? createdAt,
    end: isTerminal || isArchived ? endOf({ state, reason, status: textAt(values, 'status') }) : null,
    facts: { file: posix.relative(places.base, path), archived: isArchived, record: kept },
    transcript,
    notes: [...record.inexact.map((found) => `its record: ${found}`), ...notes],
  };
  return { session, besides };
}

const doneReasons = new Set(['pr_merged', 'auto_cleanup', 'research_complete', 'merged_waiting_decision']);
const brokenReasons = new Set(['runtime_lost', 'agent_process_exited', 'probe_failure', 'error_in_process']);

interface Ended {
  readonly state: string | null;
  readonly reason: string | null;
  readonly status: string | null;
}

/** The reason says more than the state: a session whose work was merged is terminated too. */
function endOf({ state, reason, status }: Ended): AoEnd {
  if (status?.trim() === 'errored' || brokenReasons.has(reason ?? '')) return 'failed';
  return state === 'done' || state === 'idle' || doneReasons.has(reason ?? '') ? 'completed' : 'cancelled';
}

/** The record as a log keeps it, or why none does. */
function jsonOf({ values }: SessionRecord): JsonObject | string {
  try {
    const { value } = intake(values);
    return isJsonObject(value) ? value : {};
  } catch (error) {
    if (!isStructuredError(error)) throw error;
    // It names the place, which may be as long as the value is deep.
    return shortened(error.summary);
  }
}

function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 100)} … ${text.slice(-100)}`;
}
