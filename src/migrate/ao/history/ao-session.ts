/** Decides what is known of a session of the Agent Orchestrator, whichever of its layouts kept it. */
import type { JsonObject } from '../../../base/index.ts';
import { posix } from 'node:path';
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import { isTranscriptId, olderTranscriptSlug, transcriptSlug } from '../map/transcript-slug.ts';

export type AoEnd = 'completed' | 'failed' | 'cancelled';

export interface AoSession {
  /** Of its log: `ao:PROJECT:SESSION`. */
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  /** The program that worked, as it is called there. */
  readonly agent: string;
  readonly createdAt: string;
  /** `null` for one that was never started. */
  readonly startedAt: string | null;
  readonly updatedAt: string;
  /** `null` while it may go on. */
  readonly end: AoEnd | null;
  /** Everything that is kept of it there. */
  readonly facts: JsonObject;
  /** The file of what was said; `null` when there is none. */
  readonly transcript: string | null;
  readonly notes: readonly string[];
}

export interface AoSessions {
  readonly sessions: readonly AoSession[];
  /** What of the source is no session that can be read. */
  readonly notes: readonly string[];
}

/** The transcript of an agent that keeps one for each working directory, where it still is. */
export function transcriptOf(
  files: LegacyFiles,
  { folder, workspace, uuid }: { readonly folder: string; readonly workspace: string; readonly uuid: string },
): string | null {
  if (workspace.trim() === '' || !isTranscriptId(uuid)) return null;
  const real = files.realPath(workspace) ?? workspace;
  const slugs = new Set([transcriptSlug(real), olderTranscriptSlug(real)]);
  const candidates = [...slugs].map((slug) => posix.join(folder, slug, `${uuid}.jsonl`));
  return candidates.find((path) => files.modifiedMs(path) !== null) ?? null;
}
