/**
 * Decides which changes of a graph are possible, and turns each into a draft event. Changes are seen at once by whoever makes
 * them, through an overlay; they become history only when the drafts are appended, all together.
 */
import {
  jsonEqual,
  type JsonObject,
  type JsonValue,
  mergeObjects,
  numberedId,
  objectId,
} from '../base/index.ts';
import { intakePayload } from '../log/index.ts';
import type { DeclaredTypes, ObjectType } from './declared-types.ts';
import { type Counters, type Draft, draft } from './draft.ts';
import {
  type GraphObject,
  objectToJson,
  type Patch,
  patchToJson,
  type Relation,
  relationToJson,
} from './elements.ts';
import {
  danglingRelation,
  invalidPatchLifecycle,
  invalidPatchOperation,
  objectNotFound,
  patchNotFound,
  reservedField,
} from './errors.ts';
import type { Overlay } from './overlay.ts';
import { project } from './project.ts';
import { type GraphReader, readerOf } from './reader.ts';

export interface AddOptions {
  /** Ids or other references that back what is added; kept in its provenance. */
  readonly evidence?: readonly JsonValue[];
}

export interface PatchOptions extends AddOptions {
  /** The version that the change was decided on. When the object has moved on, the patch is rejected instead of applied. */
  readonly expectedVersion?: number;
  readonly rationale?: string;
}

export interface ProposeOptions extends AddOptions {
  readonly op?: 'update' | 'replace';
  readonly value: JsonObject;
  readonly rationale?: string;
}

/** What a behavior, or a command from outside, may do to a graph. Reading sees what was changed so far. */
export interface GraphWriter extends GraphReader {
  addObject<Data>(type: ObjectType<Data>, data: Data, options?: AddOptions): GraphObject;
  addObject(type: string, data: object, options?: AddOptions): GraphObject;
  addRelation(source: string, target: string, type: string, data?: object, options?: AddOptions): Relation;
  /** Merges `updates` into the data of an object at once. */
  patchObject(target: string, updates: object, options?: PatchOptions): Patch;
  /** Puts a change up for decision; nothing changes yet. */
  proposePatch(target: string, options: ProposeOptions): Patch;
  applyPatch(patchId: string, options?: { readonly approvedBy?: string }): Patch;
  rejectPatch(patchId: string, reason: string): Patch;
  removeObject(id: string): void;
  removeRelation(id: string): void;
  /** Adds an event of one's own to the log. */
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

/** A set of changes under way: the drafts so far, and the counters they drew from. */
export class Changes {
  readonly drafts: Draft[] = [];
  readonly counters: Counters;
  readonly #overlay: Overlay;
  readonly #context: WriterContext;

  constructor(overlay: Overlay, counters: Counters, context: WriterContext) {
    this.#overlay = overlay;
    this.counters = { ...counters };
    this.#context = context;
  }

  /** The writer to hand out. Its reads are those of the overlay. */
  writer(): GraphWriter {
    return Object.freeze({
      ...readerOf(this.#overlay),
      addObject: (type: string | ObjectType, data: object, options: AddOptions = {}) =>
        this.addObject(typeof type === 'string' ? type : type.name, data, options),
      addRelation: this.addRelation.bind(this),
      patchObject: this.patchObject.bind(this),
      proposePatch: this.proposePatch.bind(this),
      applyPatch: this.applyPatch.bind(this),
      rejectPatch: this.rejectPatch.bind(this),
      removeObject: this.removeObject.bind(this),
      removeRelation: this.removeRelation.bind(this),
      emit: (type: string, payload: object = {}) => this.#record(type, payload, null),
    });
  }

  addObject(type: string, data: object, options: AddOptions = {}): GraphObject {
    this.#context.checkGate(type);
    const given = intakePayload(data).value;
    if (Object.hasOwn(given, 'provenance')) throw reservedField({ objectType: type, field: 'provenance' });
    const checked = this.#context.types.checkObject(type, given);
    this.counters.object += 1;
    const id = objectId(type, this.counters.object);
    const object: GraphObject = {
      id,
      type,
      data: checked,
      version: 1,
      provenance: this.#provenance(options),
    };
    this.#record('object.created', { object: objectToJson(object), id }, id);
    return this.#overlay.object(id) ?? object;
  }

  addRelation(
    source: string,
    target: string,
    type: string,
    data: object = {},
    options: AddOptions = {},
  ): Relation {
    const from = this.#overlay.object(source);
    if (from === undefined) throw danglingRelation({ relationType: type, missing: source, side: 'source' });
    const to = this.#overlay.object(target);
    if (to === undefined) throw danglingRelation({ relationType: type, missing: target, side: 'target' });
    this.#context.types.checkRelation(type, { source: from.type, target: to.type });
    const taken = intakePayload(data).value;
    this.counters.relation += 1;
    const id = numberedId('rel', this.counters.relation);
    const relation: Relation = {
      id,
      source,
      target,
      type,
      data: taken,
      provenance: this.#provenance(options),
    };
    this.#record('relation.created', { relation: relationToJson(relation), id, source, target }, id);
    return this.#overlay.relation(id) ?? relation;
  }

  patchObject(target: string, updates: object, options: PatchOptions = {}): Patch {
    const object = this.#target(target, 'patchObject');
    const value = this.#checkedValue(object, 'update', intakePayload(updates).value);
    const expectedVersion = options.expectedVersion ?? object.version;
    const patch = this.#newPatch(object.id, 'update', value, expectedVersion, options);
    if (expectedVersion !== object.version)
      return this.#reject(patch, staleReason(expectedVersion, object.version), object.version);
    return this.#apply(patch, object);
  }

  proposePatch(target: string, options: ProposeOptions): Patch {
    const op = options.op ?? 'update';
    if (op !== 'update' && op !== 'replace') throw invalidPatchOperation({ op: String(op) });
    const object = this.#target(target, 'proposePatch');
    const value = this.#checkedValue(object, op, intakePayload(options.value).value);
    const patch = this.#newPatch(object.id, op, value, object.version, options);
    this.#record('patch.proposed', { patch: patchToJson(patch) }, object.id);
    return patch;
  }

  applyPatch(patchId: string, options: { readonly approvedBy?: string } = {}): Patch {
    const patch = this.#proposed(patchId, 'applyPatch');
    const object = this.#overlay.object(patch.target);
    const current = object?.version ?? 0;
    if (object === undefined || (patch.expectedVersion !== null && patch.expectedVersion !== current)) {
      return this.#reject(patch, staleReason(patch.expectedVersion ?? 0, current), current);
    }
    this.#checkedValue(object, patch.op, patch.value);
    return this.#apply(patch, object, options.approvedBy ?? this.#context.actor);
  }

  rejectPatch(patchId: string, reason: string): Patch {
    const patch = this.#proposed(patchId, 'rejectPatch');
    return this.#reject(patch, reason, this.#overlay.object(patch.target)?.version ?? 0);
  }

  removeObject(id: string): void {
    this.#target(id, 'removeObject');
    this.#record('object.removed', { id }, id);
  }

  removeRelation(id: string): void {
    if (this.#overlay.relation(id) === undefined) throw objectNotFound({ id, operation: 'removeRelation' });
    this.#record('relation.removed', { id }, id);
  }

  #target(id: string, operation: string): GraphObject {
    // Both spellings are in old code: `task#1` and `object:task#1`.
    const object = this.#overlay.object(id.startsWith('object:') ? id.slice('object:'.length) : id);
    if (object === undefined) throw objectNotFound({ id, operation });
    return object;
  }

  #proposed(id: string, operation: string): Patch {
    const patch = this.#overlay.patch(id);
    if (patch === undefined) throw patchNotFound({ id, operation });
    if (patch.status !== 'proposed') throw invalidPatchLifecycle({ id, status: patch.status, operation });
    return patch;
  }

  /** The value of a patch, after the data that it would lead to has passed the declared schema. */
  #checkedValue(object: GraphObject, op: string, value: JsonObject): JsonObject {
    if (Object.hasOwn(value, 'provenance'))
      throw reservedField({ objectType: object.type, field: 'provenance' });
    this.#context.types.checkObject(object.type, op === 'replace' ? value : mergeObjects(object.data, value));
    return value;
  }

  #newPatch(
    target: string,
    op: string,
    value: JsonObject,
    expectedVersion: number,
    options: PatchOptions,
  ): Patch {
    this.counters.patch += 1;
    return {
      id: numberedId('patch', this.counters.patch),
      target,
      op,
      value,
      expectedVersion,
      proposedBy: this.#context.actor,
      rationale: options.rationale ?? '',
      evidence: options.evidence ?? [],
      status: 'proposed',
      rejectionReason: null,
      provenance: this.#provenance(options),
    };
  }

  #apply(patch: Patch, object: GraphObject, approvedBy?: string): Patch {
    const applied: Patch = { ...patch, status: 'applied' };
    const after = patch.op === 'replace' ? patch.value : mergeObjects(object.data, patch.value);
    const payload = { patch: patchToJson(applied), target: object.id, diff: fieldDiff(object.data, after) };
    this.#record(
      'patch.applied',
      approvedBy === undefined ? payload : { ...payload, approved_by: approvedBy },
      object.id,
    );
    return applied;
  }

  #reject(patch: Patch, reason: string, currentVersion: number): Patch {
    const rejected: Patch = { ...patch, status: 'rejected', rejectionReason: reason };
    const payload = { patch_id: patch.id, target: patch.target, reason, current_version: currentVersion };
    this.#record('patch.rejected', payload, patch.target);
    return rejected;
  }

  #provenance(options: AddOptions): JsonObject {
    return {
      created_by: this.#context.actor,
      caused_by_event: this.#context.causedBy,
      frame_id: this.#context.frameId,
      timestamp: this.#context.timestamp,
      evidence: options.evidence ?? [],
      ...this.#context.origin(),
    };
  }

  #record(type: string, payload: unknown, subject: string | null): void {
    this.#context.checkOpen();
    const made = draft({
      type,
      payload,
      actor: this.#context.actor,
      causedBy: this.#context.causedBy,
      subject,
    });
    project(this.#overlay, made.type, made.payload);
    this.drafts.push(made);
  }
}

/** The changed fields with both values; a missing one is `null`. */
function fieldDiff(before: JsonObject, after: JsonObject): JsonObject {
  const changed: [string, JsonValue][] = [];
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = before[field] ?? null;
    const now = after[field] ?? null;
    if (!jsonEqual(old, now)) changed.push([field, { old, new: now }]);
  }
  return Object.fromEntries(changed);
}

function staleReason(expected: number, actual: number): string {
  return `version mismatch: expected ${expected}, got ${actual}`;
}
