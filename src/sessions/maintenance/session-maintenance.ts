/** Decides how maintenance is asked for through its reference: checked once, and every failure that leaves it has a code. */
import { checkRef, coded, type Ref } from '../ref.ts';
import type { MaintenanceImplementation, SessionMaintenance } from './port.ts';

const operations = [
  'softDelete',
  'hardDelete',
  'prune',
  'cleanOrphanedArtifacts',
  'healthCheck',
  'execute',
  'dryRun',
] as const satisfies readonly (keyof SessionMaintenance)[];

/** The maintenance behind a reference. Throws `ValidationError` for anything that is no `[implementation, context]`. */
export function sessionMaintenance<Context>(
  ref: Ref<MaintenanceImplementation<Context>, Context>,
): SessionMaintenance {
  checkRef(ref, { name: 'maintenance', operations });
  const [implementation, context] = ref;
  const ask = <Result>(work: () => Promise<Result>): Promise<Result> => coded('maintenance_error', work);
  return {
    softDelete: (policy = {}, options = {}) => ask(() => implementation.softDelete(context, policy, options)),
    hardDelete: (policy = {}, options = {}) => ask(() => implementation.hardDelete(context, policy, options)),
    prune: (sessionId, policy = {}, options = {}) =>
      ask(() => implementation.prune(context, sessionId, policy, options)),
    cleanOrphanedArtifacts: (options = {}) =>
      ask(() => implementation.cleanOrphanedArtifacts(context, options)),
    healthCheck: () => ask(() => implementation.healthCheck(context)),
    execute: (policy = {}, options = {}) => ask(() => implementation.execute(context, policy, options)),
    dryRun: (policy = {}, options = {}) => ask(() => implementation.dryRun(context, policy, options)),
  };
}
