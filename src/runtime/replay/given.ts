/** Decides what has to be given to repeat a run: the program as it is now. What it was driven with then is in the record. */
import type { JsonObject } from '../../base/index.ts';
import type { Behavior } from '../behavior.ts';
import type { Bundle } from '../bundle.ts';
import type { OpenRuntimeOptions } from '../run/options.ts';

/** A pack as a repetition needs it; `app` makes it of a pack and the settings that a program gives it. */
export interface ReplayPack {
  readonly name: string;
  /** Under their canonical names. */
  readonly behaviors: readonly Behavior[];
  /** What the log would say of it; settings that nobody gives are those of the recorded payload. */
  loadedPayload(recorded: JsonObject): JsonObject;
  /** With the settings that the log gives it. */
  bundle(history: { readonly loaded: JsonObject; readonly overrides: readonly JsonObject[] }): Bundle;
}

/**
 * What the run was driven with. Clock, seed, frame and budget are input of the run and are taken from its record; they stand
 * in only where there is none. A model is never asked: it names the default for behaviors that name none.
 */
export interface VerifyOptions extends Omit<OpenRuntimeOptions, 'invoker' | 'ownsStore' | 'runId'> {
  readonly packs: readonly ReplayPack[];
}
