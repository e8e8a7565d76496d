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
import type { Transcript, TranscriptEntry, TranscriptReader } from './transcript.ts';

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

/** `null` when nothing of the session is there. */
export async function opencodeTranscript(
  places: OpencodePlaces,
  dataFolder: string,
  session: string,
): Promise<Transcript | null> {
  // It becomes the name of a folder.
  if (!/^ses_[0-9A-Za-z]+$/.test(session)) return null;
  const path = posix.join(dataFolder, 'opencode.db');
  if (places.files.modifiedMs(path) !== null && (await holds(places, path, session)))
    return { path, entries: () => storedRows(places, path, session) };
  const folder = posix.join(dataFolder, 'storage', 'message', session);
  if (!places.files.isFolder(folder)) return null;
  return { path: folder, entries: () => storedFiles(places, dataFolder, folder) };
}

async function holds({ open }: OpencodePlaces, path: string, session: string): Promise<boolean> {
  const { database, close } = await open(path);
  try {
    for (const table of ['message', 'part']) {
      const columns = await columnsOf(database, 'sqlite', table);
      if (!['id', 'session_id', 'data'].every((name) => columns.has(name))) return false;
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
  { open }: OpencodePlaces,
  path: string,
  session: string,
): AsyncIterable<TranscriptEntry> {
  const { database, close } = await open(path);
  const page = (table: string, where: string, after: string) =>
    database.all(
      `SELECT id, CAST(data AS TEXT) FROM ${table} WHERE session_id = ${quoteText(session)}${where} AND id > ${quoteText(after)} ORDER BY id LIMIT ${pageRows}`,
    );
  const rows = async function* (table: string, where: string): AsyncIterable<readonly [string, string]> {
    for (let after = ''; ;) {
      const found = await page(table, where, after);
      for (const [id, data] of found) {
        after = String(id);
        yield [after, String(data)];
      }
      if (found.length < pageRows) return;
    }
  };
  try {
    for await (const [id, text] of rows('message', '')) {
      const role = roleIn(text);
      yield { text, base64: null, name: id, role };
      const ofMessage = ` AND message_id = ${quoteText(id)}`;
      for await (const [part, of] of rows('part', ofMessage))
        yield { text: of, base64: null, name: part, role };
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
  return list.state === 'entries'
    ? list.entries.filter(({ name, isFolder }) => !isFolder && name.endsWith('.json')).map(({ name }) => name)
    : [];
}

function roleIn(text: string): string | null {
  const json = parsedJson(text);
  const role = isJsonObject(json) ? json['role'] : null;
  return typeof role === 'string' ? role : null;
}
