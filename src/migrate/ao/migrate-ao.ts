/**
 * Decides how a migration goes: plan, look whether this is the moment, take the lock, copy transcripts, insert all rows in one
 * transaction, commit. Whatever ends it before the commit leaves the database as it was, and the next run completes it.
 */
import type { Migration } from '../../schema/index.ts';
import type { Refusal } from './errors.ts';
import type { LegacyFiles } from './legacy/legacy-files.ts';
import { homeNote, type Note, orchestratorNote } from './note.ts';
import type { MappingOptions } from './options.ts';
import type { Places } from './places.ts';
import { buildPlan, type Plan } from './plan/build-plan.ts';
import { checkSchema, schemaVersion } from './plan/check-target.ts';
import { insertRows, type Inserted } from './plan/insert-rows.ts';
import { checkSurroundings, refusalOf } from './plan/preconditions.ts';
import { reconcile, type ReconciledPlan } from './plan/reconcile.ts';
import type { AoMigration } from './plan/report.ts';
import { noRows } from './target/existing-rows.ts';
import type { AoTarget, TargetLook, TargetTransaction, Transcripts } from './target/target-port.ts';
import { aoSchema } from './target/target-schema.ts';

export interface AoMigrationInput {
  readonly places: Places;
  readonly files: LegacyFiles;
  /** `null` on a Node without a driver for SQLite. */
  readonly target: AoTarget | null;
  readonly transcripts: Transcripts;
  readonly migrations: readonly Migration[];
  readonly isAlive: (pid: number) => boolean;
  readonly nowMs: number;
  readonly options: MappingOptions & {
    readonly dryRun: boolean;
    /** Keep the rows that went in when others failed. */
    readonly keepGoing: boolean;
  };
}

/** Throws `LegacyRegistryError` when it is not known which projects there are. Everything else is in the result. */
export async function migrateAo(input: AoMigrationInput): Promise<AoMigration> {
  const { places, target, options } = input;
  const plan = buildPlan(input);
  const refusal = checkSurroundings({ ...input, hasDriver: target !== null });
  if (options.dryRun) return preview(input, plan, refusal);
  if (refusal !== null || target === null) return refused(input, plan, refusal);
  const hasRows = plan.projects.length > 0;
  const opening = await target.open(hasRows ? input.migrations : null);
  if (opening.state === 'absent') return { ...result(input, plan), schemaVersion: 0 };
  if (opening.state !== 'open') return refused(input, plan, refusalOf(opening, places.database));
  const { transaction } = opening;
  try {
    const problem = checkSchema(transaction.schema, places.database);
    if (problem !== null) return refused(input, plan, problem);
    return write(input, plan, transaction);
  } finally {
    transaction.rollback();
  }
}

function write(input: AoMigrationInput, plan: Plan, transaction: TargetTransaction): AoMigration {
  const { options, places } = input;
  const reconciled = reconcile(plan, transaction.rows(), options.strictParity);
  const relocation = relocate(input.transcripts, reconciled);
  let inserted = insertRows(reconciled, transaction);
  const isKept = inserted.failed === 0 || options.keepGoing;
  const notes = [...reconciled.notes, ...relocation.notes, ...inserted.notes];
  if (!isKept) {
    inserted = inserted.undone();
    notes.push(
      homeNote(places.database, 'nothing was written, because a row failed; --keep-going writes the others'),
    );
  } else if (inserted.created > 0) {
    const problem = committed(transaction);
    if (problem !== null) {
      inserted = inserted.undone();
      notes.push(homeNote(places.database, `nothing was written: ${problem}`));
    }
  }
  const isWritten = inserted.created > 0;
  const { isNew, schema } = transaction;
  return {
    ...result(input, plan),
    ...countsOf(reconciled, inserted),
    dbCreated: isNew && isWritten,
    schemaVersion: isNew && !isWritten ? 0 : schemaVersion(schema),
    relocatedTranscripts: relocation.copied,
    failedTranscripts: relocation.failed,
    notes,
  };
}

/** What the database said, or `null`. */
function committed(transaction: TargetTransaction): string | null {
  try {
    transaction.commit();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function countsOf(
  { skipped }: ReconciledPlan,
  { projects, orchestrators }: Inserted,
): Pick<AoMigration, 'projects' | 'orchestrators'> {
  return {
    projects: { ...projects, skipped: projects.skipped + skipped.projects },
    orchestrators: { ...orchestrators, skipped: orchestrators.skipped + skipped.orchestrators },
  };
}

function relocate(
  transcripts: Pick<Transcripts, 'copy'>,
  { transcripts: plans, orchestrators }: ReconciledPlan,
): { readonly copied: number; readonly failed: number; readonly notes: readonly Note[] } {
  const coming = new Set(orchestrators.map(({ id }) => id));
  const notes: Note[] = [];
  let copied = 0;
  let failed = 0;
  for (const plan of plans) {
    const outcome = transcripts.copy(plan);
    const note = (text: string): void => void notes.push(orchestratorNote(plan.sessionId, text));
    if (outcome.state === 'copied') {
      copied += 1;
      if (outcome.remark !== null) note(`transcript ${plan.uuid}: ${outcome.remark}`);
    }
    if (outcome.state === 'missing' && coming.has(plan.sessionId))
      note(
        `transcript ${plan.uuid}.jsonl is not there - it resumes without: ${plan.sourceFolders.join(' or ')}`,
      );
    if (outcome.state !== 'failed') continue;
    failed += 1;
    note(`transcript ${plan.uuid} could not be copied: ${outcome.reason}`);
  }
  return { copied, failed, notes };
}

async function preview(input: AoMigrationInput, plan: Plan, earlier: Refusal | null): Promise<AoMigration> {
  const { places, options, transcripts } = input;
  const look = (await input.target?.look()) ?? { state: 'absent' as const };
  const isThere = look.state === 'there';
  const ofDatabase = isThere
    ? checkSchema(look.schema, places.database)
    : look.state === 'absent'
      ? null
      : refusalOf(look, places.database);
  const refusal = earlier ?? ofDatabase;
  const isUsed = isThere && ofDatabase === null;
  const reconciled = reconcile(plan, isUsed ? look.rows() : noRows, options.strictParity);
  const relocation = relocate({ copy: (of) => transcripts.look(of) }, reconciled);
  const dbCreated = look.state === 'absent' && reconciled.projects.length > 0;
  const created = { projects: reconciled.projects.length, orchestrators: reconciled.orchestrators.length };
  return {
    ...result(input, plan),
    dbCreated,
    schemaVersion: versionAfter(look, isUsed, dbCreated),
    projects: { created: created.projects, skipped: reconciled.skipped.projects, failed: 0 },
    orchestrators: { created: created.orchestrators, skipped: reconciled.skipped.orchestrators, failed: 0 },
    relocatedTranscripts: relocation.copied,
    failedTranscripts: relocation.failed,
    notes: [
      ...reconciled.notes,
      ...relocation.notes,
      ...(refusal === null
        ? []
        : [
            homeNote(places.database, `a real run would be refused (${refusal.code}): ${refusal.whatFailed}`),
          ]),
    ],
    refusal,
  };
}

/** What a run would leave; the version of a new database also where the one that is there cannot be used. */
function versionAfter(look: TargetLook, isUsed: boolean, dbCreated: boolean): number {
  if (isUsed && look.state === 'there') return schemaVersion(look.schema);
  return look.state === 'absent' && !dbCreated ? 0 : aoSchema.version;
}

function refused(input: AoMigrationInput, plan: Plan, refusal: Refusal | null): AoMigration {
  return { ...result(input, plan), refusal };
}

/** Nothing done. */
function result({ places, options }: AoMigrationInput, plan: Plan): AoMigration {
  return {
    isDryRun: options.dryRun,
    database: places.database,
    dbCreated: false,
    schemaVersion: 0,
    projects: { created: 0, skipped: plan.skipped.projects, failed: 0 },
    orchestrators: { created: 0, skipped: plan.skipped.orchestrators, failed: 0 },
    relocatedTranscripts: 0,
    failedTranscripts: 0,
    notes: [...plan.notes, ...plan.notesOnSettings],
    refusal: null,
  };
}
