/** Decides how the maintenance of sessions is told: what was done to each session, what failed, and the sums. */
import type { JsonObject } from '../../base/index.ts';
import type { MaintenanceReport } from '../../sessions/index.ts';
import { clean } from '../text/printable.ts';

/** What is shown of maintenance. */
export interface MaintenanceSummary extends MaintenanceReport {
  readonly store: string;
}

/** Of each kind so many lines are printed; the JSON has all. */
const linesAtMost = 50;

const reasons = {
  maxCompletedSessionAgeDays: 'its row was not changed for too long',
  maxSessionAgeDays: 'it was made too long ago',
} as const;

/** The lines that a person reads of maintenance. */
export function maintenanceText(summary: MaintenanceSummary): readonly string[] {
  const { softDeleted, hardDeleted, pruned, archived, artifactsCleaned, errors, isDryRun, isStopped } =
    summary;
  return [
    ...listed('mark', softDeleted, ({ sessionId, because }) => [sessionId, reasons[because]]),
    ...listed('archive', archived, (sessionId) => [sessionId, 'whole']),
    ...listed('remove', hardDeleted, ({ sessionId, events, runs, artifacts }) => [
      sessionId,
      `${counted(events, 'event')}, ${counted(runs, 'run')}, ${counted(artifacts, 'artifact')}`,
    ]),
    ...listed('prune', pruned, ({ sessionId, events, left }) => [
      sessionId,
      `${counted(events, 'event')} of ${events + left}`,
    ]),
    ...listed('clean', artifactsCleaned, ({ key, size }) => [
      key,
      `${counted(size, 'byte')}, named by no session`,
    ]),
    ...listed('failed', errors, ({ sessionId, step, message }) => [sessionId ?? step, message]),
    sumsOf(summary),
    ...(isStopped ? ['It was stopped before everything was looked at. The same command goes on.'] : []),
    ...(isDryRun ? ['Nothing was changed. Without --dry-run it is done.'] : []),
  ];
}

function sumsOf({
  softDeleted,
  hardDeleted,
  pruned,
  artifactsCleaned,
  errors,
  isDryRun,
}: MaintenanceSummary): string {
  const parts = [
    `${counted(softDeleted.length, 'session')} ${isDryRun ? 'would be marked' : 'marked'} as deleted`,
    `${hardDeleted.length} removed`,
    `${counted(sum(pruned.map(({ events }) => events)), 'event')} pruned in ${counted(pruned.length, 'session')}`,
    `${counted(artifactsCleaned.length, 'orphaned artifact')} cleaned up`,
    ...(errors.length === 0 ? [] : [`${errors.length} failed`]),
  ];
  return `summary: ${parts.join(', ')}`;
}

/** What `--json` prints of maintenance. */
export function maintenanceToJson(summary: MaintenanceSummary): JsonObject {
  const { store, isDryRun, ok, isStopped, durationMs, archived } = summary;
  const { softDeleted, hardDeleted, pruned, artifactsCleaned, errors } = summary;
  return {
    store,
    dry_run: isDryRun,
    ok,
    stopped: isStopped,
    duration_ms: Math.round(durationMs),
    sessions_soft_deleted: softDeleted.length,
    sessions_hard_deleted: hardDeleted.length,
    events_pruned: sum(pruned.map(({ events }) => events)),
    artifacts_cleaned: artifactsCleaned.length,
    soft_deleted: softDeleted.map(({ sessionId, because }) => ({
      session_id: sessionId,
      because: because.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    })),
    hard_deleted: hardDeleted.map(({ sessionId, events, runs, artifacts }) => ({
      session_id: sessionId,
      events,
      runs,
      artifacts,
    })),
    pruned: pruned.map(({ sessionId, events, left }) => ({ session_id: sessionId, events, left })),
    archived: [...archived],
    orphans: artifactsCleaned.map(({ key, size }) => ({ key, size })),
    errors: errors.map(({ step, sessionId, code, message }) => ({
      step,
      session_id: sessionId,
      code,
      message,
    })),
  };
}

function listed<Thing>(
  word: string,
  things: readonly Thing[],
  partsOf: (thing: Thing) => readonly [string, string],
): readonly string[] {
  const lines = things.slice(0, linesAtMost).map((thing) => {
    const [name, what] = partsOf(thing);
    return `${word.padEnd(8)} ${clean(name)}  ${clean(what)}`;
  });
  return things.length > linesAtMost
    ? [...lines, `${word.padEnd(8)} and ${things.length - linesAtMost} more`]
    : lines;
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
