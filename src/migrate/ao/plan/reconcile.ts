/** Decides what becomes of a plan in a database that has rows of its own: nothing that is there is changed. */
import type { OrchestratorRow, TranscriptPlan } from '../map/orchestrator-row.ts';
import type { ProjectRow } from '../map/project-row.ts';
import { type Note, orchestratorNote, projectNote } from '../note.ts';
import type { ExistingRows, ExistingSession } from '../target/existing-rows.ts';
import type { Plan } from './build-plan.ts';

export interface ReconciledPlan {
  /** Rows to insert. */
  readonly projects: readonly ProjectRow[];
  readonly orchestrators: readonly OrchestratorRow[];
  /** Also of orchestrators that are there already: a run that was killed may have left its transcripts behind. */
  readonly transcripts: readonly TranscriptPlan[];
  readonly skipped: Plan['skipped'];
  readonly notes: readonly Note[];
}

export function reconcile(plan: Plan, existing: ExistingRows, strictParity: boolean): ReconciledPlan {
  const notes: Note[] = [];
  const projects = plan.projects.filter((row) => isNewProject(row, existing, strictParity, notes));
  const parents = parentsOf(plan, existing, projects, strictParity);
  const numbers = new Map<string, number>();
  for (const { projectId, num } of existing.sessions)
    numbers.set(projectId, Math.max(numbers.get(projectId) ?? 0, num));
  const orchestrators: OrchestratorRow[] = [];
  const settled = new Set(existing.projects.map(({ id }) => `project ${id}`));
  const resumed = new Set<string>();
  for (const row of plan.orchestrators) {
    const outcome = placeOrchestrator(row, existing, parents, notes);
    if (outcome !== 'refused') resumed.add(row.id);
    if (outcome === 'there') settled.add(`orchestrator ${row.id}`);
    if (outcome === 'new')
      orchestrators.push(strictParity ? row : freelyNumbered(row, existing, numbers, notes));
  }
  return {
    projects,
    orchestrators,
    transcripts: plan.transcripts.filter(({ sessionId }) => resumed.has(sessionId)),
    skipped: {
      projects: plan.skipped.projects + plan.projects.length - projects.length,
      orchestrators: plan.skipped.orchestrators + plan.orchestrators.length - orchestrators.length,
    },
    // How a row was made was told when it came; what is left out is told each time.
    notes: [
      ...plan.notes.filter(
        ({ scope, id, text }) => text.startsWith('skipped') || !settled.has(`${scope} ${id}`),
      ),
      ...(projects.length > 0 ? plan.notesOnSettings : []),
      ...notes,
    ],
  };
}

function isNewProject(
  row: ProjectRow,
  { projects }: ExistingRows,
  strictParity: boolean,
  notes: Note[],
): boolean {
  const same = projects.find(({ id }) => id === row.id);
  if (same !== undefined) {
    const text = same.isArchived
      ? 'skipped: it is in the database, archived'
      : 'skipped: it is in the database already';
    notes.push(projectNote(row.id, text));
    return false;
  }
  const twin = strictParity
    ? undefined
    : projects.find(({ path, isArchived }) => path === row.path && !isArchived);
  if (twin !== undefined)
    notes.push(projectNote(row.id, `skipped: ${twin.id} in the database has the same path ${row.path}`));
  return twin === undefined;
}

/** The projects that an orchestrator may come under. */
function parentsOf(
  plan: Plan,
  existing: ExistingRows,
  added: readonly ProjectRow[],
  strictParity: boolean,
): ReadonlySet<string> {
  const planned = new Set(plan.projects.map(({ id }) => id));
  const there = existing.projects.filter(
    ({ id, isArchived }) => planned.has(id) && (strictParity || !isArchived),
  );
  return new Set([...added, ...there].map(({ id }) => id));
}

function placeOrchestrator(
  row: OrchestratorRow,
  { sessions }: ExistingRows,
  parents: ReadonlySet<string>,
  notes: Note[],
): 'new' | 'there' | 'refused' {
  const note = (text: string): void => void notes.push(orchestratorNote(row.id, text));
  const same = sessions.find(({ id }) => id === row.id);
  if (same?.projectId === row.projectId) {
    note('skipped: it is in the database already');
    return 'there';
  }
  if (same !== undefined) {
    note(`skipped in ${row.projectId}: ${same.projectId} has a session of that name already`);
    return 'refused';
  }
  if (parents.has(row.projectId)) return 'new';
  note(`skipped: its project ${row.projectId} was not taken over`);
  return 'refused';
}

/** 0, so that the first new worker gets 1; the next free number where somebody else has the 0. */
function freelyNumbered(
  row: OrchestratorRow,
  { sessions }: ExistingRows,
  numbers: ReadonlyMap<string, number>,
  notes: Note[],
): OrchestratorRow {
  const isTaken = (session: ExistingSession): boolean =>
    session.projectId === row.projectId && session.num === row.num;
  const holder = sessions.find(isTaken);
  if (holder === undefined) return row;
  const num = (numbers.get(row.projectId) ?? 0) + 1;
  notes.push(orchestratorNote(row.id, `gets the number ${num}: ${holder.id} has the number ${row.num}`));
  return { ...row, num };
}
