/**
 * Decides where Claude Code keeps what was said in a session: a file of the folder that it has for the working directory, the
 * folder of the session's own beside it, and files of its sub-agents.
 */
import { posix } from 'node:path';
import { isJsonObject } from '../../../base/index.ts';
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import { parsedJson } from '../legacy/values.ts';
import { claudeFolders } from '../map/claude-folders.ts';
import { isTranscriptId } from '../map/transcript-slug.ts';
import { linesOf, type Transcript, type TranscriptReader } from './transcript.ts';

/** What a session has beside its transcript: a sub-agent's own, or another file that was kept for it. */
export interface Beside {
  /** Below the folder of the session, without the ending of a transcript. */
  readonly name: string;
  readonly transcript: Transcript;
}

export interface ClaudeTranscripts {
  readonly transcript: Transcript;
  readonly besides: readonly Beside[];
}

/** `null` when there is none. */
export async function claudeTranscripts(
  { files, reader }: { readonly files: LegacyFiles; readonly reader: TranscriptReader },
  { folder, workspace, uuid }: { readonly folder: string; readonly workspace: string; readonly uuid: string },
): Promise<ClaudeTranscripts | null> {
  if (!isTranscriptId(uuid)) return null;
  const place = claudeFolders(files, folder, workspace).find(
    (path) => files.modifiedMs(posix.join(path, `${uuid}.jsonl`)) !== null,
  );
  if (place === undefined) return null;
  const own = besidesIn(files, reader, posix.join(place, uuid), '');
  const elder = await eldersOf(files, reader, place, uuid);
  return { transcript: linesOf(reader, posix.join(place, `${uuid}.jsonl`)), besides: [...own, ...elder] };
}

function besidesIn(
  files: LegacyFiles,
  reader: TranscriptReader,
  folder: string,
  below: string,
): readonly Beside[] {
  const list = files.list(folder);
  if (list.state !== 'entries') return [];
  return list.entries.flatMap(({ name, isFolder, isLink }) => {
    const path = posix.join(folder, name);
    // A link may lead out of the folder, and round and round.
    if (isLink) return [];
    if (isFolder) return besidesIn(files, reader, path, `${below}${name}/`);
    return [besideAt(reader, path, `${below}${name}`)];
  });
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
  files: LegacyFiles,
  reader: TranscriptReader,
  place: string,
  uuid: string,
): Promise<readonly Beside[]> {
  const list = files.list(place);
  const found: Beside[] = [];
  for (const { name, isFolder, isLink } of list.state === 'entries' ? list.entries : []) {
    if (isFolder || isLink || !/^agent-.+\.jsonl$/.test(name)) continue;
    const path = posix.join(place, name);
    if ((await sessionOfFirstLine(reader, path)) === uuid) found.push(besideAt(reader, path, name));
  }
  return found;
}

async function sessionOfFirstLine(reader: TranscriptReader, path: string): Promise<string | null> {
  try {
    for await (const { text } of reader.lines(path)) {
      const json = parsedJson(text);
      const session = isJsonObject(json) ? json['sessionId'] : null;
      return typeof session === 'string' ? session : null;
    }
  } catch {
    // Whose it is cannot be told, so it is nobody's here; the session's own files fail aloud when they are read.
  }
  return null;
}
