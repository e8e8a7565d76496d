/** Decides what a graph is made of, and reads its elements out of payloads that any writer of the past may have written. */
import { isJsonObject, type JsonObject, type JsonValue } from '../base/index.ts';

/** A typed object. Frozen when it is handed out; it changes by patches only, each of which adds one to `version`. */
export interface GraphObject<Data extends JsonObject = JsonObject> {
  readonly id: string;
  readonly type: string;
  readonly data: Data;
  readonly version: number;
  /** Who made it, from which event, when, on what evidence; field names as in the specification. */
  readonly provenance: JsonObject;
}

/** A typed edge from `source` to `target`. */
export interface Relation {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly provenance: JsonObject;
}

/** Where a patch stands: proposed, applied or rejected. The last two are final. */
export type PatchStatus = 'proposed' | 'applied' | 'rejected';

/** A change of one object: proposed, then applied or rejected, both for good. */
export interface Patch {
  readonly id: string;
  readonly target: string;
  /** `update` merges `value` into the data, `replace` puts it in place of the data. Old logs may hold other words. */
  readonly op: string;
  readonly value: JsonObject;
  /** The version of the target that the proposer saw; `null` for an unconditional change. */
  readonly expectedVersion: number | null;
  readonly proposedBy: string | null;
  readonly rationale: string;
  readonly evidence: readonly JsonValue[];
  readonly status: PatchStatus;
  readonly rejectionReason: string | null;
  readonly provenance: JsonObject;
}

/** The object in an `object.created` payload, or `undefined` when it is not one. */
export function readObject(value: JsonValue | undefined): GraphObject | undefined {
  if (!isJsonObject(value)) return undefined;
  // What this product writes is complete: it is taken as it is, without a copy, because loading does this for every object.
  if (isCompleteObject(value)) return value;
  const { id, type, data, version, provenance } = value;
  if (typeof id !== 'string' || typeof type !== 'string' || !isJsonObject(data)) return undefined;
  return {
    id,
    type,
    data,
    version: typeof version === 'number' ? version : 1,
    provenance: isJsonObject(provenance) ? provenance : {},
  };
}

function isCompleteObject(value: JsonObject): value is JsonObject & GraphObject {
  return (
    typeof value['id'] === 'string' &&
    typeof value['type'] === 'string' &&
    typeof value['version'] === 'number' &&
    isJsonObject(value['data']) &&
    isJsonObject(value['provenance'])
  );
}

/** The relation in a `relation.created` payload, or `undefined` when it is not one. */
export function readRelation(value: JsonValue | undefined): Relation | undefined {
  if (!isJsonObject(value)) return undefined;
  const { id, source, target, type, data, provenance } = value;
  if (
    typeof id !== 'string' ||
    typeof type !== 'string' ||
    typeof source !== 'string' ||
    typeof target !== 'string'
  )
    return undefined;
  return {
    id,
    source,
    target,
    type,
    data: isJsonObject(data) ? data : {},
    provenance: isJsonObject(provenance) ? provenance : {},
  };
}

/** The patch in a `patch.*` payload, or `undefined` when it is not one. */
export function readPatch(value: JsonValue | undefined): Patch | undefined {
  if (!isJsonObject(value)) return undefined;
  const { id, target, op, status } = value;
  if (typeof id !== 'string' || typeof target !== 'string' || typeof op !== 'string') return undefined;
  return {
    id,
    target,
    op,
    value: isJsonObject(value['value']) ? value['value'] : {},
    expectedVersion: typeof value['expected_version'] === 'number' ? value['expected_version'] : null,
    proposedBy: typeof value['proposed_by'] === 'string' ? value['proposed_by'] : null,
    rationale: typeof value['rationale'] === 'string' ? value['rationale'] : '',
    evidence: Array.isArray(value['evidence']) ? value['evidence'] : [],
    status: status === 'applied' || status === 'rejected' ? status : 'proposed',
    rejectionReason: typeof value['rejection_reason'] === 'string' ? value['rejection_reason'] : null,
    provenance: isJsonObject(value['provenance']) ? value['provenance'] : {},
  };
}

/** The fields of an object in the order in which payloads carry them. */
export function objectToJson(object: GraphObject): JsonObject {
  return {
    id: object.id,
    type: object.type,
    data: object.data,
    version: object.version,
    provenance: object.provenance,
  };
}

export function relationToJson(relation: Relation): JsonObject {
  const { id, source, target, type, data, provenance } = relation;
  return { id, source, target, type, data, provenance };
}

export function patchToJson(patch: Patch): JsonObject {
  return {
    id: patch.id,
    target: patch.target,
    op: patch.op,
    value: patch.value,
    expected_version: patch.expectedVersion,
    proposed_by: patch.proposedBy,
    rationale: patch.rationale,
    evidence: patch.evidence,
    status: patch.status,
    rejection_reason: patch.rejectionReason,
    provenance: patch.provenance,
  };
}
