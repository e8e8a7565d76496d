/** Decides how a pack takes part in the repetition of a run: as the program has it now, with the settings of the log. */
import { type JsonObject, type Sha256 } from '../base/index.ts';
import type { ReplayPack } from '../runtime/index.ts';
import {
  checkedSettings,
  effectiveSettings,
  packBundle,
  packOf,
  packPayload,
  type PackRequest,
} from './load-pack.ts';

export function replayPack(request: PackRequest, sha256: Sha256): ReplayPack {
  const { pack, settings: given } = packOf(request);
  return {
    name: pack.name,
    behaviors: packBundle(pack, undefined).behaviors,
    loadedPayload: (recorded: JsonObject) =>
      packPayload({ pack, settings: given ?? effectiveSettings(recorded, []) }, sha256),
    bundle: ({ loaded, overrides }) =>
      packBundle(pack, checkedSettings(pack, effectiveSettings(loaded, overrides))),
  };
}
