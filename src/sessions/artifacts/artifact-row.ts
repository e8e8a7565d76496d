/**
 * Decides what is written of an artifact beside its session: one document a key, with the names of the session specification, so that
 * rows that come from elsewhere are read alike.
 */
import { canonicalJson, isJsonObject, type Sha256 } from '../../base/index.ts';
import type { ArtifactInfo } from '../../effects/index.ts';
import { damagedStore, parseJson, type RecordWrite, type StoredRecord } from '../../log/index.ts';
import { artifactKind, artifactRecordId, hint } from '../store/documents.ts';

/** What a session knows of one of its artifacts. */
export interface ArtifactRow {
  readonly sessionId: string;
  readonly runId: string | null;
  /** In the store of artifacts. */
  readonly key: string;
  readonly size: number;
  readonly sha256: string;
  readonly contentType: string | null;
}

/** Stands in the metadata of what was put through a registry: the id of the store whose sessions it belongs to. */
export const storeMark = 'runlog-store';

/** The same key of a session has one row, however often it is put. */
export function artifactIdOf(sessionId: string, key: string, sha256: Sha256): string {
  return artifactRecordId(sessionId, `art_${sha256(key).slice(0, 32)}`);
}

export function artifactWrite(
  { sessionId, runId, info }: { sessionId: string; runId: string | null; info: ArtifactInfo },
  { id, location }: { readonly id: string; readonly location: string },
): RecordWrite {
  const value = {
    id: id.slice(id.lastIndexOf('/') + 1),
    session_id: sessionId,
    ...(runId === null ? {} : { run_id: runId }),
    key: info.key,
    content_type: info.contentType,
    byte_size: info.size,
    checksum_sha256: info.sha256,
    storage_backend: location.slice(0, location.indexOf(':') + 1).replace(':', '') || location,
    storage_ref: `blobs/${info.sha256}`,
    metadata: { ...info.metadata },
    created_at: info.storedAt,
  };
  return {
    kind: artifactKind,
    id,
    expectedVersion: 'any',
    value: canonicalJson(value),
    fields: { key: hint(info.key), created: info.storedAt },
  };
}

/** Throws `StorageError` for a document that is none. */
export function artifactRowOf({ id, value }: StoredRecord): ArtifactRow {
  const json: unknown = jsonOf(value);
  const read = (name: string): unknown => (isJsonObject(json) ? (json[name] ?? null) : null);
  const [sessionId, key, size, sha256] = [
    read('session_id'),
    read('key'),
    read('byte_size'),
    read('checksum_sha256'),
  ];
  if (
    typeof sessionId !== 'string' ||
    typeof key !== 'string' ||
    typeof size !== 'number' ||
    typeof sha256 !== 'string'
  ) {
    throw damagedStore({
      location: `artifact '${id}'`,
      whatFailed: `The document '${id}' is not that of an artifact.`,
      howToFix: 'Restore the store from a backup; its events are not touched by this.',
    });
  }
  const [runId, contentType] = [read('run_id'), read('content_type')];
  return {
    sessionId,
    runId: typeof runId === 'string' ? runId : null,
    key,
    size,
    sha256,
    contentType: typeof contentType === 'string' ? contentType : null,
  };
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // Refused by the reader above, as JSON that is no row is.
    return null;
  }
}
