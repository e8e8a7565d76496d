/** Decides how a pack takes part in the repetition of a run: as the program has it now, with the settings of the log. */
import { checkArguments, type JsonObject, type Sha256 } from '../base/index.ts';
import { overriddenKeys, type ReplayPack } from '../runtime/index.ts';
import {
  bundleOf,
  canonicalBehaviors,
  packOf,
  packPayload,
  type PackRequest,
  settingsInLog,
} from './load-pack.ts';

/** What a verified replay needs of a pack. */
export function replayPack(request: PackRequest, sha256: Sha256): ReplayPack {
  checkArguments('replayPack', { request: [request, 'object'], sha256: [sha256, 'function'] });
  const { pack, settings: given } = packOf(request);
  return {
    name: pack.name,
    behaviors: canonicalBehaviors(pack),
    loadedPayload: (recorded: JsonObject) => packPayload(pack, given ?? settingsInLog(recorded), sha256),
    bundle: ({ loaded, overrides }) =>
      bundleOf(pack, settingsInLog(loaded), overriddenKeys(overrides, pack.name)),
  };
}
