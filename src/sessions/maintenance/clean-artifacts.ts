/**
 * Decides which artifacts go that no session has: rows without a session, and what was put through a registry of this very store and is
 * named by none of its sessions. What others put into the same folder or bucket is never touched.
 */
import type { ArtifactInfo, ArtifactStore } from '../../effects/index.ts';
import type { SessionLogStore } from '../../log/index.ts';
import { artifactIdOf, artifactRowOf, storeMark } from '../artifacts/artifact-row.ts';
import { allArtifacts, allRows } from '../artifacts/walk-artifacts.ts';
import { artifactKind } from '../store/documents.ts';
import type { Round } from './round.ts';

const defaultGraceMs = 3_600_000;

export async function cleanArtifacts(round: Round): Promise<void> {
  const { store, artifacts } = round.context;
  const named = new Set<string>();
  await round.attempt('artifacts', null, () => cleanRows(round, named));
  if (artifacts === undefined) return;
  const { artifactGraceMs = defaultGraceMs } = round.options;
  const before = round.ago(artifactGraceMs);
  const isOrphan = ({ key, metadata, storedAt }: ArtifactInfo): boolean =>
    metadata[storeMark] === store.storeId && !named.has(key) && Date.parse(storedAt) <= Date.parse(before);
  await round.attempt('artifacts', null, async () => {
    for await (const found of allArtifacts(artifacts)) {
      if (round.isOver) return;
      round.tell('artifacts');
      if (isOrphan(found))
        await round.attempt('artifacts', null, () => removeOrphan(round, artifacts, found));
    }
    if (!round.isDryRun) await artifacts.sweep({ olderThanMs: artifactGraceMs });
  });
}

/** Notes every key that is named; a row whose session is gone names nothing any more. */
async function cleanRows(round: Round, named: Set<string>): Promise<void> {
  const { store } = round.context;
  const gone: { readonly id: string; readonly version: number }[] = [];
  for await (const record of allRows(store)) {
    const { sessionId, key, size } = artifactRowOf(record);
    if ((await store.info(sessionId))?.kind === 'session') named.add(key);
    else {
      gone.push(record);
      round.artifactsCleaned.push({ key, size });
    }
  }
  if (round.isDryRun) return;
  for (const { id, version } of gone)
    await store.commit([], [{ kind: artifactKind, id, expectedVersion: version, value: null }]);
}

async function removeOrphan(
  round: Round,
  artifacts: ArtifactStore,
  { key, size }: ArtifactInfo,
): Promise<void> {
  const { store, sha256 } = round.context;
  // The same bytes may have been put again since the rows were read.
  if (await isNamed(store, key, sha256)) return;
  if (!round.isDryRun) await artifacts.delete(key);
  if (!round.artifactsCleaned.some((cleaned) => cleaned.key === key))
    round.artifactsCleaned.push({ key, size });
}

async function isNamed(
  store: SessionLogStore,
  key: string,
  sha256: Round['context']['sha256'],
): Promise<boolean> {
  const sessionId = sessionOfKey(key);
  if (sessionId === null || (await store.info(sessionId)) === undefined) return false;
  return (await store.record(artifactKind, artifactIdOf(sessionId, key, sha256))) !== undefined;
}

/** The registry writes the id of the session in front of a name, its slashes apart. */
function sessionOfKey(key: string): string | null {
  const end = key.indexOf('/');
  return end === -1 ? null : key.slice(0, end).replaceAll('%2F', '/').replaceAll('%25', '%');
}
