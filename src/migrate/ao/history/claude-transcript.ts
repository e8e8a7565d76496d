/**
 * Decides where Claude Code keeps what was said in a session: a file of the folder that it has for the working directory, the
 * folder of the session's own beside it, and files of its sub-agents.
 */
import { posix } from 'node:path';
import { isJsonObject } from '../../../base/index.ts';
import type { FolderEntry, LegacyFiles } from '../legacy/legacy-files.ts';
import { parsedJson } from '../legacy/values.ts';
import { claudeFolders } from '../map/claude-folders.ts';
import { isTranscriptId } from '../map/transcript-slug.ts';
import { linesOf, type Transcript, type TranscriptReader, unreadable } from './transcript.ts';

/** What a session has beside its transcript: a sub-agent's own, or another file that was kept for it. */
export interface Beside {
  /** Below the folder of the session, without the ending of a transcript. */
  readonly name: string;
  readonly transcript: Transcript;
}

export interface ClaudeTranscripts {
  readonly transcript: Transcript;
  readonly besides: readonly Beside[];
  /** What may belong to the session, and stays behind. */
  readonly notes: readonly string[];
}

/** `null` when there is none. In folders that cannot be looked at there may be one, also for a session without an id. */
export async function claudeTranscripts(
  { files, reader }: { readonly files: LegacyFiles; readonly reader: TranscriptReader },
  { folder, workspace, uuid }: { readonly folder: string; readonly workspace: string; readonly uuid: string },
): Promise<ClaudeTranscripts | null> {
  for (const place of claudeFolders(files, folder, workspace)) {
    const list = files.list(place);
    if (list.state === 'unreadable')
      return { transcript: unreadable(place, list.reason), besides: [], notes: [] };
    const file = `${uuid}.jsonl`;
    if (list.state === 'absent' || !isTranscriptId(uuid)) continue;
    if (!list.entries.some(({ name }) => name === file)) continue;
    const notes: string[] = [];
    const looking = { files, reader, notes };
    const own = besidesIn(looking, posix.join(place, uuid), '');
    const elder = await eldersOf(looking, place, list.entries, uuid);
    return { transcript: linesOf(reader, posix.join(place, file)), besides: [...own, ...elder], notes };
  }
  return null;
}

interface Looking {
  readonly files: LegacyFiles;
  readonly reader: TranscriptReader;
  readonly notes: string[];
}

function besidesIn(looking: Looking, folder: string, below: string): readonly Beside[] {
  const { files, reader, notes } = looking;
  const list = files.list(folder);
  if (list.state === 'unreadable')
    return [{ name: `${below}.`, transcript: unreadable(folder, list.reason) }];
  if (list.state === 'absent') return [];
  return list.entries.flatMap(({ name, isFolder, isLink }) => {
    const path = posix.join(folder, name);
    if (isLink) notes.push(linkNote(path));
    if (isLink) return [];
    if (isFolder) return besidesIn(looking, path, `${below}${name}/`);
    return [besideAt(reader, path, `${below}${name}`)];
  });
}

/** A link may lead out of the folder, and round and round. */
function linkNote(path: string): string {
  return `${path} is a link, and stays behind`;
}

function besideAt(reader: TranscriptReader, path: string, name: string): Beside {
  if (name.endsWith('.jsonl'))
    return { name: name.slice(0, -'.jsonl'.length), transcript: linesOf(reader, path) };
  return {
    name,
    transcript: {
      path,
      async *entries() {
        yield { ...reader.whole(path), name, role: null };
      },
    },
  };
}

/** Until the end of 2025 sub-agents wrote beside all sessions of a working directory, and named theirs in the first line. */
async function eldersOf(
  { reader, notes }: Looking,
  place: string,
  entries: readonly FolderEntry[],
  uuid: string,
): Promise<readonly Beside[]> {
  const found: Beside[] = [];
  for (const { name, isFolder, isLink } of entries) {
    if (isFolder || !/^agent-.+\.jsonl$/.test(name)) continue;
    const path = posix.join(place, name);
    if (isLink) {
      notes.push(linkNote(path));
      continue;
    }
    try {
      if ((await sessionOfFirstLine(reader, path)) === uuid) found.push(besideAt(reader, path, name));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      notes.push(`${path} may be of one of its sub-agents, and cannot be read: ${reason}`);
    }
  }
  return found;
}

async function sessionOfFirstLine(reader: TranscriptReader, path: string): Promise<string | null> {
  for await (const { text } of reader.lines(path)) {
    const json = parsedJson(text);
    const session = isJsonObject(json) ? json['sessionId'] : null;
    return typeof session === 'string' ? session : null;
  }
  return null;
}
