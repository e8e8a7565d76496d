/** Decides how the provenance of an element is kept: without its names, and without what the element says as well. */
import {
  isJsonArray,
  isJsonObject,
  type JsonArray,
  type JsonObject,
  type JsonValue,
} from '../../base/index.ts';

const names = 'created_by caused_by_event frame_id timestamp evidence';
/** Stands where a value is the one that the element has. No value that can stand there is a number. */
const same = 0;

/** What an element may say as well. */
export interface Said {
  readonly by: string | null;
  readonly evidence: JsonArray;
}

export function packProvenance(provenance: JsonObject, said: Said): JsonValue {
  const { created_by: by, caused_by_event: cause, frame_id: frame, timestamp, evidence } = provenance;
  const isPlain =
    (by === null || typeof by === 'string') &&
    evidence !== undefined &&
    isJsonArray(evidence) &&
    Object.keys(provenance).join(' ') === names;
  if (!isPlain) return provenance;
  return [
    by === said.by ? same : by,
    cause ?? null,
    frame ?? null,
    timestamp ?? null,
    areSame(evidence, said.evidence) ? same : evidence,
  ];
}

export function unpackProvenance(packed: JsonValue | undefined, said: Said): JsonObject {
  if (packed === undefined || !isJsonArray(packed)) return isJsonObject(packed) ? packed : {};
  const [by, cause, frame, timestamp, evidence] = packed;
  return {
    created_by: by === same ? said.by : (by ?? null),
    caused_by_event: cause ?? null,
    frame_id: frame ?? null,
    timestamp: timestamp ?? null,
    evidence: evidence === same ? said.evidence : (evidence ?? null),
  };
}

/** Of one text: `jsonEqual` would not tell the order of keys. */
function areSame(left: JsonArray, right: JsonArray): boolean {
  return left.length + right.length === 0 || JSON.stringify(left) === JSON.stringify(right);
}
