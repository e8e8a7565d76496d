/**
 * Decides where the sessions of a project are found, in every layout that the legacy tool had: `projects/ID/`, `HASH-ID/`, and
 * `STORAGEKEY/`, as JSON or as `key=value`, and in archives. Damaged files are told, and never stop the others.
 */
import { posix } from 'node:path';
import { numberNotes } from '../../number-notes.ts';
import { parseTime } from '../map/timestamp.ts';
import { parseKeyValue } from './key-value.ts';
import type { FolderEntry, LegacyFiles } from './legacy-files.ts';
import { isValues, parsedJson, textAt, type Values } from './values.ts';

export interface SessionRecord {
  /** Name of the file without its ending: the id of the session. */
  readonly name: string;
  readonly path: string;
  readonly values: Values;
  readonly modifiedMs: number | null;
  /** From an archive: whatever it says, the session has ended. */
  readonly isArchived: boolean;
  /** Numbers that are read differently from what stands there, in words. */
  readonly inexact: readonly string[];
  /** When it was put there, by the name of the file; `null` for one that is in no archive or does not tell. */
  readonly archivedAt: string | null;
}

export interface UnusableRecord {
  readonly name: string;
  readonly path: string;
  /** `damaged`: read, and not understood. */
  readonly problem: 'damaged' | 'unreadable';
  readonly reason: string;
}

export interface SessionRecords {
  readonly records: readonly SessionRecord[];
  readonly unusable: readonly UnusableRecord[];
}

export interface SessionPlaces {
  readonly base: string;
  /** Names of the folders below the base. */
  readonly folders: readonly string[];
  readonly projectId: string;
  readonly storageKey: string | null;
  readonly onlyNewest: boolean;
  /** Every file is a session of its own, also where a newer layout has one of the same name. */
  readonly keepsAll?: boolean;
}

const archived = /^(.+)_(\d{8}T\d{6}Z|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)$/;

/** The folders that hold sessions of a project, the newest layout first. */
export function sessionFolders({
  base,
  folders,
  projectId,
  storageKey,
  onlyNewest,
}: SessionPlaces): readonly string[] {
  const newest = posix.join(base, 'projects', projectId);
  if (onlyNewest) return [newest];
  const hashed = folders.filter((name) => /^[0-9a-f]{12}-/.test(name) && name.slice(13) === projectId);
  const bare = folders.filter((name) => name === storageKey && name !== 'projects');
  const older = [...new Set([...hashed, ...bare])].filter(
    (name) => !/(-observability|\.migrated)$/.test(name),
  );
  return [newest, ...older.map((name) => posix.join(base, name))];
}

/** All sessions of a project, workers included. Of two with one name the newer counts. */
export function readSessionRecords(files: LegacyFiles, places: SessionPlaces): SessionRecords {
  const records = new Map<string, SessionRecord>();
  const unusable: UnusableRecord[] = [];
  const keep = (record: SessionRecord): void => {
    const key = record.isArchived || places.keepsAll === true ? record.path : record.name;
    const known = records.get(key);
    if (known === undefined || isNewer(record, known)) records.set(key, record);
  };
  for (const folder of sessionFolders(places)) {
    const sessions = posix.join(folder, 'sessions');
    for (const [directory, isArchived] of [
      [sessions, false],
      [posix.join(sessions, 'archive'), true],
    ] as const) {
      for (const entry of entriesOf(files, directory, unusable)) {
        const found = readRecord(files, directory, entry, {
          isArchived,
          keepsAll: places.keepsAll === true,
        });
        if (found === null) continue;
        if ('problem' in found) unusable.push(found);
        else keep(found);
      }
    }
  }
  return { records: [...records.values()], unusable };
}

/** The one record that some versions wrote beside the folder of sessions. */
export function readLoneRecord(files: LegacyFiles, folder: string): SessionRecord | UnusableRecord | null {
  const entry = { name: 'orchestrator.json', isFolder: false };
  return readRecord(files, folder, entry, { isArchived: false, keepsAll: false });
}

function entriesOf(
  files: LegacyFiles,
  directory: string,
  unusable: UnusableRecord[],
): readonly FolderEntry[] {
  const list = files.list(directory);
  if (list.state === 'unreadable')
    unusable.push({ name: '', path: directory, problem: 'unreadable', reason: list.reason });
  return list.state === 'entries' ? list.entries : [];
}

function readRecord(
  files: LegacyFiles,
  directory: string,
  { name: file, isFolder }: Pick<FolderEntry, 'name' | 'isFolder'>,
  { isArchived, keepsAll }: { readonly isArchived: boolean; readonly keepsAll: boolean },
): SessionRecord | UnusableRecord | null {
  if (isFolder || file.includes('.corrupt-')) return null;
  const isJson = file.endsWith('.json');
  const stem = isJson ? file.slice(0, -'.json'.length) : file;
  const [, id, time] = (isArchived ? archived.exec(stem) : null) ?? [];
  // Whoever keeps all also keeps what somebody put into an archive under another name.
  const name = id ?? (isArchived && !keepsAll ? undefined : stem);
  // Locks, drafts and prompts stand beside the sessions; only a plain name without an ending is an old record.
  if (name === undefined || (!isJson && !/^[a-zA-Z0-9_-]+$/.test(name))) return null;
  const path = posix.join(directory, file);
  const read = files.read(path);
  if (read.state === 'unreadable') return { name, path, problem: 'unreadable', reason: read.reason };
  // An empty file is an id that was reserved and never used.
  if (read.state === 'absent' || read.text.trim() === '') return null;
  const values =
    isJson || read.text.trimStart().startsWith('{') ? objectOf(read.text) : parseKeyValue(read.text);
  if (values === null) return { name, path, problem: 'damaged', reason: 'it is no JSON object' };
  const inexact = isJson ? numberNotes(read.text) : [];
  const archivedAt = time === undefined ? null : parseTime(spelledOut(time));
  return { name, path, values, modifiedMs: files.modifiedMs(path), isArchived, archivedAt, inexact };
}

/** `20260420T143052Z` with its signs. */
function spelledOut(time: string): string {
  return time.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z');
}

function objectOf(text: string): Values | null {
  const value = parsedJson(text);
  return isValues(value) ? value : null;
}

function isNewer(left: SessionRecord, right: SessionRecord): boolean {
  const [leftTime, rightTime] = [left, right].map(
    ({ values }) => parseTime(textAt(values, 'createdAt')) ?? '',
  );
  if (leftTime !== rightTime) return (leftTime ?? '') > (rightTime ?? '');
  return (left.modifiedMs ?? 0) > (right.modifiedMs ?? 0);
}
