/**
 * The ground of a store of artifacts: what an adapter has to give. Two sorts of things lie on it: blobs, named by the SHA-256 of
 * their bytes, and small texts, named by key. Everything that is alike in every store stands above it, in `artifactStore`.
 */

/** What `createHash` of Node makes. */
export interface ByteHash {
  update(bytes: Uint8Array): unknown;
  digest(encoding: 'hex'): string;
}

/** Bytes that are written, and have no name yet. */
export interface StagedBlob {
  /** Gives them their name, over a blob of that name where there is one. Durable when it resolves. */
  keep(sha256: string): Promise<void>;
  /** Resolves also when nothing could be removed: `removeStale` comes later. */
  discard(): Promise<void>;
}

/** Bytes in a store of artifacts: their hash, size in bytes, age in milliseconds. */
export interface FoundBlob {
  readonly sha256: string;
  readonly size: number;
  readonly ageMs: number;
}

/** All methods reject with errors of `artifactStorageFailed`, and with nothing raw of their ground. */
export interface ArtifactGround {
  readonly location: string;
  /** Of one artifact. */
  readonly limitBytes: number;
  readonly newHash: () => ByteHash;
  /** ISO 8601 in UTC. */
  now(): string;
  /** Writes bytes as they come. When `content` throws, nothing is left and it rejects with that error. */
  stage(content: AsyncIterable<Uint8Array>): Promise<StagedBlob>;
  /** `null` when there is none. */
  openBlob(sha256: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Every blob, a few at a time. */
  blobs(): AsyncIterable<FoundBlob>;
  /** Removes it if it is still older than this. True when it did. */
  removeBlob(sha256: string, olderThanMs: number): Promise<boolean>;
  /** What puts that died have left. */
  removeStale(olderThanMs: number): Promise<void>;
  /** `false` when `mode` is `new` and there is one. Atomic: of several at once one alone is the first. */
  writeText(key: string, text: string, mode: 'new' | 'any'): Promise<boolean>;
  readText(key: string): Promise<string | null>;
  removeText(key: string): Promise<boolean>;
  /** Keys that begin with `prefix` and stand behind `after` in the order of their bytes. */
  keys(question: { prefix: string; after: string | null; limit: number }): Promise<readonly string[]>;
}
