/**
 * Decides where Codex keeps what was said in a thread: one file for each, by date below `sessions`, all together in
 * `archived_sessions`, named after the thread, and packed when it is old.
 */
import { posix } from 'node:path';
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import { isTranscriptId } from '../map/transcript-slug.ts';
import { chained, linesOf, type Transcript, type TranscriptReader, unreadable } from './transcript.ts';

const rollout = /^rollout-.+-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl(?:\.zst)?$/i;

/** Years, months, days. */
const deepest = 3;

/** Looks through all files once, at the first question. */
export function codexTranscripts(
  { files, reader }: { readonly files: LegacyFiles; readonly reader: TranscriptReader },
  codexHome: string,
): (thread: string) => Transcript | null {
  let known: Threads | null = null;
  return (thread) => {
    if (!isTranscriptId(thread)) return null;
    known ??= indexed(files, codexHome);
    const paths = known.found.get(thread.toLowerCase()) ?? [];
    const [closed] = known.closed;
    if (paths.length === 0) return closed === undefined ? null : unreadable(closed.path, closed.reason);
    return chained(
      paths.join(', '),
      paths.map((path) => linesOf(reader, path)),
    );
  };
}

interface Threads {
  readonly found: ReadonlyMap<string, readonly string[]>;
  /** Folders that cannot be looked at: whatever was not found may be there. */
  readonly closed: readonly { readonly path: string; readonly reason: string }[];
}

function indexed(files: LegacyFiles, codexHome: string): Threads {
  const found = new Map<string, string[]>();
  const closed: { readonly path: string; readonly reason: string }[] = [];
  const visit = (folder: string, depth: number): void => {
    const list = files.list(folder);
    if (list.state === 'unreadable') closed.push({ path: folder, reason: list.reason });
    for (const { name, isFolder } of list.state === 'entries' ? list.entries : []) {
      const path = posix.join(folder, name);
      if (isFolder && depth < deepest) visit(path, depth + 1);
      const thread = rollout.exec(name)?.[1]?.toLowerCase();
      if (isFolder || thread === undefined) continue;
      // The same file may lie there packed and unpacked for a moment.
      const others = found.get(thread) ?? [];
      if (!others.includes(path.replace(/\.zst$/, ''))) found.set(thread, [...others, path]);
    }
  };
  visit(posix.join(codexHome, 'sessions'), 0);
  visit(posix.join(codexHome, 'archived_sessions'), deepest);
  return { found, closed };
}
