/** Decides how objects are patched: at once, or by a proposal that is applied or rejected later, once and for good. */
import { type JsonObject, numberedId } from '../base/index.ts';
import { intakePayload } from '../log/index.ts';
import { type ChangeRecorder, evidenceOf } from './change-recorder.ts';
import { type GraphObject, type Patch, patchToJson } from './elements.ts';
import {
  invalidPatchGroup,
  invalidPatchLifecycle,
  invalidPatchOperation,
  patchedTwice,
  patchNotFound,
  reservedField,
} from './errors.ts';
import { askedOf, fieldDiff, isPatchOp, type PatchOp, patched, staleReason } from './patching.ts';
import type { GroupedPatch, PatchOptions, ProposeOptions } from './writer.ts';

export class PatchChanges {
  readonly #recorder: ChangeRecorder;

  constructor(recorder: ChangeRecorder) {
    this.#recorder = recorder;
  }

  patchObject(target: string, updates: object, options: PatchOptions = {}): Patch {
    const object = this.#recorder.target(target, 'patchObject');
    const value = this.#checkedValue(object, 'update', intakePayload(updates).value);
    const expectedVersion = options.expectedVersion ?? object.version;
    const patch = this.#newPatch(object.id, 'update', value, expectedVersion, options);
    if (expectedVersion === object.version) return this.#apply(patch, 'update', object);
    return this.#reject(patch, staleReason(expectedVersion, object.version), object.version);
  }

  patchObjects(
    asked: readonly GroupedPatch[],
    options: Omit<PatchOptions, 'expectedVersion'> = {},
  ): readonly Patch[] {
    checkGroup(asked);
    const targets = new Set<string>();
    const checked = asked.map(({ target, updates, expectedVersion }) => {
      const object = this.#recorder.target(target, 'patchObjects');
      if (targets.has(object.id)) throw patchedTwice({ id: object.id });
      targets.add(object.id);
      const value = this.#checkedValue(object, 'update', intakePayload(updates).value);
      return { object, value, expected: expectedVersion ?? object.version };
    });
    const made = checked.map(({ object, value, expected }) => ({
      object,
      patch: this.#newPatch(object.id, 'update', value, expected, options),
    }));
    const group = made.map(({ patch }) => patch.id);
    const stale = checked.find(({ object, expected }) => expected !== object.version);
    return made.map(({ object, patch }) =>
      stale === undefined
        ? this.#apply(patch, 'update', object, { group })
        : this.#reject(patch, groupReason(patch, object, stale), object.version, { group }),
    );
  }

  proposePatch(target: string, options: ProposeOptions): Patch {
    const { op = 'update' } = options;
    if (!isPatchOp(op)) throw invalidPatchOperation({ op: String(op) });
    const object = this.#recorder.target(target, 'proposePatch');
    const value = this.#checkedValue(object, op, intakePayload(options.value).value);
    const patch = this.#newPatch(object.id, op, value, object.version, options);
    this.#recorder.record('patch.proposed', { patch: patchToJson(patch) }, object.id);
    return this.#recorder.overlay.patch(patch.id) ?? patch;
  }

  applyPatch(patchId: string, options: { readonly approvedBy?: string } = {}): Patch {
    const patch = this.#proposed(patchId, 'applyPatch');
    const { op, expectedVersion } = patch;
    if (!isPatchOp(op)) throw invalidPatchOperation({ op });
    const object = this.#recorder.overlay.object(patch.target);
    const current = object?.version ?? 0;
    if (object === undefined || (expectedVersion !== null && expectedVersion !== current)) {
      return this.#reject(patch, staleReason(expectedVersion ?? 0, current), current);
    }
    this.#checkedValue(object, op, patch.value);
    return this.#apply(patch, op, object, {
      approved_by: options.approvedBy ?? this.#recorder.context.actor,
    });
  }

  rejectPatch(patchId: string, reason: string): Patch {
    const patch = this.#proposed(patchId, 'rejectPatch');
    return this.#reject(patch, reason, this.#recorder.overlay.object(patch.target)?.version ?? 0);
  }

  #proposed(id: string, operation: string): Patch {
    const patch = this.#recorder.overlay.patch(id);
    if (patch === undefined) throw patchNotFound({ id, operation });
    if (patch.status !== 'proposed') throw invalidPatchLifecycle({ id, status: patch.status, operation });
    return patch;
  }

  /** The value of a patch, after the data that it would lead to has passed the declared schema. */
  #checkedValue(object: GraphObject, op: PatchOp, value: JsonObject): JsonObject {
    if (Object.hasOwn(value, 'provenance'))
      throw reservedField({ objectType: object.type, field: 'provenance' });
    const after = patched(object.data, op, value);
    const checked = this.#recorder.context.types.checkObject(object.type, after);
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
    this.#recorder.counters.patch += 1;
    return {
      id: numberedId('patch', this.#recorder.counters.patch),
      target,
      op,
      value,
      expectedVersion,
      proposedBy: this.#recorder.context.actor,
      rationale: options.rationale ?? '',
      evidence: evidenceOf(options),
      status: 'proposed',
      rejectionReason: null,
      provenance: this.#recorder.provenance(options),
    };
  }

  #apply(patch: Patch, op: PatchOp, object: GraphObject, told: JsonObject = {}): Patch {
    const applied: Patch = { ...patch, status: 'applied' };
    const diff = fieldDiff(object.data, patched(object.data, op, patch.value));
    const payload = { patch: patchToJson(applied), target: object.id, diff, ...told };
    this.#recorder.record('patch.applied', payload, object.id);
    return this.#recorder.overlay.patch(patch.id) ?? applied;
  }

  #reject(patch: Patch, reason: string, currentVersion: number, told: JsonObject = {}): Patch {
    const rejected: Patch = { ...patch, status: 'rejected', rejectionReason: reason };
    const payload = {
      patch_id: patch.id,
      target: patch.target,
      reason,
      current_version: currentVersion,
      ...told,
    };
    this.#recorder.record('patch.rejected', payload, patch.target);
    return rejected;
  }
}

/** Why a patch of a group is rejected: its own object has moved on, or another one of the group. */
function groupReason(
  patch: Patch,
  object: GraphObject,
  stale: { readonly object: GraphObject; readonly expected: number },
): string {
  const { expectedVersion } = patch;
  if (expectedVersion !== null && expectedVersion !== object.version)
    return staleReason(expectedVersion, object.version);
  return `group: ${stale.object.id}: ${staleReason(stale.expected, stale.object.version)}`;
}

/** What callers without types may pass. */
function checkGroup(asked: unknown): void {
  if (!Array.isArray(asked)) throw invalidPatchGroup({ found: 'something else' });
  const wrong = asked.findIndex((entry) => typeof entry !== 'object' || entry === null);
  if (wrong >= 0) throw invalidPatchGroup({ found: `a list whose entry ${wrong + 1} is none` });
}
