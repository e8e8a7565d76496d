/** Decides how what is known of an artifact is written under its key, and that what cannot be read back is damaged. */
import { canonicalJson, isJsonObject } from '../../base/index.ts';
import { parseJson } from '../../log/index.ts';
import { artifactCorrupted } from './artifact-errors.ts';
import type { ArtifactInfo } from './artifact-port.ts';

/** The number of the form; a later form is another number. */
const form = 1;

export function writeArtifactRecord(info: ArtifactInfo): string {
  return canonicalJson({
    form,
    key: info.key,
    size: info.size,
    sha256: info.sha256,
    content_type: info.contentType,
    metadata: { ...info.metadata },
    stored_at: info.storedAt,
  });
}

/** Throws `ArtifactCorruptedError`. */
export function readArtifactRecord(text: string, place: { location: string; key: string }): ArtifactInfo {
  const json: unknown = jsonOf(text);
  const read = (field: string): unknown => (isJsonObject(json) ? (json[field] ?? null) : null);
  const [key, size, sha256, contentType, storedAt, metadata] = [
    read('key'),
    read('size'),
    read('sha256'),
    read('content_type'),
    read('stored_at'),
    read('metadata'),
  ];
  if (
    read('form') !== form ||
    key !== place.key ||
    typeof size !== 'number' ||
    typeof sha256 !== 'string' ||
    !/^[0-9a-f]{64}$/.test(sha256) ||
    typeof contentType !== 'string' ||
    typeof storedAt !== 'string' ||
    !isTexts(metadata)
  ) {
    throw artifactCorrupted({ ...place, problem: 'what is written under its key cannot be read' });
  }
  return Object.freeze({
    key,
    size,
    sha256,
    contentType,
    metadata: Object.freeze(metadata),
    storedAt,
  });
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isJsonObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // No JSON at all is said by the reader above, as for JSON that is no record.
    return null;
  }
}
