/** Decides everything that is to be written, before anything is written: rows in their order, and notes about the rest. */
import { shellWord } from '../../../base/index.ts';
import { readPortfolio } from '../legacy/portfolio.ts';
import { readRegistry, type Registry, type RegistryEntry } from '../legacy/registry.ts';
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import { isSet, mappingAt } from '../legacy/values.ts';
import { type EffectiveProject, readProject } from '../map/effective-project.ts';
import type { OrchestratorContext, OrchestratorRow, TranscriptPlan } from '../map/orchestrator-row.ts';
import { mapProjectConfig } from '../map/project-config.ts';
import { isProjectId } from '../map/project-id.ts';
import { mapProject, type ProjectRow, type RowSource } from '../map/project-row.ts';
import { homeNote, type Note, orchestratorNote, projectNote } from '../note.ts';
import type { MappingOptions } from '../options.ts';
import type { Places } from '../places.ts';
import { planOrchestrator, type PlannedOrchestrator } from './plan-orchestrator.ts';
import { notesOnUnlisted } from './unlisted-history.ts';

export interface Plan {
  readonly projects: readonly ProjectRow[];
  readonly orchestrators: readonly OrchestratorRow[];
  /** Of orchestrators in the list. */
  readonly transcripts: readonly TranscriptPlan[];
  /** What is there and cannot be moved. */
  readonly skipped: { readonly projects: number; readonly orchestrators: number };
  readonly notes: readonly Note[];
  /** What was left out of all projects alike: of use while some of them come. */
  readonly notesOnSettings: readonly Note[];
}

export interface PlanInput {
  readonly files: LegacyFiles;
  readonly places: Places;
  readonly options: MappingOptions;
  readonly nowMs: number;
}

/** Throws `LegacyRegistryError` when the registry cannot be read. */
export function buildPlan({ files, places, options, nowMs }: PlanInput): Plan {
  const registry = readRegistry(files, places);
  if (registry === null || registry.entries.length === 0) return emptyPlan(files, places);
  const builder = new PlanBuilder({ files, places, options }, registry, nowMs);
  const entries = options.strictParity
    ? registry.entries
    : [...registry.entries].sort((left, right) => (left.id < right.id ? -1 : 1));
  for (const entry of entries) builder.add(entry);
  return builder.plan();
}

function emptyPlan(files: LegacyFiles, places: Places): Plan {
  return {
    projects: [],
    orchestrators: [],
    transcripts: [],
    skipped: { projects: 0, orchestrators: 0 },
    notes: notesOnUnlisted(files, places),
    notesOnSettings: [],
  };
}

class PlanBuilder {
  readonly #context: OrchestratorContext;
  readonly #registry: Registry;
  readonly #rowSource: RowSource;
  readonly #folders: readonly string[];
  readonly #projects: ProjectRow[] = [];
  readonly #orchestrators: OrchestratorRow[] = [];
  readonly #transcripts: TranscriptPlan[] = [];
  readonly #skipped = { projects: 0, orchestrators: 0 };
  readonly #notes: Note[] = [];
  readonly #withoutPermissions: string[] = [];
  /** Sessions that are no orchestrators. */
  #staying = 0;

  constructor(context: OrchestratorContext, registry: Registry, nowMs: number) {
    const { files, places, options } = context;
    this.#context = context;
    this.#registry = registry;
    this.#rowSource = {
      files,
      portfolio: readPortfolio(files, places.base),
      registryModifiedMs: registry.modifiedMs,
      nowMs,
      strictParity: options.strictParity,
    };
    const base = files.list(places.base);
    this.#folders =
      base.state === 'entries' ? base.entries.filter(({ isFolder }) => isFolder).map(({ name }) => name) : [];
    if (base.state === 'unreadable')
      this.#notes.push(homeNote(places.base, `cannot be read: ${base.reason}`));
  }

  add({ id, values }: RegistryEntry): void {
    if (!isProjectId(id)) return this.#skipProject(id, 'the rewrite takes no such id');
    if (values === null) return this.#skipProject(id, 'its entry is no mapping');
    const { files, places, options } = this.#context;
    const { strictParity } = options;
    const source = { files, registry: this.#registry, home: places.home, strictParity };
    const reading = readProject(source, id, values);
    if (reading.state === 'unusable') return this.#skipProject(id, reading.problem);
    const { project } = reading;
    const twin = this.#projects.find(({ path }) => path === project.path);
    if (twin !== undefined && !strictParity)
      return this.#skipProject(id, `${twin.id} has the same path ${project.path}`);
    const { row, notes } = mapProject(project, this.#rowSource);
    this.#notes.push(...notes);
    const planned = planOrchestrator(project, this.#folders, this.#context);
    const config = mapProjectConfig(project, { strictParity, isPrefixNeeded: planned.mapped !== null });
    this.#notes.push(...config.notes, ...planned.notes);
    this.#staying += planned.staying;
    this.#projects.push({ ...row, config: config.config === null ? null : JSON.stringify(config.config) });
    if (!isSet(mappingAt(project.settings, 'agentConfig'), 'permissions')) this.#withoutPermissions.push(id);
    this.#addOrchestrator(project, planned);
  }

  plan(): Plan {
    return {
      projects: this.#projects,
      orchestrators: this.#orchestrators,
      transcripts: this.#transcripts,
      skipped: this.#skipped,
      notes: this.#notes,
      notesOnSettings: this.#notesOnSettings(),
    };
  }

  #skipProject(id: string, why: string): void {
    this.#skipped.projects += 1;
    this.#notes.push(projectNote(id, `skipped: ${why}`));
  }

  #addOrchestrator(project: EffectiveProject, { outcome, mapped }: PlannedOrchestrator): void {
    if (outcome === 'skipped') this.#skipped.orchestrators += 1;
    if (mapped === null) return;
    const { row, transcript } = mapped;
    const twin = this.#orchestrators.find(({ id }) => id === row.id);
    if (twin !== undefined) {
      this.#skipped.orchestrators += 1;
      this.#notes.push(
        orchestratorNote(
          row.id,
          `skipped in ${project.id}: ${twin.projectId} has a session of that name already`,
        ),
      );
      return;
    }
    this.#orchestrators.push(row);
    if (transcript !== null) this.#transcripts.push(transcript);
  }

  #notesOnSettings(): readonly Note[] {
    const { path, otherKeys } = this.#registry;
    const notes: Note[] = [];
    if (otherKeys.length > 0)
      notes.push(
        homeNote(path, `settings for all projects with no rewrite home dropped: ${otherKeys.join(', ')}`),
      );
    if (this.#staying > 0) notes.push(this.#noteOnStaying());
    const silent = this.#withoutPermissions.length;
    if (silent > 0 && !this.#context.options.strictParity)
      notes.push(
        homeNote(
          path,
          `${silent} of the projects set no permissions: the legacy tool let their agents do everything, the rewrite asks by its own default; --strict-parity writes "bypass-permissions"`,
        ),
      );
    return notes;
  }

  #noteOnStaying(): Note {
    const { base, home } = this.#context.places;
    const who =
      this.#staying === 1
        ? '1 session that is no orchestrator stays'
        : `${this.#staying} sessions that are no orchestrators stay`;
    const command = `runlog import ao --from ${shellWord(home)} --to sqlite:///history.db`;
    return homeNote(base, `${who} here: \`${command}\` keeps their history`);
  }
}
