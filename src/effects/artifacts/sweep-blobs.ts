/** Decides which bytes may go: those that no key names, and that are too old to belong to a put that is under way. */
import { InvalidRuntimeConfiguration } from '../../base/index.ts';
import type { ArtifactGround, FoundBlob } from './artifact-ground.ts';
import type { Swept, SweepOptions } from './artifact-port.ts';
import { readArtifactRecord } from './artifact-record.ts';

const hourMs = 3_600_000;
const pageKeys = 500;

/** Blobs are looked at before the keys: one that is named meanwhile is among the keys, or is young again. */
export async function sweepBlobs(
  ground: ArtifactGround,
  { olderThanMs = hourMs }: SweepOptions,
): Promise<Swept> {
  if (!Number.isFinite(olderThanMs) || olderThanMs < 0) {
    throw new InvalidRuntimeConfiguration({
      summary: `olderThanMs is ${olderThanMs}, and has to be a number from 0`,
      whatFailed: `A store of artifacts was swept with \`olderThanMs: ${olderThanMs}\`.`,
      why: 'What is younger may belong to a put that is under way.',
      howToFix: 'Leave it out for one hour.',
      context: { older_than_ms: String(olderThanMs) },
    });
  }
  const old: FoundBlob[] = [];
  for await (const blob of ground.blobs()) if (blob.ageMs >= olderThanMs) old.push(blob);
  const named = await namedBlobs(ground);
  const swept = { blobs: 0, bytes: 0 };
  for (const { sha256, size } of old) {
    if (named.has(sha256) || !(await ground.removeBlob(sha256, olderThanMs))) continue;
    swept.blobs += 1;
    swept.bytes += size;
  }
  await ground.removeStale(olderThanMs);
  return swept;
}

/** Throws `ArtifactCorruptedError` for a key that cannot be read: what it names is not known, so nothing may go. */
async function namedBlobs(ground: ArtifactGround): Promise<ReadonlySet<string>> {
  const { location } = ground;
  const named = new Set<string>();
  let after: string | null = null;
  for (;;) {
    const keys: readonly string[] = await ground.keys({ prefix: '', after, limit: pageKeys });
    for (const key of keys) {
      const text = await ground.readText(key);
      if (text !== null) named.add(readArtifactRecord(text, { location, key }).sha256);
    }
    after = keys.at(-1) ?? null;
    if (after === null) return named;
  }
}
