/** Decides what is told of maintenance to those who watch: one event when all steps are done. */
import { openTelemetry } from '../telemetry/telemetry.ts';
import type { MaintenanceContext } from './context.ts';
import type { MaintenanceReport } from './port.ts';

export function tellMaintained(
  { onTelemetry, nowMs }: Pick<MaintenanceContext, 'onTelemetry' | 'nowMs'>,
  report: MaintenanceReport,
): void {
  const { softDeleted, hardDeleted, pruned, artifactsCleaned, errors, durationMs, isStopped } = report;
  const status = isStopped ? 'stopped' : errors.length > 0 ? 'failed' : 'completed';
  const counts = {
    duration_ms: durationMs,
    sessions_soft_deleted: softDeleted.length,
    sessions_hard_deleted: hardDeleted.length,
    events_pruned: pruned.reduce((sum, { events }) => sum + events, 0),
    artifacts_cleaned: artifactsCleaned.length,
    error_count: errors.length,
  };
  openTelemetry(onTelemetry, { nowMs })?.tell('maintenance.complete', counts, { status });
}
