/** Decides what is wrong between sessions and a store of artifacts: what is named and missing, what is damaged, what nobody names. */
import { isStructuredError } from '../../base/index.ts';
import { ArtifactCorruptedError, ArtifactNotFoundError, type ArtifactStore } from '../../effects/index.ts';
import type { ArtifactRegistry } from './artifact-registry.ts';
import type { StoredRecord } from '../../log/index.ts';
import { type ArtifactRow, artifactRowOf } from './artifact-row.ts';
import { allArtifacts, allRows } from './walk-artifacts.ts';

/** An artifact that is missing, damaged, other than its row says, or of no session. */
export interface ArtifactFinding {
  /**
   * `missing`: a session names it and the store has it not. `corrupted`: its bytes or its record are damaged. `different`: the store
   * has other bytes than the session names. `orphan`: no session names it.
   */
  readonly problem: 'missing' | 'corrupted' | 'different' | 'orphan';
  readonly key: string;
  /** `null` for an orphan. */
  readonly sessionId: string | null;
  readonly detail: string;
}

/** Whether the bytes themselves are read and proved. */
export interface CheckArtifactsOptions {
  /** Read and prove all bytes; without it only what is known of them is looked at. */
  readonly proveBytes?: boolean;
}

/**
 * Reads all rows and all keys, a page at a time. An artifact that is put while this runs may be told as an orphan: look again before
 * it is removed.
 */
export async function* checkArtifacts(
  { log, artifacts }: Pick<ArtifactRegistry, 'log' | 'artifacts'>,
  { proveBytes = false }: CheckArtifactsOptions = {},
): AsyncIterable<ArtifactFinding> {
  const named = new Set<string>();
  for await (const record of allRows(log)) {
    const row = rowOf(record);
    if ('problem' in row) {
      yield row;
      continue;
    }
    named.add(row.key);
    const finding = await checkRow(artifacts, row, proveBytes);
    if (finding !== null) yield finding;
  }
  for await (const { key, size } of allArtifacts(artifacts)) {
    if (named.has(key)) continue;
    yield { problem: 'orphan', key, sessionId: null, detail: `no session names its ${size} bytes` };
  }
}

function rowOf(record: StoredRecord): ArtifactRow | ArtifactFinding {
  try {
    return artifactRowOf(record);
  } catch (error) {
    if (!isStructuredError(error)) throw error;
    return { problem: 'corrupted', key: record.id, sessionId: null, detail: error.summary };
  }
}

const problems = [
  [ArtifactNotFoundError, 'missing'],
  [ArtifactCorruptedError, 'corrupted'],
] as const;

async function checkRow(
  artifacts: ArtifactStore,
  { key, sha256, sessionId }: ArtifactRow,
  proveBytes: boolean,
): Promise<ArtifactFinding | null> {
  try {
    const info = await artifacts.head(key);
    if (info.sha256 !== sha256) {
      const detail = `the session names the SHA-256 ${sha256}, the store has ${info.sha256}`;
      return { problem: 'different', key, sessionId, detail };
    }
    if (proveBytes) for await (const chunk of (await artifacts.read(key)).content) void chunk;
    return null;
  } catch (error) {
    const problem = problems.find(([of]) => error instanceof of)?.[1];
    if (problem === undefined || !isStructuredError(error)) throw error;
    return { problem, key, sessionId, detail: error.summary };
  }
}
