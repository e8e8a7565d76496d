/** Decides how a fork with other settings is had in one go: made unless it is there, then loaded with its packs. */
import { checkOptionNames, formatInstant } from '../../base/index.ts';
import type { LogStore } from '../../log/index.ts';
import { forkRun, type Runtime, type SettingOverride } from '../../runtime/index.ts';
import { nodePlatform } from '../node-platform.ts';
import { load } from '../open.ts';
import { type LoadOptions, openOptionNames } from '../open-options.ts';

export interface ForkWithSettings {
  readonly parent: string;
  /** Id of the last event that the fork shares. */
  readonly atEvent: string;
  readonly runId: string;
  readonly label: string;
  readonly overrides: readonly SettingOverride[];
}

/** The name of every part of the fork: one that is missing here, or is none, does not compile. */
const forkNames: readonly string[] = Object.keys({
  parent: true,
  atEvent: true,
  runId: true,
  label: true,
  overrides: true,
} satisfies Record<keyof ForkWithSettings, true>);

/** Makes the fork unless it is there, loads it with the packs of the options, and hands the open run out. */
export async function openForkWithSettings(
  store: LogStore,
  fork: ForkWithSettings,
  options: LoadOptions,
): Promise<Runtime> {
  checkOptionNames('openForkWithSettings', fork, forkNames);
  // `load` would refuse it when the fork is there.
  checkOptionNames('openForkWithSettings', options, openOptionNames);
  const { parent, atEvent, runId, label, overrides } = fork;
  if ((await store.info(runId)) === undefined) {
    const { clock = nodePlatform.clock } = options;
    const createdAt = formatInstant(nodePlatform.nowMs());
    const changes = { overrides, isRecording: false, clock };
    await forkRun(store, { parent, atEvent, runId, label, createdAt, changes });
  }
  return load(store, { ...options, runId });
}
