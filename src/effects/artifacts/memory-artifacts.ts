/** Decides how artifacts are kept in memory: for tests and trials, until the process ends. */
import { checkArguments, checkOptionNames } from '../../base/index.ts';
import { compareBytes } from './compare-bytes.ts';
import type { ArtifactGround, ByteHash, FoundBlob } from './artifact-ground.ts';
import type { ArtifactStore } from './artifact-port.ts';
import { artifactStore } from './artifact-store.ts';

/** Hash, clock (ISO text) and size limit (bytes) of artifacts kept in memory. */
export interface MemoryArtifactsOptions {
  /** `() => createHash('sha256')` of `node:crypto`. */
  readonly newHash: () => ByteHash;
  /** ISO 8601 in UTC. */
  readonly now: () => string;
  /** Of one artifact; 1 GiB by default. */
  readonly limitBytes?: number;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  newHash: true,
  now: true,
  limitBytes: true,
} satisfies Record<keyof MemoryArtifactsOptions, true>);

/** A store of artifacts in memory, with all the promises but durability. */
export function memoryArtifacts(options: MemoryArtifactsOptions): ArtifactStore {
  checkArguments('memoryArtifacts', { options: [options, 'with newHash'] });
  checkOptionNames('memoryArtifacts', options, optionNames);
  return artifactStore(memoryGround(options));
}

interface MemoryBlob {
  readonly bytes: Uint8Array;
  readonly storedMs: number;
}

/** The ground itself, for tests that damage what lies on it. */
export function memoryGround({
  newHash,
  now,
  limitBytes = 2 ** 30,
}: MemoryArtifactsOptions): ArtifactGround & {
  readonly stored: Map<string, MemoryBlob>;
} {
  const stored = new Map<string, MemoryBlob>();
  const texts = new Map<string, string>();
  const ageOf = ({ storedMs }: MemoryBlob): number => Date.parse(now()) - storedMs;
  return {
    stored,
    location: 'memory',
    limitBytes,
    newHash,
    now,
    stage: async (content) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) chunks.push(chunk);
      return {
        keep: async (sha256) => {
          stored.set(sha256, { bytes: joined(chunks), storedMs: Date.parse(now()) });
        },
        discard: async () => undefined,
      };
    },
    openBlob: async (sha256) => {
      const blob = stored.get(sha256);
      return blob === undefined ? null : once(blob.bytes);
    },
    blobs: () => found(stored, ageOf),
    removeBlob: async (sha256, olderThanMs) => {
      const blob = stored.get(sha256);
      return blob !== undefined && ageOf(blob) >= olderThanMs && stored.delete(sha256);
    },
    removeStale: async () => undefined,
    writeText: async (key, text, mode) => {
      if (mode === 'new' && texts.has(key)) return false;
      texts.set(key, text);
      return true;
    },
    readText: async (key) => texts.get(key) ?? null,
    removeText: async (key) => texts.delete(key),
    keys: async ({ prefix, after, limit }) =>
      [...texts.keys()]
        .filter((key) => key.startsWith(prefix) && (after === null || compareBytes(key, after) > 0))
        .toSorted(compareBytes)
        .slice(0, limit),
  };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield Uint8Array.from(bytes);
}

async function* found(
  stored: ReadonlyMap<string, MemoryBlob>,
  ageOf: (blob: MemoryBlob) => number,
): AsyncIterable<FoundBlob> {
  for (const [sha256, blob] of stored) yield { sha256, size: blob.bytes.length, ageMs: ageOf(blob) };
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const chunk of chunks) {
    whole.set(chunk, filled);
    filled += chunk.length;
  }
  return whole;
}
