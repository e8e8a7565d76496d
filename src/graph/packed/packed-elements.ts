/** Decides which text an element is kept as. A text that does not give back the very same element is not used. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import {
  type GraphObject,
  type Patch,
  type PatchStatus,
  readObject,
  readRelation,
  type Relation,
} from '../elements.ts';
import type { Codec } from './shelf.ts';

/** The payload of `object.created` is such a text, too. */
export const objectCodec: Codec<GraphObject> = {
  pack: (object) => (isExact({ ...object }) ? `{"object":${JSON.stringify(object)}}` : null),
  unpack: (text, id) => readObject(parsed(text)['object']) ?? unreadable(id),
  keepsUnpacked: true,
};

/** The payload of `relation.created` is such a text, too. */
export const relationCodec: Codec<Relation> = {
  pack: (relation) => (isExact({ ...relation }) ? `{"relation":${JSON.stringify(relation)}}` : null),
  unpack: (text, id) => readRelation(parsed(text)['relation']) ?? unreadable(id),
  keepsUnpacked: true,
};

/** Names are left out, and what is said twice is said once: a long run has more patches than anything else. */
export const patchCodec: Codec<Patch> = {
  pack: packPatch,
  unpack: unpackPatch,
  keepsUnpacked: false,
};

const ops = ['update', 'replace'];
const statuses: readonly PatchStatus[] = ['proposed', 'applied', 'rejected'];
/** Stands where a value is the one that was said before. No value that can stand there is a number. */
const same = 0;

function packPatch(patch: Patch): string | null {
  const { target, op, value, expectedVersion, proposedBy, rationale, evidence, status } = patch;
  const { rejectionReason, provenance } = patch;
  if (!isExact(value) || !isExact(evidence) || !isExact(provenance) || !isExact(expectedVersion)) return null;
  const opCode = ops.indexOf(op);
  return JSON.stringify([
    target,
    opCode === -1 ? op : opCode,
    value,
    expectedVersion,
    proposedBy,
    rationale,
    evidence,
    statuses.indexOf(status),
    rejectionReason,
    packProvenance(provenance, proposedBy, evidence),
  ]);
}

function unpackPatch(text: string, id: string): Patch {
  const packed: unknown = JSON.parse(text);
  if (!Array.isArray(packed)) return unreadable(id);
  const [target, op, value, expectedVersion, proposedBy, rationale, evidence, status, reason, provenance]: [
    ...JsonValue[],
  ] = packed;
  const proposer = textOrNull(proposedBy);
  const given = evidence !== undefined && isJsonArray(evidence) ? evidence : [];
  return {
    id,
    target: textOrNull(target) ?? '',
    op: typeof op === 'number' ? (ops[op] ?? '') : (textOrNull(op) ?? ''),
    value: isJsonObject(value) ? value : {},
    expectedVersion: typeof expectedVersion === 'number' ? expectedVersion : null,
    proposedBy: proposer,
    rationale: textOrNull(rationale) ?? '',
    evidence: given,
    status: statuses[Number(status)] ?? 'proposed',
    rejectionReason: textOrNull(reason),
    provenance: unpackProvenance(provenance, proposer, given),
  };
}

const provenanceKeys = 'created_by caused_by_event frame_id timestamp evidence';

function packProvenance(
  provenance: JsonObject,
  proposedBy: string | null,
  patchEvidence: readonly JsonValue[],
): JsonValue {
  const { created_by: by, caused_by_event: cause, frame_id: frame, timestamp, evidence } = provenance;
  const isPlain =
    (by === null || typeof by === 'string') &&
    evidence !== undefined &&
    isJsonArray(evidence) &&
    Object.keys(provenance).join(' ') === provenanceKeys;
  if (!isPlain) return provenance;
  return [
    by === proposedBy ? same : by,
    cause ?? null,
    frame ?? null,
    timestamp ?? null,
    JSON.stringify(evidence) === JSON.stringify(patchEvidence) ? same : evidence,
  ];
}

function unpackProvenance(
  packed: JsonValue | undefined,
  proposedBy: string | null,
  patchEvidence: readonly JsonValue[],
): JsonObject {
  if (packed === undefined || !isJsonArray(packed)) return isJsonObject(packed) ? packed : {};
  const [by, cause, frame, timestamp, evidence] = packed;
  return {
    created_by: by === same ? proposedBy : (by ?? null),
    caused_by_event: cause ?? null,
    frame_id: frame ?? null,
    timestamp: timestamp ?? null,
    evidence: evidence === same ? patchEvidence : (evidence ?? null),
  };
}

/**
 * True when the text of a value gives back the same value. Numbers of a log from elsewhere may be beyond what JavaScript
 * writes down again: `1e999`, and the zero below zero.
 */
export function isExact(value: JsonValue): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isExact);
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function parsed(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : {};
}

/** A text is kept only of what could be read before, so this tells of a mistake in this product. */
function unreadable(id: string): never {
  throw new TypeError(`the packed element '${id}' is not what was packed`);
}
