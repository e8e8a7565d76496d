/** Decides how a migration is told: a line for each run, what a person has to look at below it, and a sum at the end. */
import type { JsonObject } from '../../base/index.ts';
import { clean } from '../text/printable.ts';

/** What became of one run. */
export interface MigratedRun {
  readonly runId: string;
  readonly status: string;
  readonly events: number;
  readonly bytes: number;
  readonly skipped: readonly { readonly eventId: string; readonly why: string }[];
  readonly brokenLinks: readonly { readonly eventId: string; readonly causedBy: string }[];
  readonly isAncestor: boolean;
  readonly verifiedHash: string | null;
  readonly artifacts: number;
  readonly sourceDigest: string | null;
  readonly notes: readonly string[];
  readonly problem: string | null;
}

/** What is shown of a migration. */
export interface MigrationSummary {
  readonly source: string;
  readonly format: string;
  readonly destination: string;
  readonly isDryRun: boolean;
  readonly runs: readonly MigratedRun[];
  readonly ok: boolean;
  readonly isStopped: boolean;
  readonly notes: readonly string[];
}

const stoppedLine = 'Stopped. Nothing is there by halves; the same command goes on.';

/** The lines that a person reads of a migration. */
export function migrationText(report: MigrationSummary): readonly string[] {
  const { source, format, destination, isDryRun, isStopped, runs, notes } = report;
  return [
    `${isDryRun ? 'would migrate' : 'migrated'} ${clean(source)} (${clean(format)}) -> ${clean(destination)}`,
    ...runs.flatMap(runLines),
    ...notes.map((note) => `  note: ${clean(note)}`),
    sumLine(runs),
    ...(isDryRun ? ['Nothing was written: this was a dry run.'] : []),
    ...(isStopped ? [stoppedLine] : []),
  ];
}

/** A migration whose source is a file. */
export interface ImportSummary extends MigrationSummary {
  readonly refused: readonly {
    readonly line: number;
    readonly reason: string;
    readonly runId: string | null;
  }[];
}

/** The lines that a person reads of an import. */
export function importText(report: ImportSummary): readonly string[] {
  const { source, destination, isStopped, refused, runs } = report;
  const outside = refused.filter(({ runId }) => runId === null);
  return [
    `imported ${clean(source)} -> ${clean(destination)}`,
    ...runs.flatMap(runLines),
    ...outside.map(({ line, reason }) => `  line ${line}: ${clean(reason)}; what follows was not read`),
    sumLine(runs, 'imported'),
    ...(isStopped ? [stoppedLine] : []),
  ];
}

/** What `--json` prints of an import. */
export function importToJson(report: ImportSummary): JsonObject {
  const { source_url: source, ...rest } = migrationToJson(report);
  return {
    source: source ?? null,
    ...rest,
    refused_lines: report.refused.map(({ line, reason, runId }) => ({ line, reason, run_id: runId })),
  };
}

/** What `--json` prints of a migration. */
export function migrationToJson({
  source,
  format,
  destination,
  isDryRun,
  runs,
  ok,
  isStopped,
  notes,
}: MigrationSummary): JsonObject {
  return {
    source_url: source,
    source_format: format,
    dest_url: destination,
    dry_run: isDryRun,
    ok,
    stopped: isStopped,
    notes: [...notes],
    runs: runs.map((run) => ({
      run_id: run.runId,
      status: run.status,
      events_migrated: run.events,
      bytes: run.bytes,
      ancestor_only: run.isAncestor,
      verified_hash: run.verifiedHash,
      artifacts: run.artifacts,
      source_digest: run.sourceDigest,
      skipped_events: run.skipped.map(({ eventId, why }) => ({ event_id: eventId, why })),
      broken_links: run.brokenLinks.map(({ eventId, causedBy }) => ({
        event_id: eventId,
        caused_by: causedBy,
      })),
      notes: [...run.notes],
      error: run.problem,
    })),
  };
}

function runLines(run: MigratedRun): readonly string[] {
  const { runId, status, events, artifacts, skipped, brokenLinks, isAncestor, verifiedHash, notes, problem } =
    run;
  const proof = verifiedHash === null ? '' : `  verified ${verifiedHash.slice(0, 12)}`;
  const files = artifacts === 0 ? '' : `, ${artifacts} artifacts`;
  const why = isAncestor ? '  (as far as a fork of it needs it)' : '';
  return [
    `  ${status.padEnd(9)} ${clean(runId)}  ${events} events${files}${proof}${why}`,
    ...skipped.map(({ eventId, why: reason }) => `    skipped ${clean(eventId)}: ${clean(reason)}`),
    ...brokenLinks.map(
      ({ eventId, causedBy }) =>
        `    ${clean(eventId)} names ${clean(causedBy)} as its cause, which was skipped`,
    ),
    ...notes.map((note) => `    note: ${clean(note)}`),
    ...(problem === null ? [] : [`    ${clean(problem)}`]),
  ];
}

function sumLine(runs: readonly MigratedRun[], done = 'migrated'): string {
  const of = (...statuses: readonly string[]): number =>
    runs.filter(({ status }) => statuses.includes(status)).length;
  const events = runs.reduce((sum, run) => sum + run.events, 0);
  const parts = [
    `${of('copied', 'continued', 'replaced')} ${done}`,
    `${of('present')} there already`,
    `${of('conflict')} in conflict`,
    `${of('failed')} failed`,
  ];
  return `summary: ${parts.join(', ')}; ${events} events`;
}
