/** Decides whether a project has an orchestrator that moves, and says why when it has one that does not. */
import { posix } from 'node:path';
import {
  readLoneRecord,
  readSessionRecords,
  sessionFolders,
  type SessionPlaces,
  type SessionRecord,
  type UnusableRecord,
} from '../legacy/session-records.ts';
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import { wordAt } from '../legacy/values.ts';
import { chooseOrchestrator, isOrchestratorName, type Choice } from '../map/choose-orchestrator.ts';
import { type EffectiveProject, standardAgent } from '../map/effective-project.ts';
import { isResumable } from '../map/harness.ts';
import {
  type MappedOrchestrator,
  mapOrchestrator,
  type OrchestratorContext,
} from '../map/orchestrator-row.ts';
import { type Note, orchestratorNote } from '../note.ts';

export interface PlannedOrchestrator {
  /** `absent` counts nowhere. */
  readonly outcome: 'planned' | 'skipped' | 'absent';
  readonly mapped: MappedOrchestrator | null;
  readonly notes: readonly Note[];
  /** How many sessions of the project are no orchestrators: they do not move. */
  readonly staying: number;
}

export function planOrchestrator(
  project: EffectiveProject,
  folders: readonly string[],
  context: OrchestratorContext,
): PlannedOrchestrator {
  const { files, places, options } = context;
  const sessionPlaces: SessionPlaces = {
    base: places.base,
    folders,
    projectId: project.id,
    storageKey: wordAt(project.identity, 'storageKey'),
    onlyNewest: options.strictParity,
  };
  const { records, unusable } = readSessionRecords(files, sessionPlaces);
  const lost = unusable.filter(
    ({ name, problem }) => problem === 'unreadable' || isOrchestratorName(name, project.legacyPrefix),
  );
  const notes = lost.map((record) => unusableNote(project.id, record));
  const found = chooseOrchestrator(records, project.legacyPrefix, options.strictParity);
  const { choice, loneNotes } =
    found.chosen === null
      ? loneOrchestrator(files, project, sessionPlaces, options.strictParity)
      : { choice: found, loneNotes: [] };
  notes.push(...loneNotes);
  const staying = records.length - (found.chosen === null ? 0 : found.others.length + 1);
  if (choice.chosen === null) return { outcome: 'absent', mapped: null, notes, staying };
  const { record, lifecycle } = choice.chosen;
  const id = `${project.prefix}-orchestrator`;
  const tell = (text: string): Note => orchestratorNote(id, text);
  const others = choice.others
    .filter((other) => !other.lifecycle.isTerminal)
    .map((other) => tell(`${other.record.path} is another living orchestrator - left out`));
  const skipped = (why: string): PlannedOrchestrator => ({
    outcome: 'skipped',
    mapped: null,
    notes: [...notes, tell(why), ...others],
    staying,
  });
  if (lifecycle.isTerminal) return skipped(`orchestrator is terminal (state=${lifecycle.state ?? '?'})`);
  const harness = agentOf(record, project, options.strictParity);
  if (!isResumable(harness))
    return skipped(`harness "${harness}" is not migratable (only claude-code, codex, opencode)`);
  const source = {
    projectId: project.id,
    projectPath: project.path,
    prefix: project.prefix,
    record,
    lifecycle,
    harness,
  };
  const mapped = mapOrchestrator(source, context);
  return { outcome: 'planned', mapped, notes: [...notes, ...mapped.told.map(tell), ...others], staying };
}

/** A record that names no agent was run by the one that its project is set to. */
function agentOf(record: SessionRecord, project: EffectiveProject, strictParity: boolean): string {
  const named = wordAt(record.values, 'agent');
  if (named !== null) return named;
  return strictParity ? '?' : (project.orchestrator.agent ?? standardAgent);
}

function loneOrchestrator(
  files: LegacyFiles,
  project: EffectiveProject,
  places: SessionPlaces,
  strictParity: boolean,
): { readonly choice: Choice; readonly loneNotes: readonly Note[] } {
  const loneNotes: Note[] = [];
  for (const folder of sessionFolders(places)) {
    const record = readLoneRecord(files, folder);
    if (record === null) continue;
    if ('problem' in record) {
      loneNotes.push(unusableNote(project.id, record));
      continue;
    }
    const asOrchestrator = { ...record, values: { ...record.values, role: 'orchestrator' } };
    return { choice: chooseOrchestrator([asOrchestrator], project.legacyPrefix, strictParity), loneNotes };
  }
  return { choice: { chosen: null, others: [] }, loneNotes };
}

function unusableNote(projectId: string, { path, problem, reason }: UnusableRecord): Note {
  const name = posix.basename(path);
  return orchestratorNote(projectId, `${name} is ${problem} (${reason}) - not looked at: ${path}`);
}
