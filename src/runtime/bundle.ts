/** Decides what comes into a run together: the behaviors, tools and types of a program or of one pack. */
import type { JsonObject } from '../base/index.ts';
import type { Tool } from '../effects/index.ts';
import type { ObjectType, RelationType } from '../graph/index.ts';
import type { Behavior } from './behavior.ts';

/** Asks for approval before objects of some types are added. */
export interface ApprovalPolicy {
  readonly name: string;
  readonly requiresApproval: readonly string[];
}

export interface BundlePack {
  readonly name: string;
  readonly version: string;
  /** What `pack.loaded` would say of it as it is now. */
  readonly loadedAs?: JsonObject;
  /**
   * What the pack brings when some of the settings that the run was started with are overridden, and the settings that come
   * of it. Throws `InvalidOverrideError` for a key or a value that the pack does not take.
   */
  readonly under: (overrides: JsonObject) => { readonly bundle: Bundle; readonly settings: JsonObject };
}

/** What a program or a pack brings. Names are the final ones; `owner` is the pack's name, `null` for the program itself. */
export interface Bundle {
  readonly owner: string | null;
  readonly behaviors: readonly Behavior[];
  readonly tools: readonly Tool[];
  readonly objectTypes: readonly ObjectType[];
  readonly relationTypes: readonly RelationType[];
  readonly policies: readonly ApprovalPolicy[];
  /** Handed to the bundle's handlers as `ctx.settings`. */
  readonly settings: unknown;
  /** The pack behind the bundle, where there is one. */
  readonly pack?: BundlePack;
  /** Payload of `pack.loaded`; `null` when the log holds that event already, or no pack is behind the bundle. */
  readonly loadedPayload: JsonObject | null;
}
