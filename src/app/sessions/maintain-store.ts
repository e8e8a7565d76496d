/** Decides how the sessions of the store at a URL are maintained: the policy is read first, and a dry run opens nothing for writing. */
import { checkArguments, checkedOptions, checkOptionNames } from '../../base/index.ts';
import { type LogStore, withoutCredentials } from '../../log/index.ts';
import {
  type MaintenanceOptions,
  type MaintenanceReport,
  type OnTelemetry,
  sessionMaintenance,
} from '../../sessions/index.ts';
import { openArtifacts } from '../artifacts/open-artifacts.ts';
import { openStore } from '../open-store.ts';
import { maintenanceRef } from './maintenance-ref.ts';
import { readPolicyFile } from './policy-file.ts';

/** How maintenance is run: dry, with which artifacts, and who is told. */
export interface MaintainOptions extends Pick<MaintenanceOptions, 'onProgress' | 'signal'> {
  /** Tell what would be done, and change nothing. */
  readonly dryRun?: boolean;
  /** The folder or bucket with the artifacts of the sessions. */
  readonly artifacts?: string;
  /** Told what was done; without it whoever `configureLogging` has asked for, `null` for nobody. */
  readonly onTelemetry?: OnTelemetry | null;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  dryRun: true,
  artifacts: true,
  onTelemetry: true,
  onProgress: true,
  signal: true,
} satisfies Record<keyof MaintainOptions, true>);

/** What maintenance did to a store. */
export interface StoreMaintenance extends MaintenanceReport {
  /** The store, without its password. */
  readonly store: string;
}

/**
 * Maintains the sessions of a store by a policy in a file. Rejects with `PolicyFileError`, with the errors of opening the store, and with
 * those of `openArtifacts`; what goes wrong with a session is in the report.
 */
export async function maintainStore(
  url: string,
  policyFile: string,
  options: MaintainOptions = {},
): Promise<StoreMaintenance> {
  checkOptionNames('maintainStore', checkedOptions('maintainStore', options), optionNames);
  const { dryRun = false, artifacts: place, onTelemetry, ...rest } = options;
  checkArguments('maintainStore', { 'options.dryRun': [dryRun, 'boolean'] });
  const policy = await readPolicyFile(policyFile);
  const artifacts = place === undefined ? null : await openArtifacts(place, 'read');
  try {
    const store: LogStore = await openStore(url, { mode: dryRun ? 'read' : 'write' });
    try {
      const known = {
        ...(artifacts === null ? {} : { artifacts: artifacts.store }),
        ...(onTelemetry === undefined ? {} : { onTelemetry }),
      };
      const maintenance = sessionMaintenance(maintenanceRef(store, known));
      const report = dryRun
        ? await maintenance.dryRun(policy, rest)
        : await maintenance.execute(policy, rest);
      return { ...report, store: withoutCredentials(url) };
    } finally {
      await store.close();
    }
  } finally {
    await artifacts?.close();
  }
}
