/** Decides what may be done to a graph, as people's code sees it; `Changes` carries it out. */
import type { JsonObject, JsonValue } from '../base/index.ts';
import type { DeclaredTypes, ObjectType } from './declared-types.ts';
import type { GraphObject, Patch, Relation } from './elements.ts';
import type { GraphReader } from './reader.ts';

/** Evidence for what is added: ids of events or objects, or any JSON. */
export interface AddOptions {
  /** Ids or other references that back what is added; kept in its provenance. */
  readonly evidence?: readonly JsonValue[];
}

/** The version that the object must have, and why it is changed. Another version rejects the patch. */
export interface PatchOptions extends AddOptions {
  /** The version that the change was decided on. When the object has moved on, the patch is rejected instead of applied. */
  readonly expectedVersion?: number;
  readonly rationale?: string;
}

/** One patch of a group. */
export interface GroupedPatch {
  readonly target: string;
  readonly updates: object;
  /** The version that the change was decided on; the present one when it is left out. */
  readonly expectedVersion?: number;
}

/** A patch that waits for a decision: merge (`update`) or replace, with which data, and why. */
export interface ProposeOptions extends AddOptions {
  readonly op?: 'update' | 'replace';
  readonly value: JsonObject;
  readonly rationale?: string;
}

/**
 * What a behavior, or a command from outside, may do to a graph. Reading sees what was changed so far. Every method throws
 * `NonSerializableEventError` for data that JSON does not carry, and `PackSchemaViolation` for data of a declared type that
 * does not fit it; ids that the graph does not have are errors that extend `NotFoundError`.
 */
export interface GraphWriter extends GraphReader {
  /** Adds an object; its data is what the schema of its type hands out. Throws `ReservedFieldError`, `ApprovalRequiredError`. */
  addObject<Data>(type: ObjectType<Data>, data: Data, options?: AddOptions): GraphObject;
  addObject(type: string, data: object, options?: AddOptions): GraphObject;
  /** Throws `DanglingRelationError` when an end is missing. */
  addRelation(source: string, target: string, type: string, data?: object, options?: AddOptions): Relation;
  /** Merges `updates` into the data of an object at once. */
  patchObject(target: string, updates: object, options?: PatchOptions): Patch;
  /**
   * Patches several objects, all or none: when one of them has moved on, every patch is rejected, and each says which one it
   * was. Throws `InvalidPatchOperation` when an object is named twice.
   */
  patchObjects(
    patches: readonly GroupedPatch[],
    options?: Omit<PatchOptions, 'expectedVersion'>,
  ): readonly Patch[];
  /** Puts a change up for decision; nothing changes yet. Throws `InvalidPatchOperation`. */
  proposePatch(target: string, options: ProposeOptions): Patch;
  /** Applies a proposal, or rejects it when its target has moved on. Throws `InvalidPatchLifecycleState`. */
  applyPatch(patchId: string, options?: { readonly approvedBy?: string }): Patch;
  /** Throws `InvalidPatchLifecycleState` for a patch that was decided already. */
  rejectPatch(patchId: string, reason: string): Patch;
  /** Removes an object and every relation that touches it. */
  removeObject(id: string): void;
  removeRelation(id: string): void;
  /** Adds an event of one's own to the log. Throws `ReservedEventTypeError` for types that the runtime alone writes. */
  emit(type: string, payload?: object): void;
}

/** Who makes the changes, as provenance and events will say. */
export interface WriterContext {
  readonly actor: string;
  readonly causedBy: string | null;
  readonly frameId: string | null;
  readonly timestamp: string;
  readonly types: DeclaredTypes;
  /** Refuses additions that need somebody's approval. */
  readonly checkGate: (objectType: string) => void;
  /** Throws when the changes belong to something that is over. */
  readonly checkOpen: () => void;
  /** Further provenance, such as the model call behind a change. */
  readonly origin: () => JsonObject;
}
