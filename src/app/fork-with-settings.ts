/**
 * Decides how a fork gets other settings: the overrides become its first own events, before any pack is loaded, so that the
 * fork explains itself for ever.
 */
import { formatInstant, type JsonValue } from '../base/index.ts';
import type { LogStore } from '../log/index.ts';
import { forkRun, type Runtime } from '../runtime/index.ts';
import { load, type LoadOptions } from './open.ts';
import { nodePlatform } from './node-platform.ts';
import { loadPack } from '../packs/index.ts';

export interface SettingOverride {
  readonly pack: { readonly name: string; readonly version: string };
  readonly key: string;
  readonly value: JsonValue;
}

export interface ForkWithSettings {
  readonly parent: string;
  /** Id of the last event that the fork shares. */
  readonly atEvent: string;
  readonly runId: string;
  readonly label: string;
  readonly overrides: readonly SettingOverride[];
}

/** Makes the fork unless it is there, writes the overrides that its log lacks, loads the packs, and hands the open run out. */
export async function openForkWithSettings(
  store: LogStore,
  fork: ForkWithSettings,
  options: LoadOptions,
): Promise<Runtime> {
  const { parent, atEvent, runId, label } = fork;
  if ((await store.info(runId)) === undefined) {
    await forkRun(store, { parent, atEvent, runId, label, createdAt: formatInstant(nodePlatform.nowMs()) });
  }
  const { packs = [], ...withoutPacks } = options;
  const runtime = await load(store, { ...withoutPacks, runId });
  try {
    const written = runtime.packHistory.overrides.length;
    for (const { pack, key, value } of fork.overrides.slice(written)) {
      await runtime.emit('pack.settings_overridden', { pack, key, value }, { actor: 'user' });
    }
    for (const request of packs) await loadPack(runtime, request, nodePlatform.sha256);
    return runtime;
  } catch (error) {
    await runtime.close();
    throw error;
  }
}
