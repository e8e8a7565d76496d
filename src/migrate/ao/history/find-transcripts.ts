/** Decides what was said in a session, by the ids that its record holds: of each agent that worked in it, where that agent keeps it. */
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import { claudeFolders, newestTranscript } from '../map/claude-folders.ts';
import { type Beside, claudeTranscripts } from './claude-transcript.ts';
import { codexTranscripts } from './codex-transcript.ts';
import { type OpenedDatabase, opencodeTranscripts } from './opencode-transcript.ts';
import { chained, type Transcript, type TranscriptReader } from './transcript.ts';

/** The ids under which agents know a session; empty for none. */
export interface AgentIds {
  readonly claude: string;
  readonly codex: string;
  readonly opencode: string;
}

export interface TranscriptPlaces {
  readonly files: LegacyFiles;
  readonly reader: TranscriptReader;
  readonly open: (path: string) => Promise<OpenedDatabase>;
  readonly claudeProjects: string;
  readonly codexHome: string;
  readonly opencodeData: string;
}

export interface FoundTranscripts {
  /** `null` when nothing is there. */
  readonly transcript: Transcript | null;
  readonly besides: readonly Beside[];
  readonly notes: readonly string[];
}

export type FindTranscripts = (
  ids: AgentIds,
  session: { readonly workspace: string; readonly isClaude: boolean; readonly hasBegun: boolean },
) => Promise<FoundTranscripts>;

export function transcriptFinder(places: TranscriptPlaces): FindTranscripts {
  const { files, claudeProjects, codexHome, opencodeData } = places;
  const ofThread = codexTranscripts(places, codexHome);
  const ofOpencode = opencodeTranscripts(places, opencodeData);
  return async (ids, { workspace, isClaude, hasBegun }) => {
    const notes: string[] = [];
    const found: Transcript[] = [];
    const take = (transcript: Transcript | null, id: string, what: string): void => {
      if (transcript !== null) found.push(transcript);
      else if (id !== '') notes.push(`its ${what} ${id} is not there`);
    };
    const uuid = ids.claude === '' && isClaude ? newestOf(workspace, notes) : ids.claude;
    const claude =
      uuid !== '' || isClaude
        ? await claudeTranscripts(places, { folder: claudeProjects, workspace, uuid })
        : null;
    notes.push(...(claude?.notes ?? []));
    take(claude?.transcript ?? null, uuid, 'transcript of Claude Code');
    take(ofThread(ids.codex), ids.codex, 'thread of Codex');
    take(await ofOpencode(ids.opencode), ids.opencode, 'session of OpenCode');
    if (found.length === 0 && notes.length === 0 && hasBegun)
      notes.push('its record names no transcript, and none was found: what was said in it is not here');
    const [only, ...others] = found;
    const path = found.map((each) => each.path).join(', ');
    const transcript = only === undefined || others.length === 0 ? (only ?? null) : chained(path, found);
    return { transcript, besides: claude?.besides ?? [], notes };
  };

  function newestOf(workspace: string, notes: string[]): string {
    const newest = newestTranscript(files, claudeFolders(files, claudeProjects, workspace));
    if (newest !== null)
      notes.push(
        `it has no transcript id; the newest transcript of its working directory is taken: ${newest}`,
      );
    return newest ?? '';
  }
}
