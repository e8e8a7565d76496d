/**
 * Decides which changes of a graph are possible, and turns each into a draft event. Changes are seen at once by whoever makes
 * them, through an overlay; they become history only when the drafts are appended, all together.
 */
import { type JsonObject, numberedId, objectId } from '../base/index.ts';
import { intake, intakePayload } from '../log/index.ts';
import type { ObjectType } from './declared-types.ts';
import { type Counters, type Draft, draft } from './draft.ts';
import {
  type GraphObject,
  objectToJson,
  type Patch,
  patchToJson,
  type Relation,
  relationToJson,
} from './elements.ts';
import { checkEmittedType } from './emitted-type.ts';
import {
  danglingRelation,
  invalidPatchLifecycle,
  invalidPatchOperation,
  objectNotFound,
  patchNotFound,
  reservedField,
} from './errors.ts';
import type { Overlay } from './overlay.ts';
import { askedOf, fieldDiff, isPatchOp, type PatchOp, patched, staleReason } from './patching.ts';
import { project } from './project.ts';
import { readerOf } from './reader.ts';
import type { AddOptions, GraphWriter, PatchOptions, ProposeOptions, WriterContext } from './writer.ts';

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
      addObject: this.addObject.bind(this),
      addRelation: this.addRelation.bind(this),
      patchObject: this.patchObject.bind(this),
      proposePatch: this.proposePatch.bind(this),
      applyPatch: this.applyPatch.bind(this),
      rejectPatch: this.rejectPatch.bind(this),
      removeObject: this.removeObject.bind(this),
      removeRelation: this.removeRelation.bind(this),
      emit: (type: string, payload: object = {}) => {
        checkEmittedType(type);
        this.#record(type, payload, null);
      },
    });
  }

  addObject(named: string | ObjectType, data: object, options: AddOptions = {}): GraphObject {
    const type = typeof named === 'string' ? named : named.name;
    this.#context.checkGate(type);
    const checked = this.#checkedData(named, data);
    const id = objectId(type, this.counters.object + 1);
    const object: GraphObject = {
      id,
      type,
      data: checked,
      version: 1,
      provenance: this.#provenance(options),
    };
    this.#record('object.created', { object: objectToJson(object), id }, id);
    this.counters.object += 1;
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
    const id = numberedId('rel', this.counters.relation + 1);
    const taken = intakePayload(data).value;
    const relation: Relation = {
      id,
      source,
      target,
      type,
      data: taken,
      provenance: this.#provenance(options),
    };
    this.#record('relation.created', { relation: relationToJson(relation), id, source, target }, id);
    this.counters.relation += 1;
    return this.#overlay.relation(id) ?? relation;
  }

  patchObject(target: string, updates: object, options: PatchOptions = {}): Patch {
    const object = this.#target(target, 'patchObject');
    const value = this.#checkedValue(object, 'update', intakePayload(updates).value);
    const expectedVersion = options.expectedVersion ?? object.version;
    const patch = this.#newPatch(object.id, 'update', value, expectedVersion, options);
    if (expectedVersion === object.version) return this.#apply(patch, 'update', object);
    return this.#reject(patch, staleReason(expectedVersion, object.version), object.version);
  }

  proposePatch(target: string, options: ProposeOptions): Patch {
    const { op = 'update' } = options;
    if (!isPatchOp(op)) throw invalidPatchOperation({ op: String(op) });
    const object = this.#target(target, 'proposePatch');
    const value = this.#checkedValue(object, op, intakePayload(options.value).value);
    const patch = this.#newPatch(object.id, op, value, object.version, options);
    this.#record('patch.proposed', { patch: patchToJson(patch) }, object.id);
    return this.#overlay.patch(patch.id) ?? patch;
  }

  applyPatch(patchId: string, options: { readonly approvedBy?: string } = {}): Patch {
    const patch = this.#proposed(patchId, 'applyPatch');
    const { op, expectedVersion } = patch;
    if (!isPatchOp(op)) throw invalidPatchOperation({ op });
    const object = this.#overlay.object(patch.target);
    const current = object?.version ?? 0;
    if (object === undefined || (expectedVersion !== null && expectedVersion !== current)) {
      return this.#reject(patch, staleReason(expectedVersion ?? 0, current), current);
    }
    this.#checkedValue(object, op, patch.value);
    return this.#apply(patch, op, object, options.approvedBy ?? this.#context.actor);
  }

  rejectPatch(patchId: string, reason: string): Patch {
    const patch = this.#proposed(patchId, 'rejectPatch');
    return this.#reject(patch, reason, this.#overlay.object(patch.target)?.version ?? 0);
  }

  removeObject(id: string): void {
    const object = this.#target(id, 'removeObject');
    this.#record('object.removed', { id: object.id }, object.id);
  }

  removeRelation(id: string): void {
    if (this.#overlay.relation(id) === undefined) throw objectNotFound({ id, operation: 'removeRelation' });
    this.#record('relation.removed', { id }, id);
  }

  /** Puts an object up for approval. Returns the approval's id; what the approval adds is checked now. */
  proposeObject(type: string, data: object, details: { readonly reason: string; readonly pack: string | null }): string {
    const checked = this.#checkedData(type, data);
    const id = numberedId('approval', this.counters.approval + 1);
    const payload = { approval_id: id, object_type: type, ...details, data: checked };
    this.#record('approval.proposed', payload, id, 'runtime');
    this.counters.approval += 1;
    return id;
  }

  #target(id: string, operation: string): GraphObject {
    // Both spellings are in old code: `task#1` and `object:task#1`.
    const plain = id.startsWith('object:') ? id.slice('object:'.length) : id;
    const object = this.#overlay.object(id) ?? this.#overlay.object(plain);
    if (object === undefined) throw objectNotFound({ id, operation });
    return object;
  }

  #proposed(id: string, operation: string): Patch {
    const patch = this.#overlay.patch(id);
    if (patch === undefined) throw patchNotFound({ id, operation });
    if (patch.status !== 'proposed') throw invalidPatchLifecycle({ id, status: patch.status, operation });
    return patch;
  }

  /** The data of an object to be, as its schema hands it out. */
  #checkedData(type: string | ObjectType, data: object): JsonObject {
    const given = intakePayload(data).value;
    if (Object.hasOwn(given, 'provenance')) {
      throw reservedField({ objectType: typeof type === 'string' ? type : type.name, field: 'provenance' });
    }
    return this.#context.types.checkObject(type, given);
  }

  /** The value of a patch, after the data that it would lead to has passed the declared schema. */
  #checkedValue(object: GraphObject, op: PatchOp, value: JsonObject): JsonObject {
    if (Object.hasOwn(value, 'provenance'))
      throw reservedField({ objectType: object.type, field: 'provenance' });
    const after = patched(object.data, op, value);
    const checked = this.#context.types.checkObject(object.type, after);
    if (checked === after) return value;
    return op === 'replace' ? checked : askedOf(checked, value);
  }

  #newPatch(
    target: string,
    op: PatchOp,
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
      evidence: evidenceOf(options),
      status: 'proposed',
      rejectionReason: null,
      provenance: this.#provenance(options),
    };
  }

  #apply(patch: Patch, op: PatchOp, object: GraphObject, approvedBy?: string): Patch {
    const applied: Patch = { ...patch, status: 'applied' };
    const diff = fieldDiff(object.data, patched(object.data, op, patch.value));
    const payload = { patch: patchToJson(applied), target: object.id, diff };
    const told = approvedBy === undefined ? payload : { ...payload, approved_by: approvedBy };
    this.#record('patch.applied', told, object.id);
    return this.#overlay.patch(patch.id) ?? applied;
  }

  #reject(patch: Patch, reason: string, currentVersion: number): Patch {
    const rejected: Patch = { ...patch, status: 'rejected', rejectionReason: reason };
    const payload = {
      patch_id: patch.id,
      target: patch.target,
      reason,
      current_version: currentVersion,
    };
    this.#record('patch.rejected', payload, patch.target);
    return rejected;
  }

  #provenance(options: AddOptions): JsonObject {
    return {
      created_by: this.#context.actor,
      caused_by_event: this.#context.causedBy,
      frame_id: this.#context.frameId,
      timestamp: this.#context.timestamp,
      evidence: evidenceOf(options),
      ...this.#context.origin(),
    };
  }

  #record(type: string, payload: unknown, subject: string | null, actor = this.#context.actor): void {
    this.#context.checkOpen();
    const made = draft({ type, payload, actor, causedBy: this.#context.causedBy, subject });
    project(this.#overlay, made.type, made.payload);
    this.drafts.push(made);
  }
}

/** Frozen data, whatever the caller does with the list afterwards. */
function evidenceOf({ evidence }: AddOptions): NonNullable<AddOptions['evidence']> {
  const taken = intake(evidence ?? []).value;
  return Array.isArray(taken) ? taken : [];
}
