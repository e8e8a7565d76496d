/**
 * Decides where OpenCode keeps what was said in a session: in its database since spring 2026, before that in a file for each message
 * and each part of one. A message comes before its parts; both in the order of their ids, which is that of time.
 */
import { posix } from 'node:path';
import { isJsonObject } from '../../../base/index.ts';
import { type MigrationDatabase, quoteText } from '../../../schema/index.ts';
import { columnsOf } from '../../table-columns.ts';
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import { parsedJson } from '../legacy/values.ts';
import {
  type Transcript,
  type TranscriptEntry,
  type TranscriptLine,
  type TranscriptReader,
  unreadable,
} from './transcript.ts';

export interface OpenedDatabase {
  readonly database: MigrationDatabase;
  readonly close: () => Promise<void>;
}

export interface OpencodePlaces {
  readonly files: LegacyFiles;
  readonly reader: TranscriptReader;
  /** Opens a database of SQLite for reading. */
  readonly open: (path: string) => Promise<OpenedDatabase>;
}

const pageRows = 500;

/** Finds a session by its id; `null` when nothing of it is there. What is there and cannot be read says why when it is read. */
export function opencodeTranscripts(
  places: OpencodePlaces,
  dataFolder: string,
): (session: string) => Promise<Transcript | null> {
  const { files } = places;
  const path = posix.join(dataFolder, 'opencode.db');
  // A lock is waited for, and not once for each session.
  let problem: Transcript | null = null;
  return async (session) => {
    // It becomes the name of a folder.
    if (!/^ses_[0-9A-Za-z]+$/.test(session)) return null;
    if (problem !== null) return problem;
    const data = files.list(dataFolder);
    if (data.state === 'unreadable') return unreadable(dataFolder, data.reason);
    if (data.state === 'absent') return null;
    try {
      if (data.entries.some(({ name }) => name === 'opencode.db') && (await holds(places, path, session)))
        return { path, entries: () => storedRows(places, path, session) };
    } catch (error) {
      problem = unreadable(path, error);
      return problem;
    }
    const folder = posix.join(dataFolder, 'storage', 'message', session);
    if (files.list(folder).state === 'absent') return null;
    return { path: folder, entries: () => storedFiles(places, dataFolder, folder) };
  };
}

const neededColumns = ['id', 'session_id', 'data'];

async function holds({ open }: OpencodePlaces, path: string, session: string): Promise<boolean> {
  const { database, close } = await open(path);
  try {
    for (const table of ['message', 'part']) {
      const columns = await columnsOf(database, 'sqlite', table);
      // In a database without these tables nothing was said.
      if (columns.size === 0) return false;
      const missing = neededColumns.filter((name) => !columns.has(name));
      if (missing.length > 0) throw new Error(`its table ${table} has no column ${missing.join(', ')}`);
    }
    const [row] = await database.all(
      `SELECT count(*) FROM message WHERE session_id = ${quoteText(session)} LIMIT 1`,
    );
    return Number(row?.[0] ?? 0) > 0;
  } finally {
    await close();
  }
}

async function* storedRows(
  { open, reader }: OpencodePlaces,
  path: string,
  session: string,
): AsyncIterable<TranscriptEntry> {
  const { database, close } = await open(path);
  const page = (table: string, where: string, after: string) =>
    database.all(
      `SELECT id, CAST(data AS BLOB) FROM ${table} WHERE session_id = ${quoteText(session)}${where} AND id > ${quoteText(after)} ORDER BY id LIMIT ${pageRows}`,
    );
  const rows = async function* (
    table: string,
    where: string,
  ): AsyncIterable<readonly [string, TranscriptLine]> {
    for (let after = ''; ;) {
      const found = await page(table, where, after);
      for (const [id, data] of found) {
        after = String(id);
        yield [after, data instanceof Uint8Array ? reader.line(data) : { text: String(data), base64: null }];
      }
      if (found.length < pageRows) return;
    }
  };
  try {
    for await (const [id, line] of rows('message', '')) {
      const role = roleIn(line.text);
      yield { ...line, name: id, role };
      const ofMessage = ` AND message_id = ${quoteText(id)}`;
      for await (const [name, part] of rows('part', ofMessage)) yield { ...part, name, role };
    }
  } finally {
    await close();
  }
}

async function* storedFiles(
  { files, reader }: OpencodePlaces,
  dataFolder: string,
  folder: string,
): AsyncIterable<TranscriptEntry> {
  for (const message of namesIn(files, folder)) {
    const own = reader.whole(posix.join(folder, message));
    const role = roleIn(own.text);
    const id = message.slice(0, -'.json'.length);
    yield { ...own, name: id, role };
    const parts = posix.join(dataFolder, 'storage', 'part', id);
    for (const part of namesIn(files, parts))
      yield { ...reader.whole(posix.join(parts, part)), name: part.slice(0, -'.json'.length), role };
  }
}

function namesIn(files: LegacyFiles, folder: string): readonly string[] {
  const list = files.list(folder);
  if (list.state === 'unreadable') throw new Error(`${folder}: ${list.reason}`);
  return list.state === 'entries'
    ? list.entries.filter(({ name, isFolder }) => !isFolder && name.endsWith('.json')).map(({ name }) => name)
    : [];
}

function roleIn(text: string): string | null {
  const json = parsedJson(text);
  const role = isJsonObject(json) ? json['role'] : null;
  return typeof role === 'string' ? role : null;
}
