/** Decides which implementation maintains the stores of this package, and in which order the steps of a policy are done. */
import { ArchiveDesk } from './archive-desk.ts';
import { checkHealth } from './check-health.ts';
import { cleanArtifacts } from './clean-artifacts.ts';
import type { MaintenanceContext } from './context.ts';
import { markExpired } from './mark-expired.ts';
import type { MaintenanceImplementation, MaintenanceReport } from './port.ts';
import { pruneAll, pruneOne } from './prune-events.ts';
import { removeMarked } from './remove-marked.ts';
import { retentionPolicy } from './retention-policy.ts';
import { Round } from './round.ts';
import { tellMaintained } from './tell-maintained.ts';

/** Holds nothing: what it works on is the context. */
export const logMaintenance: MaintenanceImplementation<MaintenanceContext> = Object.freeze<
  MaintenanceImplementation<MaintenanceContext>
>({
  softDelete: async (context, policy, options) => {
    const round = new Round(context, retentionPolicy(policy), options);
    await round.attempt('soft-delete', null, () => markExpired(round));
    return round.report();
  },
  hardDelete: (context, policy, options) => {
    const round = new Round(context, retentionPolicy(policy), options);
    return withDesk(round, (desk) => round.attempt('hard-delete', null, () => removeMarked(round, desk)));
  },
  prune: (context, sessionId, policy, options) => {
    const round = new Round(context, retentionPolicy(policy), options);
    return withDesk(round, (desk) => pruneOne(round, desk, sessionId));
  },
  cleanOrphanedArtifacts: async (context, options) => {
    const round = new Round(context, retentionPolicy(), options);
    await cleanArtifacts(round);
    return round.report();
  },
  healthCheck: checkHealth,
  execute: async (context, policy, options) => {
    const report = await allSteps(new Round(context, retentionPolicy(policy), options));
    tellMaintained(context, report);
    return report;
  },
  dryRun: (context, policy, options) => allSteps(new Round(context, retentionPolicy(policy), options, true)),
});

async function allSteps(round: Round): Promise<MaintenanceReport> {
  return withDesk(round, async (desk) => {
    await round.begin();
    await round.attempt('soft-delete', null, () => markExpired(round));
    await round.attempt('hard-delete', null, () => removeMarked(round, desk));
    await round.attempt('prune', null, () => pruneAll(round, desk));
    await cleanArtifacts(round);
  });
}

async function withDesk(
  round: Round,
  work: (desk: ArchiveDesk) => Promise<void>,
): Promise<MaintenanceReport> {
  const desk = new ArchiveDesk(round);
  try {
    await work(desk);
    return round.report();
  } finally {
    await desk.close();
  }
}
