/**
 * Decides how runs are moved from one store to another so that nothing is lost: each by itself, whole or not at all, proved by
 * reading it back; what is there already is left alone, and what differs is never overwritten.
 */
import {
  checkArguments,
  checkOptionNames,
  type CancelSignal,
  InvalidRuntimeConfiguration,
  type Sha256,
  isStructuredError,
} from '../base/index.ts';
import { CorruptedEventPayloadError, genesisHash, type WholeLogStore } from '../log/index.ts';
import type { ArtifactWay } from '../sessions/index.ts';
import { bringArtifacts, type BroughtArtifacts } from './bring-artifacts.ts';
import { type Choice, type ChosenRun, chooseRuns } from './choose-runs.ts';
import { standingOf } from './compare-run.ts';
import { type CopyPlace, copyRun, type ProvedPlace, provedPast, verifyRun } from './copy-run.ts';
import { ImportStream, type OnPage } from './import-stream.ts';
import type { MigrationProgress, MigrationReport, RunReport, RunStatus, SkippedEvent } from './report.ts';
import { readMark } from './partial-mark.ts';
import { takeRecords, verifyDocuments } from './session-documents.ts';
import type { MigrationSource } from './source.ts';
import type { Standing } from './standing.ts';

/** How runs are copied: dry, skipping what is damaged, and who is told. */
export interface MigrateOptions extends Choice {
  readonly sha256: Sha256;
  /** What the report calls the destination; a URL without its password. */
  readonly location: string;
  /** Say what would be done, and write nothing. */
  readonly dryRun?: boolean;
  /** Where the artifacts of sessions are, and where they go. Without it their bytes stay where they are. */
  readonly artifacts?: Omit<ArtifactWay, 'storeId'>;
  /** Leave out events that cannot be kept, and mark the run as partial; without it such a run fails. */
  readonly skipCorrupted?: boolean;
  /** True when the two are known to be two places, although they bear one store id: a copied file, a backup. */
  readonly isElsewhere?: boolean;
  readonly onProgress?: (progress: MigrationProgress) => void;
  /** Ends the migration between two pages; the run under way leaves nothing, and the report says where it was stopped. */
  readonly signal?: CancelSignal;
  /** Waited for after each page, so that whoever would abort the signal has a turn; nothing without it. */
  readonly pause?: () => Promise<void>;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  runIds: true,
  detach: true,
  sha256: true,
  location: true,
  dryRun: true,
  artifacts: true,
  skipCorrupted: true,
  isElsewhere: true,
  onProgress: true,
  signal: true,
  pause: true,
} satisfies Record<keyof MigrateOptions, true>);

/**
 * Moves runs. What goes wrong with one run is in its report and does not stop the others; the call again is the way to go on.
 * Rejects with `RunNotFoundError` for a run that the source does not have, and with the errors of a source that cannot be listed.
 */
export async function migrate(
  source: MigrationSource,
  destination: WholeLogStore,
  options: MigrateOptions,
): Promise<MigrationReport> {
  checkArguments('migrate', {
    source: [source, 'with runs'],
    destination: [destination, 'with commit'],
    options: [options, 'object'],
  });
  checkOptionNames('migrate', options, optionNames);
  checkArguments('migrate', { 'options.dryRun': [options.dryRun ?? false, 'boolean'] });
  return moveRuns(source, chooseRuns(await source.runs(), options), destination, options);
}

/** The second half of `migrate`, for whoever looks at the runs before the destination is opened. */
export async function moveRuns(
  source: MigrationSource,
  chosen: readonly ChosenRun[],
  destination: WholeLogStore,
  options: MigrateOptions,
): Promise<MigrationReport> {
  const isSame = source.storeId !== null && source.storeId === destination.storeId;
  if (isSame && options.isElsewhere !== true) throw sameStore(source.location);
  const reports: RunReport[] = [];
  const failed = new Set<string>();
  for (const [index, each] of chosen.entries()) {
    if (options.signal?.aborted === true) break;
    const tell = (phase: MigrationProgress['phase'], events: number, ofEvents: number): void =>
      options.onProgress?.({
        runId: each.run.id,
        run: index + 1,
        runs: chosen.length,
        phase,
        events,
        ofEvents,
      });
    const report = await moved(source, each, destination, { ...options, tell, failed });
    if (report === null) break;
    if (report.status === 'failed' || report.status === 'conflict') failed.add(report.runId);
    reports.push(report);
  }
  return {
    source: source.location,
    format: source.format,
    destination: options.location,
    isDryRun: options.dryRun === true,
    runs: reports,
    ok: failed.size === 0 && reports.length === chosen.length,
    isStopped: reports.length < chosen.length,
    notes: source.notes(null),
  };
}

interface RunOptions extends MigrateOptions {
  readonly tell: (phase: MigrationProgress['phase'], events: number, ofEvents: number) => void;
  /** Runs that are not there as they should be. */
  readonly failed: ReadonlySet<string>;
}

/** `null` when it was stopped in the middle: nothing of the run is there. */
async function moved(
  source: MigrationSource,
  chosen: ChosenRun,
  destination: WholeLogStore,
  options: RunOptions,
): Promise<RunReport | null> {
  const { run } = chosen;
  try {
    if (run.parent !== null && options.failed.has(run.parent.runId))
      return reportOf(source, chosen, 'failed', {
        problem: `its parent '${run.parent.runId}' is not in the destination`,
      });
    const { sha256, skipCorrupted = false } = options;
    const standing = await standingOf(source, chosen, destination, {
      sha256,
      skipCorrupted,
      onPage: pageTeller(options, 'compare', chosen.events),
    });
    if (standing.kind === 'conflict') return reportOf(source, chosen, 'conflict', { problem: standing.why });
    const brought = await bringArtifacts(source, chosen, destination, options);
    if (standing.kind === 'present') {
      // A call that was killed may have left it unproved.
      await verifyThere(chosen, destination, standing.proof, options);
      const skipped = await skippedOf(destination, run.id);
      const { note, proof } = standing;
      const report = reportOf(source, chosen, 'present', {
        skipped,
        verifiedHash: proof.hash,
        ...(note === undefined ? {} : { note }),
      });
      return withArtifacts(report, brought);
    }
    return withArtifacts(await written(source, chosen, destination, standing, options), brought);
  } catch (error) {
    if (options.signal?.aborted === true) return null;
    return reportOf(source, chosen, 'failed', { problem: problemOf(error) });
  }
}

async function verifyThere(
  chosen: ChosenRun,
  destination: WholeLogStore,
  expected: ProvedPlace,
  options: RunOptions,
): Promise<void> {
  await verifyRun(destination, chosen.run.id, expected, {
    sha256: options.sha256,
    onPage: pageTeller(options, 'verify', chosen.events),
    proved: await provedPast(chosen, destination),
  });
}

/** Tells of a page, lets others have their turn, and ends the work when somebody has asked for that. */
function pageTeller(
  { tell, signal, pause }: RunOptions,
  phase: MigrationProgress['phase'],
  ofEvents: number,
): OnPage {
  return async (events) => {
    tell(phase, events, ofEvents);
    await pause?.();
    if (signal?.aborted === true) throw signal.reason;
  };
}

async function written(
  source: MigrationSource,
  chosen: ChosenRun,
  destination: WholeLogStore,
  standing: Exclude<Standing, { kind: 'present' } | { kind: 'conflict' }>,
  options: RunOptions,
): Promise<RunReport> {
  const place: CopyPlace = {
    continues: standing.kind === 'prefix' ? standing.head : null,
    replaces: standing.kind === 'partial' ? standing.head : null,
  };
  const status =
    standing.kind === 'prefix' ? 'continued' : standing.kind === 'partial' ? 'replaced' : 'copied';
  const { sha256, skipCorrupted = false } = options;
  const onPage = pageTeller(options, 'copy', chosen.events);
  if (options.dryRun === true) {
    const stream = await readThrough(source, chosen, place, { sha256, skipCorrupted, onPage });
    return reportOf(source, chosen, status, { stream });
  }
  const { stream, head, records } = await copyRun(source, chosen, destination, place, {
    sha256,
    skipCorrupted,
    onPage,
  });
  // Rows that the destination took by itself are proved by it, before they are there.
  if (!stream.wasTaken) await verifyThere(chosen, destination, head, options);
  await verifyDocuments(destination, chosen.run.id, records, sha256);
  return reportOf(source, chosen, status, { stream, verifiedHash: head.hash });
}

/** What a copy would read, with nothing written: the destination may not even be there. */
async function readThrough(
  source: MigrationSource,
  chosen: ChosenRun,
  { continues }: CopyPlace,
  options: {
    readonly sha256: Sha256;
    readonly skipCorrupted: boolean;
    readonly onPage: OnPage;
  },
): Promise<ImportStream> {
  const { run, events } = chosen;
  const after = continues?.seq ?? run.parent?.atSeq ?? 0;
  const stream = new ImportStream(
    source,
    run,
    { after, hash: continues?.hash ?? genesisHash },
    { ...options, upTo: events },
  );
  for await (const page of stream.pages()) void page;
  const { skipped } = await takeRecords(source, chosen, options.skipCorrupted);
  stream.skippedRows.push(...skipped);
  return stream;
}

function reportOf(
  source: MigrationSource,
  { run, isAncestor }: ChosenRun,
  status: RunStatus,
  found: {
    readonly stream?: ImportStream;
    readonly skipped?: readonly SkippedEvent[];
    readonly verifiedHash?: string;
    readonly problem?: string;
    readonly note?: string;
  },
): RunReport {
  const { stream, verifiedHash = null, problem = null } = found;
  const skipped = found.skipped ?? [...(stream?.skipped ?? []), ...(stream?.skippedRows ?? [])];
  return {
    runId: run.id,
    status,
    events: stream?.events ?? 0,
    bytes: stream?.bytes ?? 0,
    skipped,
    brokenLinks: stream?.brokenLinks ?? [],
    isAncestor,
    verifiedHash,
    artifacts: 0,
    sourceDigest: source.digest(run.id),
    notes: [...source.notes(run.id), ...(found.note === undefined ? [] : [found.note])],
    problem,
  };
}

function withArtifacts(report: RunReport, { artifacts, notes }: BroughtArtifacts): RunReport {
  return { ...report, artifacts, notes: [...report.notes, ...notes] };
}

/** What was left out of a run when it came. */
async function skippedOf(destination: WholeLogStore, runId: string): Promise<readonly SkippedEvent[]> {
  return (await readMark(destination, await destination.head(runId)))?.skipped ?? [];
}

function problemOf(error: unknown): string {
  if (error instanceof CorruptedEventPayloadError && isStructuredError(error))
    return `${error.whatFailed} Mend the source, or leave such events out with --skip-corrupted (\`skipCorrupted\`).`;
  if (isStructuredError(error)) return `${error.whatFailed} ${error.howToFix}`.trim();
  return error instanceof Error ? error.message : String(error);
}

function sameStore(location: string): Error {
  return new InvalidRuntimeConfiguration({
    summary: `'${location}' would be moved into itself`,
    whatFailed: 'The source and the destination are the same store.',
    why: 'Every run of it is there already; a mistake in one of the two URLs is more likely.',
    howToFix: 'Name another destination: `runlog migrate --from URL --to sqlite:///copy.db`.',
  });
}
