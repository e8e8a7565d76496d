/** Decides in which folders Claude Code may have kept the transcripts of a working directory, and which of them is the newest. */
import { posix } from 'node:path';
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import { isTranscriptId, olderTranscriptSlug, transcriptSlug } from './transcript-slug.ts';

/** Those of the present rule and of the one before; none for a working directory that nobody named. */
export function claudeFolders(
  files: LegacyFiles,
  claudeProjects: string,
  workspace: string,
): readonly string[] {
  if (workspace.trim() === '') return [];
  const real = files.realPath(workspace) ?? workspace;
  const slugs = new Set([transcriptSlug(real), olderTranscriptSlug(real)]);
  return [...slugs].map((slug) => posix.join(claudeProjects, slug));
}

/** The id of the transcript that was written last. */
export function newestTranscript(files: LegacyFiles, folders: readonly string[]): string | null {
  const found = folders.flatMap((folder) => {
    const list = files.list(folder);
    if (list.state !== 'entries') return [];
    return list.entries
      .filter(({ name, isFolder }) => !isFolder && name.endsWith('.jsonl'))
      .map(({ name }) => ({
        uuid: name.slice(0, -'.jsonl'.length),
        modifiedMs: files.modifiedMs(posix.join(folder, name)) ?? 0,
      }))
      .filter(({ uuid }) => isTranscriptId(uuid));
  });
  found.sort((left, right) => right.modifiedMs - left.modifiedMs);
  return found[0]?.uuid ?? null;
}
