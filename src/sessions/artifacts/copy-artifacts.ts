/** Decides how the artifacts of a session are brought to another store: each as a stream, refused there unless it is the very bytes. */
import { artifactCorrupted, type ArtifactStore } from '../../effects/index.ts';
import type { SessionLogStore, StoredRecord } from '../../log/index.ts';
import { recordsOf } from './artifact-registry.ts';
import { artifactRowOf, storeMark } from './artifact-row.ts';

/** How many artifacts were copied, and how many bytes. */
export interface CopiedArtifacts {
  readonly artifacts: number;
  readonly bytes: number;
}

/** From which store of artifacts to which a migration copies. */
export interface ArtifactWay {
  readonly from: ArtifactStore;
  readonly to: ArtifactStore;
  /** Of the store that the session is in afterwards: its maintenance may clean up what becomes of them. Without it nobody's may. */
  readonly storeId?: string;
}

/**
 * Copies what the session names, under the same keys; what is there already is proved and left. Rejects with `ArtifactNotFoundError`
 * and `ArtifactCorruptedError` of the source, and with `ArtifactExistsError` where the destination has something else. The rows are
 * documents of the session and go with its log.
 */
export async function copyArtifacts(
  log: SessionLogStore,
  sessionId: string,
  way: ArtifactWay,
): Promise<CopiedArtifacts> {
  return copyArtifactRows(await recordsOf(log, sessionId), way);
}

/** The same for rows that were read already. */
export async function copyArtifactRows(
  records: readonly StoredRecord[],
  { from, to, storeId }: ArtifactWay,
): Promise<CopiedArtifacts> {
  let bytes = 0;
  for (const record of records) {
    const { key, sha256 } = artifactRowOf(record);
    const { info, content } = await from.read(key);
    const { contentType, metadata } = info;
    const { [storeMark]: _of, ...own } = metadata;
    const kept = storeId === undefined ? own : { ...own, [storeMark]: storeId };
    const copied = await to.put(key, content, { contentType, metadata: kept, sha256 });
    bytes += copied.size;
  }
  return { artifacts: records.length, bytes };
}

/** Looks whether all of them could be copied. Rejects as `copyArtifacts` does, but for bytes that are damaged: none are read. */
export async function checkArtifactRows(
  records: readonly StoredRecord[],
  from: Pick<ArtifactStore, 'head' | 'location'>,
): Promise<void> {
  for (const record of records) {
    const { key, sha256 } = artifactRowOf(record);
    const info = await from.head(key);
    if (info.sha256 === sha256) continue;
    const problem = `its bytes have the SHA-256 ${info.sha256}, and the session names ${sha256}`;
    throw artifactCorrupted({ location: from.location, key, problem });
  }
}
