/** All cases of the kit of maintenance, in the order in which a failure is best read. */
import type { SessionMaintenance } from '../../sessions/index.ts';
import type { PortCase } from '../ports/port-case.ts';
import { refCases } from '../ports/ref-cases.ts';
import { type MaintenancePlace, openMaintenance } from './maintenance-place.ts';
import { retentionCases } from './retention-cases.ts';

const operations = [
  'softDelete',
  'hardDelete',
  'prune',
  'cleanOrphanedArtifacts',
  'healthCheck',
  'execute',
  'dryRun',
] as const satisfies readonly (keyof SessionMaintenance)[];

async function callAll(maintenance: SessionMaintenance): Promise<void> {
  await maintenance.softDelete();
  await maintenance.hardDelete();
  await maintenance.cleanOrphanedArtifacts();
  await maintenance.healthCheck();
  await maintenance.execute();
  await maintenance.dryRun();
  // Nobody is there; that it was asked for is what counts.
  await maintenance.prune('nobody').catch(() => null);
}

/** What every implementation of maintenance has to do. */
export const maintenanceCases: readonly PortCase<MaintenancePlace>[] = [
  ...refCases<MaintenancePlace, SessionMaintenance>(({ maintenance }) => ({
    ref: maintenance,
    operations,
    open: openMaintenance,
    callAll,
  })),
  ...retentionCases,
];
