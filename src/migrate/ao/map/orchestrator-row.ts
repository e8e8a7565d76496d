/** Decides the row of an orchestrator, and which transcript it is gone on with. */
import { posix } from 'node:path';
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import type { Lifecycle } from '../legacy/lifecycle.ts';
import type { SessionRecord } from '../legacy/session-records.ts';
import { isSet, textAt, valueAt, type Values } from '../legacy/values.ts';
import type { MappingOptions } from '../options.ts';
import type { Places } from '../places.ts';
import type { ResumableHarness } from './harness.ts';
import { parseTime, timeOfMs } from './timestamp.ts';
import { claudeFolders, newestTranscript } from './claude-folders.ts';
import { isTranscriptId, transcriptSlug } from './transcript-slug.ts';

export interface OrchestratorRow {
  readonly id: string;
  readonly projectId: string;
  readonly num: number;
  readonly harness: string;
  readonly activityState: string;
  readonly activityLastAt: string;
  readonly isTerminated: boolean;
  readonly branch: string;
  readonly workspacePath: string;
  readonly agentSessionId: string;
  readonly prompt: string;
  readonly displayName: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A transcript is looked for in the source folders in their order. */
export interface TranscriptPlan {
  readonly sessionId: string;
  readonly uuid: string;
  readonly sourceFolders: readonly string[];
  readonly targetFolder: string;
}

export interface MappedOrchestrator {
  readonly row: OrchestratorRow;
  readonly transcript: TranscriptPlan | null;
  /** What a person has to know. */
  readonly told: readonly string[];
}

export interface OrchestratorSource {
  readonly projectId: string;
  readonly projectPath: string;
  readonly prefix: string;
  readonly record: SessionRecord;
  readonly lifecycle: Lifecycle;
  readonly harness: ResumableHarness;
}

export interface OrchestratorContext {
  readonly files: LegacyFiles;
  readonly places: Places;
  readonly options: MappingOptions;
}

export function mapOrchestrator(
  source: OrchestratorSource,
  context: OrchestratorContext,
): MappedOrchestrator {
  const { projectId, prefix, record, harness, lifecycle } = source;
  const { values } = record;
  const { asRestorable } = context.options;
  const told: string[] = [];
  const times = timesOf(record, lifecycle, told);
  const sourceFolders = sourceFoldersOf(values, context);
  const agentSessionId = resumeId(source, context, sourceFolders, told);
  const id = `${prefix}-orchestrator`;
  if (record.name !== id && record.name !== 'orchestrator') told.push(`was called ${record.name}`);
  const lost = ['codexModel', 'restoreFallbackReason'].filter((key) => isSet(values, key));
  if (lost.length > 0) told.push(`fields with no rewrite home dropped: ${lost.join(', ')}`);
  told.push(...worktreeNote(source, context.files));
  return {
    row: {
      id,
      projectId,
      num: 0,
      harness,
      activityState: asRestorable ? 'exited' : activityOf(lifecycle.state),
      ...times,
      isTerminated: asRestorable,
      branch: textAt(values, 'branch') ?? '',
      workspacePath: textAt(values, 'worktree') ?? '',
      agentSessionId,
      prompt: textAt(values, 'userPrompt') ?? '',
      displayName: textAt(values, 'displayName') ?? '',
    },
    transcript: transcriptOf(source, context, agentSessionId, sourceFolders),
    told,
  };
}

/** The rewrite knows five words; these three are what a living session can be. */
function activityOf(state: string | null): string {
  if (state === 'working') return 'active';
  return state === 'needs_input' ? 'waiting_input' : 'idle';
}

type RowTimes = Pick<OrchestratorRow, 'createdAt' | 'updatedAt' | 'activityLastAt'>;

function timesOf(record: SessionRecord, lifecycle: Lifecycle, told: string[]): RowTimes {
  const created = textAt(record.values, 'createdAt');
  const { startedAt, lastTransitionAt, runtimeObservedAt } = lifecycle;
  for (const [name, value] of Object.entries({
    createdAt: created,
    startedAt,
    lastTransitionAt,
    runtimeObservedAt,
  })) {
    if (value !== null && parseTime(value) === null)
      told.push(`${name} "${value.slice(0, 80)}" is no time - the next source is used`);
  }
  const fileTime = timeOfMs(record.modifiedMs ?? 0) ?? new Date(0).toISOString();
  const createdAt = parseTime(created) ?? parseTime(startedAt) ?? fileTime;
  const changed = parseTime(lastTransitionAt);
  return {
    createdAt,
    updatedAt: changed ?? createdAt,
    activityLastAt: changed ?? parseTime(runtimeObservedAt) ?? createdAt,
  };
}

const resumeFields: Readonly<Record<ResumableHarness, string>> = {
  'claude-code': 'claudeSessionUuid',
  codex: 'codexThreadId',
  opencode: 'opencodeSessionId',
};

const resumeShapes: Readonly<Record<ResumableHarness, RegExp>> = {
  'claude-code': /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  codex: /^[a-zA-Z0-9_-]{1,128}$/,
  opencode: /^ses_[a-zA-Z0-9]+$/,
};

function resumeId(
  { record, harness }: OrchestratorSource,
  { files, options: { strictParity } }: OrchestratorContext,
  sourceFolders: readonly string[],
  told: string[],
): string {
  const stored = textAt(record.values, resumeFields[harness]);
  if (strictParity) return stored ?? '';
  const id = stored?.trim() ?? '';
  if (resumeShapes[harness].test(id)) return id;
  if (id !== '') {
    told.push(`${resumeFields[harness]} "${id.slice(0, 80)}" is no id of ${harness} - left out`);
    return '';
  }
  // A text of blanks was stored by somebody who had nothing to store; only a record without the field is guessed for.
  if (harness !== 'claude-code' || stored !== null) return '';
  const newest = newestTranscript(files, sourceFolders);
  if (newest !== null)
    told.push(`has no transcript id; the newest transcript of its worktree is taken: ${newest}`);
  return newest ?? '';
}

function sourceFoldersOf(values: Values, { files, places }: OrchestratorContext): readonly string[] {
  return claudeFolders(files, places.claudeProjects, textAt(values, 'worktree') ?? '');
}

function transcriptOf(
  { projectId, prefix, record, harness }: OrchestratorSource,
  { files, places }: OrchestratorContext,
  uuid: string,
  sourceFolders: readonly string[],
): TranscriptPlan | null {
  const hasWorktree = typeof valueAt(record.values, 'worktree') === 'string' && sourceFolders.length > 0;
  if (harness !== 'claude-code' || !hasWorktree || !isTranscriptId(uuid)) return null;
  const id = `${prefix}-orchestrator`;
  const workspace = posix.join(places.dataDir, 'worktrees', projectId, 'orchestrator', id);
  const slug = transcriptSlug(files.resolvedPath(workspace));
  return { sessionId: id, uuid, sourceFolders, targetFolder: posix.join(places.claudeProjects, slug) };
}

/** Git checks a branch out in one place only. */
function worktreeNote({ record, projectPath }: OrchestratorSource, files: LegacyFiles): readonly string[] {
  const worktree = textAt(record.values, 'worktree') ?? '';
  if (worktree === '' || worktree === projectPath || !files.isFolder(worktree)) return [];
  return [
    `its branch is checked out in the legacy worktree; before the first resume: git -C ${shellWord(projectPath)} worktree remove ${shellWord(worktree)}`,
  ];
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
