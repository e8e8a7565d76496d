/** Decides what a migration says of itself: one JSON object with exactly these keys in this order, or a summary for a person. */
import { checkArguments, type JsonObject } from '../../../base/index.ts';
import type { Refusal } from '../errors.ts';
import type { Note } from '../note.ts';

export interface Counts {
  readonly created: number;
  readonly skipped: number;
  readonly failed: number;
}

/** What a migration did, or with a dry run would do. */
export interface AoMigration {
  readonly isDryRun: boolean;
  /** Path of the database of the rewrite. */
  readonly database: string;
  readonly dbCreated: boolean;
  /** The version of the database after the run; 0 when there is none. */
  readonly schemaVersion: number;
  /** `created` and `failed` are rows; `skipped` also counts what could not become one. */
  readonly projects: Counts;
  readonly orchestrators: Counts;
  /** Transcripts that were copied. They stay when rows are taken back, and the next run finds them. */
  readonly relocatedTranscripts: number;
  /** Transcripts that could not be copied: they are where they were, and the next run tries again. */
  readonly failedTranscripts: number;
  readonly notes: readonly Note[];
  /** Why nothing was done. With a dry run: why a real run would do nothing. */
  readonly refusal: Refusal | null;
}

/** The report of `ao-migrate` as JSON. */
export function reportJson(result: AoMigration): JsonObject {
  checkArguments('aoReportJson', { result: [result, 'with projects'] });
  return {
    dbCreated: result.dbCreated,
    schemaVersion: result.schemaVersion,
    projects: countsJson(result.projects),
    orchestrators: { ...countsJson(result.orchestrators), relocatedTranscripts: result.relocatedTranscripts },
  };
}

function countsJson({ created, skipped, failed }: Counts): JsonObject {
  return { created, skipped, failed };
}

/** True when somebody has to look: a refusal, or a row that failed. */
export function hasFailed(result: AoMigration): boolean {
  checkArguments('hasAoMigrationFailed', { result: [result, 'with projects'] });
  const { isDryRun, refusal, projects, orchestrators } = result;
  return (!isDryRun && refusal !== null) || projects.failed + orchestrators.failed > 0;
}

/** The report of `ao-migrate` as lines. */
export function reportLines(result: AoMigration): readonly string[] {
  checkArguments('aoReportLines', { result: [result, 'with projects'] });
  const { isDryRun, database, projects, orchestrators, relocatedTranscripts, failedTranscripts, notes } =
    result;
  return [
    headline(result),
    `DB ${databaseState(result)}: ${database}`,
    `Projects: ${countsLine(projects, isDryRun)}`,
    `Orchestrators: ${countsLine(orchestrators, isDryRun)}`,
    `Transcripts: ${relocatedTranscripts} ${isDryRun ? 'to relocate' : 'relocated'}${failedTranscripts === 0 ? '' : `, ${failedTranscripts} failed`}`,
    ...(notes.length === 0
      ? []
      : ['Notes:', ...notes.map(({ scope, id, text }) => oneLine(`- [${scope}] ${id}: ${text}`))]),
  ];
}

function headline({ isDryRun, projects, orchestrators }: AoMigration): string {
  if (isDryRun) return 'Migration plan (dry run - nothing written):';
  return projects.failed + orchestrators.failed === 0
    ? 'Migration complete.'
    : 'Migration failed in part or whole.';
}

function databaseState({ isDryRun, dbCreated, schemaVersion }: AoMigration): string {
  if (dbCreated)
    return isDryRun ? `to create at schema v${schemaVersion}` : `created at schema v${schemaVersion}`;
  return schemaVersion === 0 ? 'not created' : `already at schema v${schemaVersion}`;
}

function countsLine({ created, skipped, failed }: Counts, isDryRun: boolean): string {
  return `${created} ${isDryRun ? 'to create' : 'created'}, ${skipped} skipped, ${failed} failed`;
}

/** A text from a file cannot look like a line of ours. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*[\n\r\u2028\u2029]\s*/g, ' ');
}
