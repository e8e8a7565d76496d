/**
 * Decides which text an element is kept as: a list without the names of its fields, or, for one that has others, the payload of
 * the event that made it. A text that does not give back the very same element is not used.
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import {
  type GraphObject,
  type Patch,
  type PatchStatus,
  readObject,
  readRelation,
  type Relation,
} from '../elements.ts';
import { packProvenance, type Said, unpackProvenance } from './packed-provenance.ts';
import type { Codec } from './shelf.ts';

const nobody: Said = { by: null, evidence: [] };

export const objectCodec: Codec<GraphObject> = {
  pack(object) {
    if (!isExact({ ...object })) return null;
    const { type, data, version, provenance } = object;
    // An object is taken as its writer made it, with whatever else stands in it.
    if (Object.keys(object).join(' ') !== 'id type data version provenance')
      return `{"object":${JSON.stringify(object)}}`;
    return JSON.stringify([type, data, version, packProvenance(provenance, nobody)]);
  },
  unpack(text, id) {
    const packed = parsed(text);
    if (isJsonObject(packed)) return readObject(packed['object']) ?? unreadable(id);
    const [type, data, version, provenance] = packed;
    return {
      id,
      type: textOf(type),
      data: isJsonObject(data) ? data : {},
      version: Number(version),
      provenance: unpackProvenance(provenance, nobody),
    };
  },
  keepsUnpacked: true,
};

export const relationCodec: Codec<Relation> = {
  pack(relation) {
    if (!isExact({ ...relation })) return null;
    const { source, target, type, data, provenance } = relation;
    return JSON.stringify([source, target, type, data, packProvenance(provenance, nobody)]);
  },
  unpack(text, id) {
    const packed = parsed(text);
    if (isJsonObject(packed)) return readRelation(packed['relation']) ?? unreadable(id);
    const [source, target, type, data, provenance] = packed;
    return {
      id,
      source: textOf(source),
      target: textOf(target),
      type: textOf(type),
      data: isJsonObject(data) ? data : {},
      provenance: unpackProvenance(provenance, nobody),
    };
  },
  keepsUnpacked: true,
};

const ops = ['update', 'replace'];
const statuses: readonly PatchStatus[] = ['proposed', 'applied', 'rejected'];

export const patchCodec: Codec<Patch> = {
  pack(patch) {
    const { target, op, value, expectedVersion, proposedBy, rationale, evidence, status } = patch;
    const { rejectionReason, provenance } = patch;
    if (![value, evidence, provenance, expectedVersion].every(isExact)) return null;
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
      packProvenance(provenance, { by: proposedBy, evidence }),
    ]);
  },
  unpack(text, id) {
    const packed = parsed(text);
    const [target, op, value, expectedVersion, proposedBy, rationale, evidence, status, reason, provenance] =
      isJsonObject(packed) ? [] : packed;
    const by = textOrNull(proposedBy);
    const given = evidence !== undefined && isJsonArray(evidence) ? evidence : [];
    return {
      id,
      target: textOf(target),
      op: typeof op === 'number' ? (ops[op] ?? '') : textOf(op),
      value: isJsonObject(value) ? value : {},
      expectedVersion: typeof expectedVersion === 'number' ? expectedVersion : null,
      proposedBy: by,
      rationale: textOf(rationale),
      evidence: given,
      status: statuses[Number(status)] ?? 'proposed',
      rejectionReason: textOrNull(reason),
      provenance: unpackProvenance(provenance, { by, evidence: given }),
    };
  },
  // A long run has more patches than anything else, and nobody looks at one twice.
  keepsUnpacked: false,
};

/**
 * True when the text of a value gives back the same value. Numbers of a log from elsewhere may be beyond what JavaScript
 * writes down again: `1e999`, and the zero below zero.
 */
export function isExact(value: JsonValue): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isExact);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function parsed(text: string): JsonObject | readonly JsonValue[] {
  const value: unknown = JSON.parse(text);
  if (isJsonObject(value)) return value;
  return isList(value) ? value : [];
}

function isList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** A text is kept only of what could be read before, so this tells of a mistake in this product. */
function unreadable(id: string): never {
  throw new TypeError(`the packed element '${id}' is not what was packed`);
}
