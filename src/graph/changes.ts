/**
 * Decides which changes of a graph are possible, and turns each into a draft event. Changes are seen at once by whoever makes
 * them, through an overlay; they become history only when the drafts are appended, all together.
 */
import { type JsonObject, numberedId, objectId } from '../base/index.ts';
import { intakePayload } from '../log/index.ts';
import { ChangeRecorder } from './change-recorder.ts';
import type { ObjectType } from './declared-types.ts';
import { checkName, type Counters, type Draft } from './draft.ts';
import { type GraphObject, objectToJson, type Relation, relationToJson } from './elements.ts';
import { checkEmittedType } from './emitted-type.ts';
import { danglingRelation, objectNotFound, reservedField } from './errors.ts';
import type { Overlay } from './overlay.ts';
import { PatchChanges } from './patch-changes.ts';
import { readerOf } from './reader.ts';
import type { AddOptions, GraphWriter, WriterContext } from './writer.ts';

/** A set of changes under way: the drafts so far, and the counters they drew from. */
export class Changes {
  readonly #recorder: ChangeRecorder;

  constructor(overlay: Overlay, counters: Counters, context: WriterContext) {
    this.#recorder = new ChangeRecorder(overlay, counters, context);
  }

  get drafts(): readonly Draft[] {
    return this.#recorder.drafts;
  }

  /** The writer to hand out. Its reads are those of the overlay. */
  writer(): GraphWriter {
    const patches = new PatchChanges(this.#recorder);
    return Object.freeze({
      ...readerOf(this.#recorder.overlay),
      addObject: this.#addObject.bind(this),
      addRelation: this.#addRelation.bind(this),
      patchObject: patches.patchObject.bind(patches),
      patchObjects: patches.patchObjects.bind(patches),
      proposePatch: patches.proposePatch.bind(patches),
      applyPatch: patches.applyPatch.bind(patches),
      rejectPatch: patches.rejectPatch.bind(patches),
      removeObject: this.#removeObject.bind(this),
      removeRelation: this.#removeRelation.bind(this),
      emit: (type: string, payload: object = {}) => {
        checkEmittedType(type);
        this.#recorder.record(type, payload, null);
      },
    });
  }

  /** Puts an object up for approval. Returns the approval's id; what the approval adds is checked now. */
  proposeObject(
    type: string,
    data: object,
    details: { readonly reason: string; readonly pack: string | null },
  ): string {
    const checked = this.#checkedData(type, data);
    const id = numberedId('approval', this.#recorder.counters.approval + 1);
    const payload = { approval_id: id, object_type: type, ...details, data: checked };
    this.#recorder.record('approval.proposed', payload, id, 'runtime');
    this.#recorder.counters.approval += 1;
    return id;
  }

  #addObject(named: string | ObjectType, data: object, options: AddOptions = {}): GraphObject {
    const type = typeof named === 'string' ? named : named.name;
    checkName('object type', type);
    this.#recorder.context.checkGate(type);
    const checked = this.#checkedData(named, data);
    const id = objectId(type, this.#recorder.counters.object + 1);
    const object: GraphObject = {
      id,
      type,
      data: checked,
      version: 1,
      provenance: this.#recorder.provenance(options),
    };
    this.#recorder.record('object.created', { object: objectToJson(object), id }, id);
    this.#recorder.counters.object += 1;
    return this.#recorder.overlay.object(id) ?? object;
  }

  #addRelation(
    source: string,
    target: string,
    type: string,
    data: object = {},
    options: AddOptions = {},
  ): Relation {
    checkName('relation type', type);
    const from = this.#recorder.overlay.object(source);
    if (from === undefined) throw danglingRelation({ relationType: type, missing: source, side: 'source' });
    const to = this.#recorder.overlay.object(target);
    if (to === undefined) throw danglingRelation({ relationType: type, missing: target, side: 'target' });
    this.#recorder.context.types.checkRelation(type, { source: from.type, target: to.type });
    const id = numberedId('rel', this.#recorder.counters.relation + 1);
    const taken = intakePayload(data).value;
    const relation: Relation = {
      id,
      source,
      target,
      type,
      data: taken,
      provenance: this.#recorder.provenance(options),
    };
    this.#recorder.record('relation.created', { relation: relationToJson(relation), id, source, target }, id);
    this.#recorder.counters.relation += 1;
    return this.#recorder.overlay.relation(id) ?? relation;
  }

  #removeObject(id: string): void {
    const object = this.#recorder.target(id, 'removeObject');
    this.#recorder.record('object.removed', { id: object.id }, object.id);
  }

  #removeRelation(id: string): void {
    if (this.#recorder.overlay.relation(id) === undefined)
      throw objectNotFound({ id, operation: 'removeRelation' });
    this.#recorder.record('relation.removed', { id }, id);
  }

  /** The data of an object to be, as its schema hands it out. */
  #checkedData(type: string | ObjectType, data: object): JsonObject {
    const given = intakePayload(data).value;
    if (Object.hasOwn(given, 'provenance')) {
      throw reservedField({ objectType: typeof type === 'string' ? type : type.name, field: 'provenance' });
    }
    return this.#recorder.context.types.checkObject(type, given);
  }
}
