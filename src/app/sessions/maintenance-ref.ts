/** Decides what maintenance works on here: an open store, this machine's time, and archives that are opened by their URL. */
import { checkArguments, checkOptionNames } from '../../base/index.ts';
import type { LogStore } from '../../log/index.ts';
import {
  logMaintenance,
  type MaintenanceContext,
  type MaintenanceImplementation,
  type Ref,
  type SessionArchive,
} from '../../sessions/index.ts';
import type { Finding } from '../../upkeep/index.ts';
import { openArtifacts } from '../artifacts/open-artifacts.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { sessionTelemetry } from '../observe/session-telemetry.ts';
import { openStore } from '../open-store.ts';
import { doctor } from '../upkeep/doctor.ts';
import { searchable } from './query-ref.ts';

/** What maintenance over a store of your own may be given. */
export type MaintenanceRefOptions = Partial<
  Pick<MaintenanceContext, 'artifacts' | 'nowMs' | 'openArchive' | 'findings' | 'onTelemetry'>
>;

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  artifacts: true,
  nowMs: true,
  openArchive: true,
  findings: true,
  onTelemetry: true,
} satisfies Record<keyof MaintenanceRefOptions, true>);

/**
 * The reference for `sessionMaintenance` over an open store, which stays its owner's to close. Throws `InvalidArgumentType` for a
 * store in which sessions cannot be searched.
 */
export function maintenanceRef(
  store: LogStore,
  options: MaintenanceRefOptions = {},
): Ref<MaintenanceImplementation<MaintenanceContext>, MaintenanceContext> {
  checkArguments('maintenanceRef', { store: [store, 'with commit'], options: [options, 'object'] });
  checkOptionNames('maintenanceRef', options, optionNames);
  const known = searchable(store);
  const context: MaintenanceContext = {
    store: known,
    sha256,
    nowMs: nodePlatform.nowMs,
    openArchive,
    onTelemetry: sessionTelemetry(),
    findings: async () => (await doctor(known)).findings.filter(isWrong).map(sentenceOf),
    ...options,
  };
  return [logMaintenance, context];
}

async function openArchive(archiveStore: string, archiveArtifacts: string | null): Promise<SessionArchive> {
  const artifacts = archiveArtifacts === null ? null : await openArtifacts(archiveArtifacts);
  const store = searchable(await openStore(archiveStore, { mode: 'create' }));
  return {
    store,
    artifacts: artifacts?.store ?? null,
    close: async () => {
      await store.close();
      await artifacts?.close();
    },
  };
}

/** Of what is harmless only a row that contradicts its events matters to somebody who looks after sessions. */
function isWrong({ severity, code }: Finding): boolean {
  return severity !== 'note' || code === 'row-differs';
}

function sentenceOf({ where, what }: Finding): string {
  return `${where}: ${what}`;
}
